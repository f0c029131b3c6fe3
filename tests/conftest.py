"""The registry on AWS services simulated in process by moto: one fresh account a test."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, Phase, settings

from chalicelib.aws.services import Services, reset_services, services
from tests.aws_resources import ADMIN_SECRET
from tests.fresh_account import fresh_account, reused_clients
from tests.simulation import quick_answers, quick_calls, quick_transactions

# A busy machine is no reason to fail: speed is measured in bench/.
settings.register_profile("moorage", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("moorage")
# For .ci/run, which says the same of the same code. Every other run draws new examples.
settings.register_profile("gate", settings.get_profile("moorage"), derandomize=True, database=None)
# For `make mutate`, which runs the same tests thousands of times and needs no smallest example.
settings.register_profile(
    "mutation",
    settings.get_profile("moorage"),
    max_examples=10,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)

REGION = "eu-central-1"
ADMIN_TOKEN = f"moor_bootstrap_{ADMIN_SECRET}"


# Young garbage goes later, and what is imported by then is not looked through again: a sixth of the suite's time.
_YOUNG = 50_000


def pytest_collection_finish() -> None:
    gc.set_threshold(_YOUNG)
    gc.freeze()


# They run in environments of their own: make oracles.
collect_ignore = ["oracles"]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches an account of the person who runs it."""
    use_no_account(monkeypatch)


@pytest.fixture
def registry(environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The process's services on a fresh table, bucket, bus, queue and secrets."""
    with fresh_registry(monkeypatch) as fresh:
        yield fresh


def use_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let boto3 find made-up credentials and nothing else."""
    for variable in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@contextmanager
def fresh_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The services of the fixture ``registry``, for code that is not a test or outlives one."""
    with reused_clients(), fresh_account() as variables:
        quick_transactions(monkeypatch)
        quick_answers(monkeypatch)
        quick_calls(monkeypatch)
        for variable, value in variables.items():
            monkeypatch.setenv(variable, value)
        reset_services()
        yield services()
        reset_services()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Call a test by its argument's name and not by long bytes, which may hold the time of their making."""
    return argname if isinstance(val, bytes) and len(val) > 16 else None
