"""What cannot be undone at once is asked about first."""

from pathlib import Path

import click
import pytest
from moorage import Client
from moorage.cli import exits
from moorage.cli.main import main

from tests.client.cli.conftest import RunInTerminal

ASKING = [
    ("delete", "fraud/1"),
    ("override", "fraud/1", "production", "--reason", "incident"),
    ("scan", "release", "fraud/1", "--reason", "incident"),
    ("models", "delete", "fraud"),
    ("alias", "delete", "fraud@champion"),
    ("comment", "delete", "fraud", "m-1"),
    ("tokens", "revoke", "ci"),
    ("sessions", "end", "s-1"),
    ("webhooks", "delete", "wh"),
    ("schedules", "delete", "nightly"),
    ("targets", "delete", "edge"),
    ("signers", "delete", "ci"),
    ("deployments", "withdraw", "fraud", "edge"),
    ("monitors", "delete", "fraud", "amounts"),
    ("roles", "delete", "curator"),
    ("grants", "delete", "g-1"),
    ("trust", "delete", "github"),
]


@pytest.fixture(autouse=True)
def fraud(client: Client) -> None:
    client.register("fraud")


@pytest.mark.parametrize("arguments", ASKING, ids=" ".join)
def test_it_is_refused_where_nobody_can_be_asked(terminal: RunInTerminal, arguments: tuple[str, ...]) -> None:
    refused = terminal(*arguments, code=exits.USAGE)
    assert "Nobody can be asked here, because the input is not a terminal: give --yes. This " in refused.words
    assert refused.stdout == ""


def test_every_command_that_deletes_ends_or_overrides_asks() -> None:
    def paths(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
        found = []
        for name, one in group.commands.items():
            found += paths(one, (*path, name)) if isinstance(one, click.Group) else [((*path, name), one)]
        return found

    verbs = ("delete", "revoke", "end", "override")
    dangerous = {path for path, _ in paths(main) if path[-1] in verbs}
    asking = {path for path, command in paths(main) if any("--yes" in one.opts for one in command.params)}
    assert dangerous <= asking
    # It asks only if there is something to overwrite.
    asking.remove(("init",))
    assert {arguments[: len(path)] for path in asking for arguments in ASKING} >= asking


def test_only_a_yes_goes_on(client: Client, terminal: RunInTerminal) -> None:
    declined = terminal("delete", "fraud/1", typed="n\n", code=exits.OTHER)
    assert "This deletes fraud/1. It can be restored" in declined.words and "nothing was done" in declined.words
    assert client.versions.get("fraud", 1).ready
    assert terminal("delete", "fraud/1", typed="y\n").stdout == "deleted fraud/1\n"
    assert list(client.versions.list("fraud")) == []


def test_a_download_asks_before_it_overwrites_files_of_ones_own(
    client: Client, terminal: RunInTerminal, build: Path, tmp_path: Path
) -> None:
    client.register("scoring", build)
    mine, other = tmp_path / "mine", tmp_path / "mine" / "notes.txt"
    mine.mkdir()
    other.write_text("read me")
    (mine / "model.bin").write_text("mine")
    declined = terminal("download", "scoring/1", str(mine), typed="n\n", code=exits.OTHER)
    assert "This overwrites the files that differ, and keeps your other files. Go on?" in declined.words
    assert "nothing was done" in declined.words and (mine / "model.bin").read_text() == "mine"
    terminal("download", "scoring/1", str(mine), typed="y\n")
    assert (mine / "model.bin").read_bytes() == (build / "model.bin").read_bytes()
    assert other.read_text() == "read me"


def test_yes_in_the_command_asks_nothing(terminal: RunInTerminal) -> None:
    assert terminal("delete", "fraud/1", "--yes").stderr == ""
