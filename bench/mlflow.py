"""Print what each call of MLflow's registry API costs here and on MLflow's own server; ``--json`` prints one document.

The same document is written to ``build/bench-mlflow.json``. Times are multiples of the reference handler's CPU time.
MLflow's server answers over loopback with SQLite, one process, one client; its figure is the quickest time of a call.
Of Moorage the processor's time is measured with the transport stubbed, and what it asks of AWS, which answers in a few
milliseconds a call. Ends with status 1 if a call here costs more of AWS in a larger registry than in a smaller one.
"""

import argparse
import json
import sys
from typing import Any, Final

from rich.table import Table

from bench import report
from bench.environment import leave_accounts_alone
from bench.mlflow_calls import calls
from bench.mlflow_registry import Cost, costs
from bench.mlflow_server import Timed, timed
from chalicelib.aws.search.reads import MAX_CALLS

MODEL: Final = "model-00"


def sizes(scale: int) -> dict[str, dict[str, int]]:
    """Registries to measure in: how many versions each of their models has."""
    twenty = [f"model-{index:02}" for index in range(20)]
    return {
        f"{1_000 // scale:,} versions in 20 models": dict.fromkeys(twenty, 50 // scale),
        f"{10_000 // scale:,} versions in 20 models": dict.fromkeys(twenty, 500 // scale),
        f"{5_000 // scale:,} versions in one model": {MODEL: 5_000 // scale},
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mlflow", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--scale", type=int, default=1, help="divide all sizes by this, for a quick look (default 1)")
    arguments = parser.parse_args()
    leave_accounts_alone()
    here: dict[str, list[Cost]] = {}
    there: dict[str, list[Timed]] = {}
    registries = sizes(arguments.scale)
    # Numbers of equal digits, or a larger registry's items would be larger.
    last = max(max(models.values()) for models in registries.values())
    for size, models in registries.items():
        print(f"measuring {size} …", file=sys.stderr)
        here[size] = costs(models, last, calls(MODEL))
        there[size] = timed(models, calls(MODEL))
    rows = _rows(here, there)
    measured = {"sizes": list(here), "calls": rows}
    written = report.write(measured, report.BUILD / "bench-mlflow.json")
    if arguments.json:
        print(json.dumps(measured, indent=2))
        print(written, file=sys.stderr)
    else:
        report.show(shown(list(here), rows), written)
    return 0 if all(row["flat"] for row in rows) else 1


def _rows(here: dict[str, list[Cost]], there: dict[str, list[Timed]]) -> list[dict[str, Any]]:
    rows = []
    for index, call in enumerate(calls(MODEL)):
        ours = [measured[index] for measured in here.values()]
        theirs = [measured[index] for measured in there.values()]
        rows.append(
            {
                "call": call.name,
                "aws_calls": [one.aws_calls for one in ours],
                "read_units": [one.read_units for one in ours],
                "write_units": [one.write_units for one in ours],
                "cpu_ratio": [one.cpu_ratio for one in ours],
                "answer_bytes": [one.answer_bytes for one in ours],
                "mlflow_ratio": [one.ratio for one in theirs],
                "mlflow_answer_bytes": [one.answer_bytes for one in theirs],
                "flat": _flat(ours),
            }
        )
    return rows


def _flat(ours: list[Cost]) -> bool:
    """Whether a larger registry costs no more for each kilobyte that is answered, in calls within a search's budget."""
    first = ours[0]
    return all(
        one.aws_calls <= max(first.aws_calls, MAX_CALLS)
        and _for_a_kilobyte(one.read_units, one) <= 1.1 * _for_a_kilobyte(first.read_units, first)
        and one.write_units <= 1.1 * first.write_units
        for one in ours
    )


def _for_a_kilobyte(units: float, cost: Cost) -> float:
    return units / max(cost.answer_bytes / 1000, 1)


def shown(registries: list[str], rows: list[dict[str, Any]]) -> Table:
    """A line for each registry below the name of its call."""
    columns = {
        "AWS\ncalls": "aws_calls",
        "read\nunits": "read_units",
        "write\nunits": "write_units",
        "CPU": "cpu_ratio",
        "answer\nKB": "answer_bytes",
        "MLflow\ntime": "mlflow_ratio",
        "MLflow\nKB": "mlflow_answer_bytes",
    }
    table = report.table(
        "Moorage and MLflow's server. CPU and time: multiples of the reference handler's CPU time.",
        *("call", *columns, ""),
    )
    for row in rows:
        table.add_row(row["call"], *("" for _ in columns), "flat" if row["flat"] else "[bold red]grows[/]")
        for index, registry in enumerate(registries):
            table.add_row(f"  {registry}", *(_cell(field, row[field][index]) for field in columns.values()), "")
    return table


def _cell(field: str, value: float) -> str:
    figure = value / 1000 if field.endswith("bytes") else value
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


if __name__ == "__main__":
    sys.exit(main())
