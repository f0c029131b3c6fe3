"""What the SDK logs, and what never stands in a log."""

import logging
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from moorage import Client, Grant

from tests.client import lines
from tests.client.lines import Line
from tests.conftest import ADMIN_TOKEN


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> None:
    """Record all levels of the SDK and of httpx."""
    for name in ("moorage", "httpx"):
        caplog.set_level(logging.DEBUG, logger=name)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that the SDK and httpx logged. The app in the same process logs too."""
    return "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("moorage", "httpx")))


def said(caplog: pytest.LogCaptureFixture, module: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == f"moorage.{module}"]


def test_a_retry_says_why_and_how_long_it_waits(client: Client, api: Line, caplog: pytest.LogCaptureFixture) -> None:
    api.disturb(lines.unavailable)
    client.whoami()
    assert said(caplog, "retry") == ["attempt 1 of 4 failed, the next is in 7.0 s: busy"]
    assert [record.levelname for record in caplog.records if record.name == "moorage.retry"] == ["WARNING"]


def test_transfers_and_warnings_are_told(
    client: Client, build: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (build / "CON").write_bytes(b"x")
    client.register("fraud", build)
    client.download("fraud", 1, tmp_path / "served")
    size = sum(path.stat().st_size for path in build.rglob("*") if path.is_file())
    assert said(caplog, "upload") == [f"uploading 3 files of fraud/1, {size} bytes", "uploaded 3 files of fraud/1"]
    assert said(caplog, "cache.blob_fetcher") == [f"downloading 3 files of fraud/1, {size} bytes"]
    (warning,) = said(caplog, "registration")
    assert warning.startswith("fraud/1: the file 'CON': ")
    assert any(
        line.startswith("POST /v1/models/fraud/versions: 201, request id ") for line in said(caplog, "connection")
    )


def test_no_secret_is_logged_by_the_sdk_or_by_httpx(
    client: Client, storage: Line, build: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    storage.disturb(lines.expired)
    storage.disturb(lines.lose_request)
    client.register("fraud", build, description="a confidential description")
    client.download("fraud", 1, tmp_path / "served")
    created = client.tokens.create("ci", [Grant("viewer", "*")])
    signatures = {request.url.params["X-Amz-Signature"] for request in storage.requests}
    assert signatures
    secrets = {*signatures, ADMIN_TOKEN, str(created.token), "confidential", "X-Amz-Credential"}
    text = logged(caplog)
    assert "HTTP Request: PUT" in text
    assert {secret for secret in secrets if secret in text} == set()


def test_httpx_logs_other_addresses_in_full(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    list(client.models.list(prefix="fr"))
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as other:
        other.get("https://blobs.example/model.bin?sig=abc&se=2026")
    text = logged(caplog)
    assert "prefix=fr" in text
    assert "https://blobs.example/model.bin?signed" in text and "abc" not in text


def test_nothing_is_printed_until_logging_is_configured() -> None:
    program = "import logging, moorage; logging.getLogger('moorage.retry').warning('unseen')"
    silent = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (silent.stdout, silent.stderr) == ("", "")
