"""The stack that ``make e2e`` deployed. A missing stack is an error, never a skip."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.mlflow import installed
from tests.e2e.stack import Stack

HERE = Path(__file__).parent
NEEDED = ("MOORAGE_URL", "MOORAGE_TOKEN", "MOORAGE_LOCAL_AWS", "MOORAGE_STACK")


def pytest_configure(config: pytest.Config) -> None:
    # The tests make AWS clients as they go; botocore closes their connections only with the process.
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket:ResourceWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Leave the cache of the person who runs the tests alone."""
    monkeypatch.setenv("MOORAGE_CACHE", str(tmp_path_factory.mktemp("moorage") / "cache"))


@pytest.fixture(scope="session")
def stack() -> Stack:
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        pytest.fail(f"{', '.join(missing)} not set: run make e2e, which deploys the stack and sets them")
    url, token, endpoint, name = (os.environ[name] for name in NEEDED)
    described = Stack(name, url, token, endpoint, {}).aws("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return Stack(name, url, token, endpoint, outputs)


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of MLflow's own server, for the tests that compare with it."""
    with installed.served(tmp_path_factory.mktemp("mlflow")) as url:
        yield url
