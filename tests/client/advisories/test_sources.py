"""Where advisories are downloaded from."""

import httpx
import pytest
from moorage.advisories import sources
from moorage.errors import MoorageError

SAFE, UNSAFE = "https://advisories.example/all.zip", "http://advisories.example/all.zip"


def redirected(request: httpx.Request) -> httpx.Response:
    """From each address to the other, unless it has been there."""
    if request.url.query:
        return httpx.Response(200, content=b"a zip")
    other = UNSAFE if request.url.scheme == "https" else SAFE
    return httpx.Response(302, headers={"Location": f"{other}?there"})


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx, "stream", httpx.Client(transport=httpx.MockTransport(redirected)).stream)


def test_an_address_with_tls_may_not_lead_to_one_without() -> None:
    with pytest.raises(MoorageError, match="without TLS"), sources.downloaded(SAFE):
        pass


def test_an_address_that_an_operator_gave_without_tls_may_lead_to_one_with_it() -> None:
    with sources.downloaded(UNSAFE) as (path, _):
        assert path.read_bytes() == b"a zip"
