"""The stacks that ``make e2e`` deployed, one for each process of tests. A missing one is an error, never a skip."""

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from moorage import Client

from tests.e2e.mlflow import installed
from tests.e2e.releases import Release
from tests.e2e.stack import Stack

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    # The stacks that operators deploy of their own are open until the process ends: tests/e2e/operations.py.
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket:ResourceWarning")
    # pytest reads the line for each test. What is in force between them and at the end was read before this hook.
    warnings.filterwarnings("ignore", "unclosed <socket", ResourceWarning)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Leave the cache of the person who runs the tests alone."""
    monkeypatch.setenv("MOORAGE_CACHE", str(tmp_path_factory.mktemp("moorage") / "cache"))


@pytest.fixture(scope="session")
def stack(worker_id: str) -> Iterator[Stack]:
    """The stack of this process: the first for ``gw0``, and if the tests run in one process."""
    deployed = json.loads(os.environ.get("MOORAGE_STACKS", "[]"))
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw"))
    if number >= len(deployed):
        pytest.fail("MOORAGE_STACKS has no stack for this process: run make e2e, which deploys them and sets it")
    url, token, endpoint, name = (
        deployed[number][name] for name in ("MOORAGE_URL", "MOORAGE_TOKEN", "MOORAGE_LOCAL_AWS", "MOORAGE_STACK")
    )
    with closing(Stack(name, url, token, endpoint, {})) as found:
        described = found.aws("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        found.outputs.update({output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]})
        yield found


@pytest.fixture
def release(stack: Stack, tmp_path: Path) -> Iterator[Release]:
    """A model of its own, whose versions go to production."""
    file = tmp_path / "model.bin"
    file.write_bytes(b"weights")
    with Client(stack.url, stack.token) as registry:
        yield Release(registry, stack.fresh_name("release"), file)


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of MLflow's own server, for the tests that compare with it."""
    with installed.served(tmp_path_factory.mktemp("mlflow")) as url:
        yield url
