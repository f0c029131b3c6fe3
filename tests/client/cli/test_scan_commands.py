"""What a scan has found, as a terminal shows it."""

from pathlib import Path

from moorage import Client

from chalicelib.aws.services import Services
from chalicelib.domain.scanning.findings import Opinion, scanned
from chalicelib.domain.scanning.verdict import Verdict
from tests.client.cli.conftest import RunInTerminal
from tests.domain.scanning.findings import FOUND
from tests.registry.scanning.states import ask, finish, quarantined


def test_a_scan_is_shown_file_by_file_and_a_quarantine_is_marked(
    registry: Services, client: Client, terminal: RunInTerminal, build: Path
) -> None:
    client.register("fraud", build)
    assert "never" in terminal("scan", "show", "fraud/1").stdout
    quarantined(registry, 1)
    shown = terminal("scan", "show", "fraud/1", columns=200).stdout
    assert all(text in shown for text in ("unsafe", "os.system", "loading it runs os.system", "ruleset"))
    for command in ("show", "overview"):
        assert "in quarantine" in terminal(command, "fraud/1", columns=200).stdout


def test_a_second_opinion_is_named_with_what_it_saw(
    registry: Services, client: Client, terminal: RunInTerminal, build: Path
) -> None:
    client.register("fraud", build)
    ask(registry)
    finish(registry, Verdict.CLEAN, opinion=Opinion("other 1", scanned({"model.bin": FOUND[Verdict.REVIEW]})))
    shown = terminal("scan", "show", "fraud/1", columns=200).stdout
    assert "other 1: review" in shown and "loading it imports acme.model" in shown
    ask(registry)
    finish(registry, Verdict.CLEAN, opinion=Opinion("other 1", None, "It was cut off."))
    assert "other 1: It was cut off." in terminal("scan", "show", "fraud/1", columns=200).stdout
