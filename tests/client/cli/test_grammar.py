"""Versions are named in one way by every command."""

import json
from pathlib import Path

import pytest
from moorage import Client
from moorage.cli import exits

from tests.client.cli.conftest import RunInTerminal


@pytest.fixture(autouse=True)
def fraud(client: Client, build: Path) -> None:
    """fraud/1 is champion, fraud/2 is READY, fraud/3 is not."""
    client.register("fraud", build)
    client.register("fraud", build)
    client.versions.create("fraud", [{"path": "a", "size": 1, "sha256": "0" * 64}])
    client.aliases.set("fraud", "champion", 1)


@pytest.mark.parametrize(("name", "number"), [("fraud/1", 1), ("fraud@champion", 1), ("fraud@latest", 2)])
def test_a_number_an_alias_and_latest_name_a_version_everywhere(
    client: Client, terminal: RunInTerminal, tmp_path: Path, name: str, number: int
) -> None:
    def document(*arguments: str) -> object:
        return json.loads(terminal(*arguments, "--json").stdout)

    assert document("show", name)["number"] == number  # type: ignore[index]
    assert document("overview", name)["version"]["number"] == number  # type: ignore[index]
    assert document("download", name, str(tmp_path / "served"))["version"] == number  # type: ignore[index]
    assert document("alias", "set", name, "canary")["version"] == number  # type: ignore[index]
    assert document("challenger", "set", name)["version"] == number  # type: ignore[index]
    assert document("comment", "add", name, "Why?")["version"] == number  # type: ignore[index]
    assert document("requests", "open", name, "staging")["version"] == number  # type: ignore[index]
    assert document("changes", name) is not None and document("usage", name) is not None
    compared = document("compare", name, "fraud/2")
    assert [one["number"] for one in compared["versions"]] == [number, 2]  # type: ignore[index]


def test_a_model_whose_versions_are_all_unfinished_has_no_latest(client: Client, terminal: RunInTerminal) -> None:
    client.models.create("churn")
    refused = terminal("show", "churn@latest", code=exits.NOT_FOUND)
    assert "no READY version" in refused.stderr


def test_versions_of_two_models_are_not_compared(terminal: RunInTerminal) -> None:
    refused = terminal("compare", "fraud/1", "churn/2", code=exits.USAGE)
    assert "churn/2 is not a version of fraud" in refused.words


def test_a_token_has_several_roles(client: Client, terminal: RunInTerminal) -> None:
    made = json.loads(
        terminal(
            *("tokens", "create", "ci", "--role", "contributor", "--role", "reviewer", "--models", "fraud"),
            *("--grant", "viewer=*", "--json"),
        ).stdout
    )
    assert [(grant["role"], grant["models"]) for grant in made["grants"]] == [
        ("contributor", "fraud"),
        ("reviewer", "fraud"),
        ("viewer", "*"),
    ]
