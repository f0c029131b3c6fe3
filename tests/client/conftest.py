"""An SDK client whose registry is the app on moto, and whose connections a test can disturb."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from moorage import Client, Multipart, RetryPolicy, Segments
from moorage.digests import MIB

from chalicelib.aws.services import Services
from tests.client.lines import Line, Store, app
from tests.conftest import ADMIN_TOKEN
from tests.simulation import like_s3

URL = "https://registry.example"
Connect = Callable[..., Client]


@pytest.fixture(autouse=True)
def no_login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hide the login and the cache of the person who runs the tests."""
    monkeypatch.setenv("MOORAGE_CACHE", str(tmp_path_factory.mktemp("moorage") / "cache"))
    monkeypatch.delenv("MOORAGE_OFFLINE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("MOORAGE_URL", raising=False)
    monkeypatch.delenv("MOORAGE_TOKEN", raising=False)


@pytest.fixture
def api() -> Line:
    return Line(app)


@pytest.fixture
def storage(registry: Services) -> Line:
    like_s3(registry)
    return Line(Store(registry))


@pytest.fixture
def waits() -> list[float]:
    """The waits between attempts. Tests record them without waiting."""
    return []


@pytest.fixture
def connect(api: Line, storage: Line, waits: list[float]) -> Connect:
    """Creates clients on the two connections, by default with the administrator's token."""

    def made(url: str | None = None, token: str | None = None) -> Client:
        return Client(
            url or URL,
            token or ADMIN_TOKEN,
            retry=RetryPolicy(attempts=4, sleep=waits.append, jitter=lambda: 0.0),
            threads=4,
            multipart=Multipart(threshold=6 * MIB, part_size=5 * MIB),
            segments=Segments(least=1 * MIB, most=1 * MIB),
            transport=api,
            storage_transport=storage,
        )

    return made


@pytest.fixture
def client(connect: Connect) -> Iterator[Client]:
    with connect() as opened:
        yield opened


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A directory with the files of a model."""
    directory = tmp_path / "build"
    (directory / "data").mkdir(parents=True)
    (directory / "model.bin").write_bytes(b"weights" * 1000)
    (directory / "data" / "classes.json").write_bytes(b'["benign", "malignant"]')
    return directory
