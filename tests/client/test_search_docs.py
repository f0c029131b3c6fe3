"""docs/search.md matches the code: every example is run on the registry that the page describes."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from moorage import Client
from moorage.cli.main import main

from chalicelib.aws.search.reads import MAX_CALLS, MAX_ITEMS
from chalicelib.domain.search.entries import MAX_METRICS
from chalicelib.domain.search.fields import FIELDS, SYNONYMS
from chalicelib.domain.search.indexes import Index
from chalicelib.domain.search.syntax import (
    MAX_CONDITIONS,
    MAX_LENGTH,
    MAX_NESTING,
    MAX_ORDERS,
    Comparator,
    Subject,
)
from chalicelib.registry.search.best import MAX_RANKED
from tests.client.conftest import Connect

PAGE = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
MADE, SEARCHED = re.findall(r"```python\n(.*?)```", PAGE, re.S)
LINES = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S) for line in block.splitlines()]


def table(columns: str) -> list[list[str]]:
    """The cells of the page's tables with these columns, without the marks of code."""
    found = []
    for body in re.findall(rf"^\| {re.escape(columns)} \|\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.M):
        rows = re.findall(r"^\|(.*)\|$", body, re.M)
        found += [[cell.strip() for cell in row.split("|")] for row in rows]
    assert found, columns
    return found


def code(cell: str) -> str:
    marks = "``" if cell.startswith("``") else "`"
    return cell.removeprefix(marks).removesuffix(marks).strip()


def section(title: str, before: str) -> list[list[str]]:
    """The rows of the table between two lines of the page."""
    between = PAGE.split(f"\n{title}\n")[1].split(f"\n{before}\n")[0]
    rows = [[code(cell.strip()) for cell in row.split("|")] for row in re.findall(r"^\|(.*)\|$", between, re.M)]
    return rows[2:]


@pytest.fixture
def searched(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client of the registry that the page describes."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.bin").write_bytes(b"weights")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("moorage.Client", lambda: client)
    exec(MADE, {})
    return client


def test_every_filter_finds_what_the_page_says(searched: Client) -> None:
    examples = section("Versions:", "Models:")
    found = {
        (text, order): [f"{one.model}/{one.number}" for one in searched.search.versions(text, order_by=order)]
        for text, order, _ in examples
    }
    assert found == {(text, order): listed(things) for text, order, things in examples}
    of_models = section("Models:", "```python")
    named = {
        (text, order): [one.name for one in searched.search.models(text, order_by=order)]
        for text, order, _ in of_models
    }
    assert named == {(text, order): listed(things) for text, order, things in of_models}


def listed(things: str) -> list[str]:
    return [] if things == "nothing" else things.split()


def test_every_search_is_answered_from_the_index_that_the_page_says(searched: Client) -> None:
    examples = table("versions | index | filtered")
    plans = {code(text): searched.search.explain_versions(code(text)).plan for text, _, _ in examples}
    assert {text: (plan.index, " AND ".join(plan.filtered)) for text, plan in plans.items()} == {
        code(text): (index, code(filtered)) for text, index, filtered in examples
    }


def test_the_python_of_the_page_runs(searched: Client, capsys: pytest.CaptureFixture[str]) -> None:
    exec(SEARCHED, {"client": searched})
    assert capsys.readouterr().out.splitlines() == ["fraud 3 0.97", "fraud 2 0.95", "fraud 1 0.91"]


def test_the_commands_of_the_page_find_something(searched: Client, connect: Connect) -> None:
    for line in LINES:
        command = shlex.split(line)
        assert command[0] == "moorage"
        result = CliRunner().invoke(main, command[1:], obj=connect)
        assert result.exit_code == 0, result.output
        assert "fraud" in result.stdout, line


def declared_fields() -> list[list[str]]:
    """The rows of the page's table of fields, from the declarations."""
    subjects: dict[tuple[str, ...], list[Subject]] = {}
    for subject, fields in FIELDS.items():
        for field in fields.values():
            name = f"{field.name}.<{field.key}>" if field.keyed else field.name
            subjects.setdefault((name, field.kind.name.lower(), field.meaning), []).append(subject)
    return [
        [f"`{name}`", "both" if len(found) > 1 else found[0].value, kind, meaning]
        for (name, kind, meaning), found in subjects.items()
    ]


def test_the_page_has_every_field_as_it_is_declared() -> None:
    expected = declared_fields()
    page_table = "\n".join(f"| {' | '.join(row)} |" for row in expected)
    assert table("field | of | kind | is") == expected, f"docs/search.md should have these rows:\n{page_table}"
    mentioned = set(re.findall(r"`([a-z_]+)(?:\.<\w+>)?`", PAGE))
    assert set(SYNONYMS) - mentioned <= {"parameter"}


def test_the_page_has_every_comparator_and_every_index() -> None:
    comparators = "".join(f" {row[0]}" for row in table("comparator | for | holds if")).replace(" (…)", "")
    assert set(re.findall(r"`([^`]+)`", comparators)) == set(Comparator)
    named = names(cell for row in table("rank | the filter says | of versions | of models") for cell in row[2:])
    assert named == {str(index) for index in Index}


def names(cells: Iterable[str]) -> set[str]:
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_the_page_has_the_bounds_that_are_kept() -> None:
    for sentence in (
        f"at most {MAX_LENGTH:,} characters, {MAX_CONDITIONS} conditions and {MAX_NESTING} levels of nesting",
        f"an order at most {MAX_ORDERS} fields",
        f"at most {MAX_ITEMS:,} items (a version is one, a model two) in at most {MAX_CALLS} calls",
        f"at most {MAX_ITEMS:,} versions or {MAX_ITEMS // 2} models",
    ):
        assert sentence in " ".join(PAGE.split())
    assert MAX_METRICS == 40 and "the first forty by name" in PAGE
    assert f"it ends after {MAX_RANKED} models" in " ".join(PAGE.split())
