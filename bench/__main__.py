"""Print what every endpoint and function costs, beside its budget; ``--json`` prints one document.

Ends with status 1 if a budget is broken.
"""

import argparse
import contextlib
import io
import json
import math
import os
import sys
from typing import Any, Final
from unittest.mock import patch

from moto import mock_aws
from rich.console import Console
from rich.table import Table

SMALL: Final = 100
LARGE: Final = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--large", type=int, default=LARGE, help=f"versions of the large model (default {LARGE})")
    arguments = parser.parse_args()
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    report = {
        "versions": [SMALL, arguments.large],
        "endpoints": _endpoints(arguments.large),
        "searches": _searches(),
        "cold_import": _cold_imports(),
        "package": _package(),
    }
    if arguments.json:
        print(json.dumps(report, indent=2))
    else:
        _show(report)
    kept = all(
        row["kept"] for row in [*report["endpoints"], *report["searches"], *report["cold_import"], report["package"]]
    )
    return 0 if kept else 1


def _endpoints(large: int) -> list[dict[str, Any]]:
    from bench.endpoints import rows

    return rows(_measured(SMALL, large), _measured(large, large))


def _searches() -> list[dict[str, Any]]:
    from bench.search import rows

    return rows()


def _measured(versions: int, last: int) -> list[Any]:
    """One fresh registry with one model of so many versions, the highest of number ``last``."""
    from bench.endpoints import MODEL, measure, prepare
    from bench.invocation import Function
    from bench.meter import Meter
    from bench.seed import seed
    from chalicelib.aws.services import reset_services, services
    from tests.aws_resources import create_resources

    with mock_aws(), transactions_without_undoing(), secrets_read_once(), contextlib.redirect_stdout(io.StringIO()):
        os.environ |= create_resources()
        reset_services()
        registry = services()
        seed(registry, MODEL, versions, last)
        meter = Meter(unwatched_dynamodb(), registry.table.name)
        for service in ("dynamodb", "s3", "sqs"):
            meter.attach(registry.client(service))
        caller = Function()
        prepare(registry, caller)
        measured = measure(registry, meter, caller)
        reset_services()
    return measured


def transactions_without_undoing() -> contextlib.AbstractContextManager[Any]:
    """moto copies the whole table for each write of a transaction, to undo one that fails; here none fails."""
    from moto.dynamodb.models.table import Table

    return patch.object(Table, "__deepcopy__", lambda table, _: table, create=True)


def secrets_read_once() -> contextlib.AbstractContextManager[Any]:
    """A secret that is read again would come between the recorded answers."""
    return patch("chalicelib.aws.services.MEMORY_SECONDS", math.inf)


def unwatched_dynamodb() -> Any:
    import boto3

    return boto3.client("dynamodb")


def _cold_imports() -> list[dict[str, Any]]:
    from bench.cold import MODULES, budget_ms, cold_start_ms

    rows = []
    for function, module in MODULES.items():
        imported, with_client = (round(ms) for ms in cold_start_ms(module))
        rows.append(
            {
                "function": function,
                "import_ms": imported,
                "with_client_ms": with_client,
                "budget_ms": budget_ms(function),
                "kept": imported <= budget_ms(function),
            }
        )
    return rows


def _package() -> dict[str, Any]:
    from pathlib import Path

    from bench.package import BUDGET_BYTES, package_bytes

    size = package_bytes(Path(__file__).parents[1])
    return {"bytes": size, "budget_bytes": BUDGET_BYTES, "kept": size < BUDGET_BYTES}


def _show(report: dict[str, Any]) -> None:
    small, large = report["versions"]
    console = Console()
    table = Table(title=f"Endpoints, at {small} and at {large:,} versions")
    for column in (
        "endpoint",
        "DynamoDB calls",
        "other calls",
        "read units",
        "write units",
        "CPU ms",
        "budget",
    ):
        table.add_column(column, justify="left" if column == "endpoint" else "right")
    for row in report["endpoints"]:
        cells = (row[field] for field in ("dynamodb_calls", "other_calls", "read_units", "write_units", "cpu_ms"))
        table.add_row(row["endpoint"], *(f"{one:g} / {other:g}" for one, other in cells), _mark(row["kept"]))
    console.print(table)
    console.print(_table_of(report["searches"]))
    cold = Table(title="Cold start, CPU ms of a fresh process")
    for column in ("function", "import", "import and first AWS client", "budget of the import", ""):
        cold.add_column(column, justify="left" if column == "function" else "right")
    for row in report["cold_import"]:
        figures = (f"{row[field]:g}" for field in ("import_ms", "with_client_ms", "budget_ms"))
        cold.add_row(row["function"], *figures, _mark(row["kept"]))
    console.print(cold)
    package = report["package"]
    console.print(f"Lambda package: {package['bytes']:,} bytes zipped {_mark(package['kept'])}")


def _table_of(searches: list[dict[str, Any]]) -> Table:
    from bench.search import shown

    return shown(searches)


def _mark(kept: bool) -> str:
    return "kept" if kept else "[bold red]broken[/]"


if __name__ == "__main__":
    sys.exit(main())
