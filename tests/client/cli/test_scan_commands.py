"""What a scan has found, as a terminal shows it."""

from pathlib import Path

from moorage import Client

from chalicelib.aws.services import Services
from tests.client.cli.conftest import RunInTerminal
from tests.registry.scanning.states import quarantined


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
