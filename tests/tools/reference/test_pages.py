"""The pages that are made from the code lack nothing: no code, no command, no public name."""

import re

import click
import moorage
import pytest
import yaml
from moorage.cli.main import main

from chalicelib.api.openapi import openapi
from chalicelib.api.problems import error_types
from chalicelib.api.route_index import all_routes
from tools.reference import command_line, errors, sdk
from tools.reference.http.examples import examples
from tools.reference.http.pages import pages


def served_codes() -> set[str]:
    """Every code that the served document lists."""
    responses = openapi()["components"]["responses"].values()
    schemas = [response["content"]["application/problem+json"]["schema"] for response in responses]
    return {code for schema in schemas for code in schema["allOf"][1]["properties"]["code"]["enum"]}


def commands(group: click.Group, path: str = "moorage") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        found[f"{path} {name}"] = command
        if isinstance(command, click.Group):
            found |= commands(command, f"{path} {name}")
    return found


def test_every_code_has_its_cause_and_its_cure_and_nothing_else_has() -> None:
    known = yaml.safe_load(errors.CURES.read_text(encoding="utf-8"))
    assert known.keys() == served_codes()
    assert {code for code, said in known.items() if said.keys() != {"cause", "cure"} or not all(said.values())} == set()


def test_no_code_is_explained_twice_since_the_first_explanation_would_be_lost() -> None:
    named = re.findall(r"^(\w+):$", errors.CURES.read_text(encoding="utf-8"), re.M)
    assert sorted(named) == sorted(set(named))


def test_a_code_means_what_the_error_says_that_declares_it() -> None:
    meanings = {one.code: one.meaning for one in errors.known()}
    assert "target" not in meanings["conflict"]
    assert meanings["internal_error"].startswith("A fault of the registry itself.")


def test_every_code_is_declared_by_one_error() -> None:
    openapi()
    declared = [error.code for error in error_types() if "code" in vars(error)]
    assert sorted(declared) == sorted(set(declared))


def test_the_page_of_errors_has_a_link_for_every_code() -> None:
    assert set(re.findall(r"^### `\w+` {#(\w+)}$", errors.page(), re.M)) == served_codes()


def test_every_command_that_a_cure_names_exists() -> None:
    named = re.findall(r"`(moorage [a-z-]+(?: [a-z-]+)?)", errors.CURES.read_text(encoding="utf-8"))
    known = commands(main)
    assert len(named) > 30
    assert {name for name in named if name not in known and name.rpartition(" ")[0] not in known} == set()


def test_the_page_of_commands_has_every_command_with_its_options() -> None:
    page = command_line.page()
    known = commands(main)
    assert set(re.findall(r"^###+ (moorage [a-z -]+) {#", page, re.M)) == known.keys()
    options = {
        option
        for command in known.values()
        for parameter in command.params
        if isinstance(parameter, click.Option) and parameter.help
        for option in parameter.opts
    }
    assert {option for option in options if option not in page} == set()


def test_what_every_command_takes_is_described_once() -> None:
    rows = [row for row in command_line.page().splitlines() if row.startswith("| `")]
    for option in ("--output", "--json", "--help"):
        assert len([row for row in rows if option in row.split(" | ")[0]]) == 1


def test_the_pages_of_the_sdk_have_every_public_name_and_every_area_once() -> None:
    listed = [name for _, text in sdk.pages() for name in re.findall(r"^::: ([\w.]+)$", text, re.M)]
    wanted = {
        f"{getattr(moorage, name).__module__}.{getattr(moorage, name).__qualname__}"
        for name in moorage.__all__
        if not name.startswith("__")
    }
    areas = {f"{area.__module__}.{area.__qualname__}" for area in sdk.areas().values()}
    assert len(listed) == len(set(listed))
    assert set(listed) == wanted | areas
    assert sdk.areas()["models"].__name__ == "Models"


@pytest.mark.parametrize("tag", sorted({route.tag for route in all_routes()}))
def test_a_group_of_endpoints_has_a_page_with_each_of_its_operations(tag: str) -> None:
    made = dict(pages(openapi(), examples()))
    operations = {route.name for route in all_routes() if route.tag == tag}
    assert set(re.findall(r"^## .* {#(\w+)}$", made[f"{tag}.md"], re.M)) == operations
    assert operations <= set(re.findall(rf"\({tag}\.md#(\w+)\)", made["index.md"]))
