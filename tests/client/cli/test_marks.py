"""What restricts a model or a version, or went past its gates, is seen in what is shown of it."""

import json
from pathlib import Path

from moorage import Client

from tests.client.cli.conftest import RunInTerminal


def test_an_override_a_lock_and_a_hold_are_marked(client: Client, terminal: RunInTerminal, build: Path) -> None:
    client.register("fraud", build)
    client.versions.transition("fraud", 1, "staging")
    plain = terminal("show", "fraud/1").stdout
    assert not any(word in plain for word in ("override", "locked", "legal hold"))
    client.versions.override("fraud", 1, "production", "incident 42")
    client.lifecycle.hold("fraud", 1, "case 7")
    client.lifecycle.lock("fraud", 1, "under audit")
    lines = [line.split() for line in terminal("show", "fraud/1", columns=200).stdout.splitlines()]
    assert ["override", "token:bootstrap", "moved", "it", "to", "production"] in [line[:6] for line in lines]
    told = {line[0]: line for line in lines}
    assert told["override"][-2:] == ["incident", "42"]
    assert told["locked"][1:3] == ["by", "token:bootstrap"] and told["locked"][-2:] == ["under", "audit"]
    assert told["legal"][-2:] == ["case", "7"]
    assert "under audit" in terminal("overview", "fraud/1").stdout


def test_an_override_that_was_followed_by_a_move_is_not_marked(
    client: Client, terminal: RunInTerminal, build: Path
) -> None:
    client.register("fraud", build)
    client.versions.override("fraud", 1, "production", "incident 42")
    client.versions.transition("fraud", 1, "archived")
    assert "override" not in terminal("show", "fraud/1").stdout


def test_a_freeze_is_marked(client: Client, terminal: RunInTerminal) -> None:
    client.models.create("fraud")
    client.lifecycle.freeze("fraud", "incident 42")
    for command in ("show", "overview"):
        (line,) = [line for line in terminal(command, "fraud").stdout.splitlines() if line.startswith("frozen")]
        assert "token:bootstrap" in line and "incident 42" in line
    assert json.loads(terminal("show", "fraud", "--json").stdout)["frozen"]["reason"] == "incident 42"
