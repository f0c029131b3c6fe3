"""Print what each call of MLflow's registry API costs here and on MLflow's own server; ``--json`` prints one document.

MLflow's server answers over loopback with SQLite, one process, one client; its figure is the median time of a call.
Of Moorage the processor's time is measured with the transport stubbed, and what it asks of AWS, which answers in a few
milliseconds a call. Ends with status 1 if a call here costs more of AWS in a larger registry than in a smaller one.
"""

import argparse
import json
import os
import sys
from typing import Any, Final

from rich.console import Console
from rich.table import Table

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
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
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
    if arguments.json:
        print(json.dumps({"sizes": list(here), "calls": rows}, indent=2))
    else:
        _show(list(here), rows)
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
                "cpu_ms": [round(one.cpu_ms, 2) for one in ours],
                "answer_bytes": [one.answer_bytes for one in ours],
                "mlflow_ms": [round(one.ms, 1) for one in theirs],
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


def _show(names: list[str], rows: list[dict[str, Any]]) -> None:
    table = Table(title="Moorage and MLflow's server, at " + " / ".join(names))
    columns = {
        "AWS calls": "aws_calls",
        "read units": "read_units",
        "write units": "write_units",
        "CPU ms": "cpu_ms",
        "answer KB": "answer_bytes",
        "MLflow ms": "mlflow_ms",
        "MLflow KB": "mlflow_answer_bytes",
    }
    for title in ("call", *columns, ""):
        table.add_column(title, justify="left" if title == "call" else "right")
    for row in rows:
        cells = [_cell(field, row[field]) for field in columns.values()]
        table.add_row(row["call"], *cells, "flat" if row["flat"] else "[bold red]grows[/]")
    Console(width=200).print(table)


def _cell(field: str, values: list[float]) -> str:
    shown = [value / 1000 if field.endswith("bytes") else value for value in values]
    return " / ".join(f"{value:.3g}" for value in shown)


if __name__ == "__main__":
    sys.exit(main())
