"""Tables fit the terminal and never cut a value."""

import io
import json
from collections.abc import Sequence

import pytest
from moorage import Client
from moorage.cli.tables import Columns, Heading, Row, folded, print_facts, print_rows
from rich.cells import cell_len
from rich.console import Console

from tests.client.cli.conftest import RunInTerminal

MODELS = Columns(
    ("name", "owner", "aliases", "description", "created"),
    spare=("description", "created"),
    folded=("aliases",),
    prose=("description",),
)
LONG_NAME = "fraud-" + "x" * 233
TAGS = {f"tag{number}": f"value {number}" for number in range(40)}
ROWS: list[list[object]] = [
    ["fraud", "risk", ["champion", "challenger", "a-long-alias-name"], "Detects card fraud in payments.", "2026-11-23"],
    ["不正検知モデル", "日本", None, "不正検知モデルは支払いを検査します" * 4, "2026-11-24"],
    ["זיהוי-הונאה", "risk", [], "", "2026-11-25"],
]


def shown(width: int, columns: Columns, rows: Sequence[Row]) -> tuple[list[str], tuple[str, ...]]:
    console = Console(file=io.StringIO(), width=width, emoji=False)
    missing = print_rows(console, columns, rows)
    return [line.rstrip() for line in console.file.getvalue().splitlines()], missing  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("width", "missing"), [(200, ()), (80, ()), (60, ("description",)), (40, ("description", "created"))]
)
def test_columns_are_left_out_in_order_until_the_table_fits(width: int, missing: tuple[str, ...]) -> None:
    lines, left_out = shown(width, MODELS, ROWS)
    assert left_out == missing
    assert all(cell_len(line) <= width for line in lines)


@pytest.mark.parametrize("width", [200, 80, 40])
def test_no_name_number_or_date_is_cut(width: int) -> None:
    lines, left_out = shown(width, MODELS, ROWS)
    kept = ["fraud", "不正検知モデル", "זיהוי-הונאה", "champion,", "challenger,", "a-long-alias-name"]
    if "created" not in left_out:
        kept += ["2026-11-23", "2026-11-24", "2026-11-25"]
    for value in kept:
        assert any(value in line for line in lines), value


def test_a_value_that_is_wider_than_the_terminal_is_whole_on_a_line_of_its_own() -> None:
    lines, left_out = shown(80, Columns(("name", "version", "owner"), spare=("owner",)), [[LONG_NAME, 3, "risk"]])
    assert lines == [f"name     {LONG_NAME}", "version  3", "owner    risk"]
    assert left_out == ()


def test_the_lines_of_prose_are_broken_to_fit_whatever_the_script() -> None:
    lines, left_out = shown(60, Columns(("name", "description"), prose=("description",)), [row[::3] for row in ROWS])
    assert left_out == ()
    assert all(cell_len(line) <= 60 for line in lines)
    assert "".join(line[-22:].split("  ")[-1].strip() for line in lines if "検査" in line or "モデル" in line)


def test_headings_stand_between_rows_that_keep_their_columns() -> None:
    rows = [("label", "1.0", "2.0"), Heading("a long heading that no column is wide enough for"), ("auc", 0.9, 0.95)]
    lines, _ = shown(40, Columns(("", "version 1", "version 2")), rows)
    assert [line.strip() for line in lines[1:3]] == ["label  1.0        2.0", rows[1].title]  # type: ignore[union-attr]
    assert lines[3].index("0.9") == lines[1].index("1.0")


def test_facts_are_continued_below_their_beginning() -> None:
    console = Console(file=io.StringIO(), width=40, emoji=False)
    print_facts(console, [("model", LONG_NAME), ("empty", ()), ("tags", TAGS)])
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert lines[0] == f"model  {LONG_NAME}"
    assert "".join(line[7:] + " " for line in lines[1:]) == ", ".join(f"{tag}={TAGS[tag]}" for tag in TAGS) + " "
    assert all(cell_len(line) <= 40 for line in lines[1:])


def test_text_is_folded_between_words_and_a_long_word_stays_whole() -> None:
    assert list(folded("one two  https://a.example/long three\n   kept", 10)) == [
        "one two ",
        "https://a.example/long",
        "three",
        "   kept",
    ]


def test_what_a_terminal_would_obey_is_shown_as_text() -> None:
    lines, _ = shown(80, Columns(("name",)), [["\x1b[31mred\r\n\u202egnp.exe"]])
    assert lines[1] == "\\x1b[31mred \\x202egnp.exe"


def test_a_narrow_terminal_is_told_which_columns_are_missing(client: Client, terminal: RunInTerminal) -> None:
    client.models.create("fraud", owner="risk", description="Detects fraud. " * 10)
    wide = terminal("models", "list", columns=200)
    assert "description" in wide.stdout and wide.stderr == ""
    narrow = terminal("models", "list", columns=30)
    assert narrow.stdout.split() == ["name", "owner", "fraud", "risk"]
    assert narrow.words == ("2 columns left out: description, created; --json has all, or widen the terminal")
    assert json.loads(terminal("models", "list", "--json", columns=30).stdout)[0]["description"]


def test_a_list_that_goes_on_says_so(client: Client, terminal: RunInTerminal) -> None:
    for _ in range(3):
        client.register("fraud")
    client.models.create("churn")
    assert terminal("versions", "fraud", "--limit", "2").stderr == "2 of 3, --all for the rest\n"
    assert terminal("versions", "fraud", "--limit", "3").stderr == ""
    assert terminal("models", "list", "--limit", "1").stderr == "first 1; --all for the rest\n"
    everything = terminal("versions", "fraud", "--limit", "2", "--all")
    assert len(everything.stdout.splitlines()) == 4 and everything.stderr == ""
    assert len(json.loads(terminal("versions", "fraud", "--limit", "2", "--json").stdout)) == 2
