"""Scans and quarantine with the SDK and on the command line, and waiting for a scan that is pending."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from moorage import Client, ConflictError, ForbiddenError
from moorage.cli.main import main

from chalicelib.aws.services import Services
from chalicelib.domain.scanning.verdict import Verdict
from tests.client.conftest import Connect
from tests.registry.scanning.states import ask, finish, quarantined, scanning

Run = Callable[..., Result]


class Waits(list[float]):
    """The waits between attempts. Nobody waits, but something happens at the third."""

    at_third: Callable[[], object] = staticmethod(lambda: None)

    def append(self, seconds: float) -> None:
        super().append(seconds)
        if len(self) == 3:
            self.at_third()


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def client(connect: Connect, build: Path) -> Client:
    """A client of a registry with one version, fraud/1."""
    made = connect()
    made.register("fraud", build)
    return made


@pytest.fixture
def run(connect: Connect) -> Run:
    def invoke(*arguments: str, code: int = 0, **options: str) -> Result:
        result = CliRunner().invoke(main, list(arguments), obj=connect, **options)
        assert result.exit_code == code, result.output
        return result

    return invoke


def test_what_is_in_quarantine_is_listed(registry: Services, client: Client, run: Run, build: Path) -> None:
    client.register("fraud", build)
    client.register("churn", build)
    assert list(client.scans.quarantined()) == []
    quarantined(registry, 2)
    quarantined(registry, 1, "churn", Verdict.REVIEW)
    ask(registry, 1)
    assert [(one.model, one.number) for one in client.scans.quarantined()] == [("churn", 1), ("fraud", 2)]
    client.scans.release("fraud", 2, "needed", datetime.now(UTC) + timedelta(days=1))
    listed = json.loads(run("scan", "list", "--json").stdout)
    assert [(one["model"], one["scan"]["verdict"]) for one in listed] == [("churn", "review"), ("fraud", "unsafe")]
    shown = run("scan", "list").stdout
    assert "needed" in shown and "os.system" in shown
    assert len(json.loads(run("scan", "list", "--limit", "1", "--json").stdout)) == 1


def test_the_sdk_shows_what_was_found_and_breaks_the_glass(registry: Services, client: Client, tmp_path: Path) -> None:
    assert client.scans.get("fraud", 1).scan is None
    quarantined(registry, 1)
    report = client.scans.get("fraud", 1)
    assert not report.open and report.scan is not None and report.findings is not None
    (file,) = report.findings.files
    assert (report.scan.verdict, file.imports, file.reasons[0].code) == ("unsafe", ("os.system",), "import")
    with pytest.raises(ForbiddenError) as refused:
        client.download("fraud", 1, tmp_path / "out")
    assert refused.value.code == "quarantined"
    until = datetime.now(UTC) + timedelta(days=1)
    released = client.scans.release("fraud", 1, "incident 7", until)
    assert released.release is not None and released.release.reason == "incident 7"
    client.download("fraud", 1, tmp_path / "out")
    client.scans.restore("fraud", 1)
    assert not client.scans.get("fraud", 1).open


def test_the_sdk_asks_for_another_scan(registry: Services, client: Client) -> None:
    with scanning(registry):
        assert client.scans.again("fraud", 1).state == "pending"
    with pytest.raises(ConflictError) as refused:
        client.scans.again("fraud", 1)
    assert refused.value.code == "scanning_off"


def test_a_download_waits_for_the_scan_and_says_so_once(
    registry: Services, client: Client, waits: Waits, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    quarantined(registry, 1)
    ask(registry)
    waits.at_third = lambda: finish(registry, Verdict.CLEAN)
    client.download("fraud", 1, tmp_path / "out")
    assert waits == [0.5, 0.5, 1.0]
    assert len([record for record in caplog.records if "waiting for the scan" in record.message]) == 1


def test_a_move_waits_for_the_scan(registry: Services, client: Client, waits: Waits) -> None:
    quarantined(registry, 1)
    ask(registry)
    waits.at_third = lambda: finish(registry, Verdict.CLEAN)
    assert client.versions.transition("fraud", 1, "staging").stage == "staging"
    assert len(waits) == 3


def test_waiting_for_a_scan_ends_after_five_minutes(
    registry: Services, client: Client, waits: Waits, tmp_path: Path
) -> None:
    quarantined(registry, 1)
    ask(registry)
    with pytest.raises(ConflictError) as refused:
        client.download("fraud", 1, tmp_path / "out")
    assert refused.value.code == "scan_pending" and sum(waits) == 300


def test_a_release_on_the_command_line_needs_a_reason_and_a_yes(registry: Services, client: Client, run: Run) -> None:
    quarantined(registry, 1)
    assert "--reason" in run("scan", "release", "fraud/1", "--yes", code=2).output
    assert "give --yes" in run("scan", "release", "fraud/1", "--reason", "incident 7", code=2).output
    run("scan", "release", "fraud/1", "--reason", "incident 7", "--days", "2", "--yes")
    shown = json.loads(run("scan", "show", "fraud/1", "--json").output)
    assert shown["open"] and shown["scan"]["release"]["reason"] == "incident 7"
    run("scan", "restore", "fraud/1")
    assert not json.loads(run("scan", "show", "fraud/1", "--json").output)["open"]


def test_the_command_line_asks_for_another_scan(registry: Services, client: Client, run: Run) -> None:
    with scanning(registry):
        assert "fraud/1 is being scanned" in run("scan", "again", "fraud/1").output


def test_a_refused_download_says_how_to_see_what_was_found(
    registry: Services, client: Client, run: Run, tmp_path: Path
) -> None:
    quarantined(registry, 1)
    refused = run("download", "fraud/1", str(tmp_path / "out"), code=4)
    assert "moorage scan show fraud/1" in refused.output
