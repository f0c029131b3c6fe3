"""Quotas with the SDK and on the command line."""

import json

from click.testing import CliRunner
from moorage.cli.main import main

from tests.client.conftest import Connect


def test_the_sdk_and_the_command_show_what_was_made_today(connect: Connect) -> None:
    client = connect()
    client.models.create("fraud")
    day = client.quotas.get()
    assert day.principal == "token:bootstrap"
    assert {one.quota: one.made for one in day.items}["models"] == 1
    result = CliRunner().invoke(main, ["quotas"], obj=connect)
    row = next(line for line in result.output.splitlines() if line.strip().startswith("models"))
    assert row.split() == ["models", "1", "1,000"] or row.split() == ["models", "1", "1000"]
    others = CliRunner().invoke(main, ["--json", "quotas", "--principal", "token:ci"], obj=connect)
    assert {one["made"] for one in json.loads(others.output)} == {0}
    table = CliRunner().invoke(main, ["--output", "csv", "quotas"], obj=connect)
    assert table.output.splitlines()[0] == "quota,made,limit"
    assert "models,1,1000" in table.output.splitlines()
