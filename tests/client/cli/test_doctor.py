"""The doctor examines the way to the registry, and says what to mend."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from moorage import Client, Grant
from moorage.cli import exits
from moorage.cli.doctor import cache_directory

from tests.client import lines
from tests.client.cli.conftest import RunInTerminal
from tests.client.conftest import URL
from tests.client.lines import Forward, Line
from tests.conftest import ADMIN_TOKEN


@pytest.fixture(autouse=True)
def logged_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MOORAGE_URL", URL)
    monkeypatch.setenv("MOORAGE_TOKEN", ADMIN_TOKEN)
    monkeypatch.setenv("MOORAGE_CACHE", str(tmp_path / "cache"))


def dated(**off: float) -> lines.Answering:
    """Answers carry the time of a registry whose clock is off."""

    def answer(request: httpx.Request, forward: Forward) -> httpx.Response:
        answered = forward(request)
        answered.headers["Date"] = format_datetime(datetime.now(UTC) + timedelta(**off), usegmt=True)
        return answered

    return answer


def examined(terminal: RunInTerminal, *arguments: str, code: int = 0) -> dict[str, dict[str, Any]]:
    findings = json.loads(terminal("doctor", *arguments, "--json", code=code).stdout)
    return {finding["check"]: finding for finding in findings}


def states(findings: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: finding["state"] for name, finding in findings.items()}


def test_all_is_well(client: Client, terminal: RunInTerminal, api: Line, build: Path) -> None:
    client.register("fraud", build)
    api.disturb(dated(), times=99)
    findings = examined(terminal)
    assert set(states(findings).values()) == {"ok"}
    assert list(findings) == [
        *("address", "encryption", "registry", "versions", "clock", "token", "expiry", "rights", "storage", "cache"),
    ]
    assert "first byte of fraud/1" in findings["storage"]["message"]
    assert "admin on * (administer" in findings["rights"]["message"]
    assert "first byte of fraud" in examined(terminal, "fraud")["storage"]["message"]
    assert terminal("doctor").stdout.splitlines()[1].split()[:3] == ["ok", "address", f"{URL},"]


def test_a_registry_that_does_not_answer_ends_the_examination(terminal: RunInTerminal, api: Line) -> None:
    api.disturb(lines.lose_request, times=99)
    findings = examined(terminal, code=exits.OTHER)
    assert states(findings) == {"address": "ok", "encryption": "ok", "registry": "failure", "cache": "ok"}
    assert "does not answer" in findings["registry"]["message"]


def test_without_an_address_it_says_how_to_log_in(terminal: RunInTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOORAGE_URL")
    findings = examined(terminal, code=exits.OTHER)
    assert states(findings) == {"address": "failure", "cache": "ok"}
    assert findings["address"]["todo"] == "moorage login URL"


def test_a_clock_that_is_off_is_a_failure(terminal: RunInTerminal, api: Line) -> None:
    api.disturb(dated(minutes=9), times=99)
    clock = examined(terminal, code=exits.OTHER)["clock"]
    assert clock["state"] == "failure" and "behind the registry's" in clock["message"]


def test_a_refused_token_is_a_failure_and_its_rights_are_not_looked_at(terminal: RunInTerminal, api: Line) -> None:
    api.disturb(lambda *_: httpx.Response(401, json={}), lambda request: request.url.path.endswith("/whoami"), times=9)
    findings = examined(terminal, code=exits.OTHER)
    assert findings["token"]["state"] == "failure" and "rights" not in findings


def test_a_token_that_may_download_nothing_leaves_the_storage_unexamined(
    client: Client, terminal: RunInTerminal, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.register("fraud", build)
    made = client.tokens.create("ana", [Grant("viewer", "*")], expires_in_days=3)
    monkeypatch.setenv("MOORAGE_TOKEN", str(made.token))
    findings = examined(terminal)
    assert findings["storage"]["state"] == "warning" and "not examined" in findings["storage"]["message"]
    assert findings["rights"]["message"] == "viewer on *"
    assert "administrators" in findings["expiry"]["message"]


def test_a_token_of_an_administrator_that_ends_soon_is_warned_about(
    client: Client, terminal: RunInTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client.tokens.create("ada", [Grant("admin", "*")], expires_in_days=3)
    monkeypatch.setenv("MOORAGE_TOKEN", str(made.token))
    assert examined(terminal)["expiry"]["state"] == "warning"


def test_a_storage_that_does_not_answer_is_a_failure(
    client: Client, terminal: RunInTerminal, storage: Line, build: Path
) -> None:
    client.register("fraud", build)
    storage.disturb(lines.lose_request, times=99)
    assert examined(terminal, "fraud@latest", code=exits.OTHER)["storage"]["state"] == "failure"


def test_the_cache_that_is_examined_is_the_one_that_downloads_use(terminal: RunInTerminal, tmp_path: Path) -> None:
    findings = examined(terminal)
    assert findings["cache"]["message"] == terminal("cache", "path").stdout.strip() == str(tmp_path / "cache")


def test_a_user_without_a_home_directory_is_told_to_name_a_cache(
    terminal: RunInTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for variable in ("MOORAGE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    cache = cache_directory({})
    assert cache.state == "failure" and cache.todo is not None and "MOORAGE_CACHE" in cache.todo


def test_a_cache_that_cannot_be_written_is_a_failure(
    terminal: RunInTerminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MOORAGE_CACHE", str(tmp_path / "file"))
    assert examined(terminal, code=exits.OTHER)["cache"]["state"] == "failure"
