"""Every table fits its width whatever its rows are called, and a report is broken by any of its rows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import RenderableType

from bench import cold, costs, endpoint_costs, lineage, mlflow, package, report, search, web

LONG = "GET a-very-long-name-of-an-endpoint-without-any-space-in-it-" + "x" * 60 + "-end"
SPACED = "search versions by a tag that has a long name, of a model that has a long name, and by its metric"


def _endpoint(name: str) -> dict[str, Any]:
    figures = {"other_calls": [0, 1], "read_units": [20.5, 40.5], "write_units": [13, 131], "cpu_ratio": [3.999, 14.2]}
    return {
        "endpoint": name,
        "dynamodb_calls": [2, 19],
        "dynamodb_calls_budget": 9,
        **figures,
        "cpu_ratio_budget": 36.0,
        "kept": False,
    }


def _search(name: str) -> dict[str, Any]:
    fields = ("found", "calls", "calls_budget", "items", "items_budget", "entries", "read_units")
    return {"search": name, "kept": True} | dict.fromkeys(fields, 12_345.5)


def _mlflow(name: str) -> dict[str, Any]:
    fields = ("aws_calls", "read_units", "write_units", "cpu_ratio", "mlflow_ratio")
    sizes = {"answer_bytes": [5_123_456, 12_345_678], "mlflow_answer_bytes": [5_123_456, 1]}
    return {"call": name, "flat": False} | {field: [1234.5, 0.123] for field in fields} | sizes


def _lineage(name: str) -> dict[str, Any]:
    sizes = {"calls": [64, 101], "read_units": [64.5, 101.5]}
    return {"walk": name, "versions": 62, "versions_expected": 68, "calls_budget": 101, "kept": False} | sizes


def _cold(name: str) -> dict[str, Any]:
    return {
        "function": name,
        "import_ratio": 1.25,
        "import_ratio_budget": 1.2,
        "with_client_ratio": 12.25,
        "kept": False,
    }


REGISTRIES = ["1,000 versions in 20 models", "10,000 versions in 20 models"]
TABLES: dict[str, Callable[[str], RenderableType]] = {
    "endpoints": lambda name: endpoint_costs.shown([_endpoint(name)], 100, 10_000),
    "searches": lambda name: search.shown([_search(name)]),
    "lineage": lambda name: lineage.shown([_lineage(name)]),
    "cold imports": lambda name: cold.shown([_cold(name)]),
    "mlflow": lambda name: mlflow.shown(REGISTRIES, [_mlflow(name)]),
    "costs": lambda name: costs.shown([{"work": name, "dollars": 1_234_567.89, "budget": 1_234_567.0}]),
    "packages": lambda name: package.shown(
        [{"package": name, "bytes": 9_000_000, "bytes_budget": 12_000_000, "kept": True}]
    ),
    "web": lambda name: web.shown([web.row(name, 123.456, 150.0)]),
}


def _printed(shown: RenderableType, capsys: pytest.CaptureFixture[str]) -> list[str]:
    report.show(shown)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("name", ["GET model", LONG, SPACED])
@pytest.mark.parametrize("table", TABLES)
def test_a_table_fits_a_hundred_columns(table: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert max(len(line) for line in _printed(TABLES[table](name), capsys)) <= 100


@pytest.mark.parametrize("name", [LONG, SPACED])
@pytest.mark.parametrize("table", TABLES)
def test_a_long_name_is_folded_and_not_cut(table: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _printed(TABLES[table](name), capsys)
    rule = next(index for index, line in enumerate(lines) if "───" in line)
    # Figures stand beside the name's first line, two spaces away.
    folded = "".join(line.strip().split("  ")[0] for line in lines[rule + 1 :])
    assert name.replace(" ", "") in folded.replace(" ", "")


def test_sizes_that_are_alike_are_one_figure() -> None:
    assert report.sizes([2, 2.0]) == "2"
    assert report.sizes([0.5, 20.5]) == "0.5 / 20.5"


def test_a_report_is_kept_as_json_where_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert report.write({"versions": [1, 2]}, tmp_path / "build" / "bench.json") == "Written to build/bench.json"
    assert json.loads((tmp_path / "build" / "bench.json").read_text()) == {"versions": [1, 2]}


BROKEN = {"endpoints": [{"kept": True}, {"kept": False}], "package": {"kept": False}}


@pytest.mark.parametrize("part", BROKEN)
def test_one_broken_row_breaks_the_report(part: str) -> None:
    kept = {"versions": [100, 10_000], "endpoints": [{"kept": True}, {"kept": True}], "package": {"kept": True}}
    assert report.all_kept(kept)
    assert not report.all_kept({**kept, part: BROKEN[part]})
