"""The forms of output: tables, JSON and CSV, for results and for errors."""

import csv
import io
import json
from pathlib import Path

import click
import httpx
import pytest
from click.testing import CliRunner
from moorage import Client
from moorage.cli import exits
from moorage.cli.csv_output import csv_rows
from moorage.cli.main import main

from tests.client.cli.conftest import RunInTerminal
from tests.client.conftest import Connect
from tests.client.lines import Forward, Line


def test_a_list_is_csv_with_a_column_for_each_nested_value(client: Client, terminal: RunInTerminal) -> None:
    client.register("fraud", metrics={"auc": 0.9}, tags={"team": "=cmd()"})
    client.register("fraud", metrics={"loss": -2.5}, description='say "hi",\nand go')
    client.aliases.set("fraud", "champion", 2)
    for arguments in (("--output", "csv", "versions", "fraud"), ("versions", "fraud", "--output", "csv")):
        newest, oldest = csv.DictReader(io.StringIO(terminal(*arguments).stdout))
        assert (newest["number"], newest["metrics.loss"], newest["metrics.auc"]) == ("2", "-2.5", "")
        assert newest["aliases"] == "champion" and newest["description"].startswith('say "hi"')
        assert oldest["tags.team"] == "'=cmd()"


def test_csv_is_that_of_rfc_4180_and_runs_no_formula() -> None:
    rows = [{"a": "x,y", "b": None}, {"a": '"', "c": {"=d": "+1", "e": -1}, "f": ["@x", True], "g": [{"h": 1}]}]
    assert csv_rows(rows) == ('a,b,c.=d,c.e,f,g\r\n"x,y",,,,,\r\n"""",,\'+1,-1,"\'@x, true","[{""h"": 1}]"\r\n')
    assert csv_rows([]) == ""


@pytest.mark.parametrize(
    "arguments", [("show", "fraud", "--output", "csv"), ("--output", "csv", "models", "create", "churn")]
)
def test_what_is_not_a_list_is_refused_as_csv_before_anything_happens(
    client: Client, terminal: RunInTerminal, arguments: tuple[str, ...]
) -> None:
    client.models.create("fraud")
    assert terminal(*arguments, code=exits.USAGE).stdout == ""
    assert [model.name for model in client.models.list()] == ["fraud"]


def test_output_json_is_the_same_as_json(client: Client, terminal: RunInTerminal) -> None:
    client.models.create("fraud")
    printed = {
        terminal(*arguments).stdout
        for arguments in (
            ("--json", "models", "show", "fraud"),
            ("models", "show", "fraud", "--json"),
            ("--output", "json", "models", "show", "fraud"),
            ("models", "show", "fraud", "--output=json"),
        )
    }
    assert len(printed) == 1 and json.loads(printed.pop())["name"] == "fraud"
    both = terminal("models", "list", "--json", "--output", "csv", code=exits.USAGE)
    assert "cannot be combined" in both.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--no-such-option"),
        ("--json",),
        ("nonsense", "--output", "json"),
        ("show", "--output=json"),
        ("versions", "fraud", "--limit", "x", "--json"),
        ("models", "--json", "nonsense"),
    ],
)
def test_every_wrong_use_is_json_on_the_last_line(terminal: RunInTerminal, arguments: tuple[str, ...]) -> None:
    refused = json.loads(terminal(*arguments, code=exits.USAGE).stderr.splitlines()[-1])
    assert (refused["error"], refused["exit_code"]) == ("UsageError", exits.USAGE) and refused["message"]


def test_an_interruption_and_a_defect_are_json_too(terminal: RunInTerminal, api: Line) -> None:
    def interrupted(request: httpx.Request, forward: Forward) -> httpx.Response:
        raise KeyboardInterrupt

    def broken(request: httpx.Request, forward: Forward) -> httpx.Response:
        return httpx.Response(200, json={"items": 5})

    for how, name in ((interrupted, "Interrupted"), (broken, "TypeError")):
        api.disturb(how)
        problem = json.loads(terminal("models", "list", "--json", code=exits.OTHER).stderr.splitlines()[-1])
        assert (problem["error"], problem["exit_code"]) == (name, exits.OTHER)


def test_piped_output_is_whole_and_on_one_line(client: Client, connect: Connect) -> None:
    client.models.create("fraud", description="word " * 60, owner="risk")
    result = CliRunner().invoke(main, ["models", "list"], obj=connect)
    assert len(result.stdout.splitlines()) == 2 and result.stderr == ""
    assert ("word " * 60).strip() in result.stdout


def test_every_command_takes_output() -> None:
    def leaves(group: click.Group) -> list[click.Command]:
        commands = [*group.commands.values()]
        return [leaf for one in commands for leaf in (leaves(one) if isinstance(one, click.Group) else [one])]

    for command in leaves(main):
        assert {"--json", "--output"} <= {option for parameter in command.params for option in parameter.opts}


def test_a_file_that_cannot_be_read_is_an_error_and_no_traceback(terminal: RunInTerminal, tmp_path: Path) -> None:
    shown = terminal("card", "import", "fraud", str(tmp_path), code=exits.USAGE)
    assert "is a directory" in shown.words and "Traceback" not in shown.stderr
