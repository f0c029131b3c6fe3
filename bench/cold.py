"""Cold import of each function, as a multiple of ``import boto3`` and its first client.

Both run in fresh interpreters, in turns. What is compared is the CPU time of the process, and of several rounds the
quickest.
"""

import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from bench import report
from bench.ratio import Timing, quickest

MODULES: Final = {
    "api": "app",
    "authorizer": "chalicelib.api.authorizer",
    "relay": "chalicelib.reactions.ledger.relay",
    "promoter": "chalicelib.reactions.promotion.promoter",
    "notifier": "chalicelib.reactions.webhooks.notifier",
    "sender": "chalicelib.reactions.webhooks.sender",
    "intake": "chalicelib.reactions.versions.intake",
    "keeper": "chalicelib.reactions.lifecycle.keeper",
    "anchorer": "chalicelib.reactions.audit.anchorer",
    "usage": "chalicelib.reactions.audit.usage",
}
# The aim is 1.2 for the API and 0.8 for all others. These four are above it: the API imports the schemas of all its
# routes, the others the decisions that they commit. Their budgets keep them from growing.
BUDGET: Final = {"api": 2.4, "promoter": 1.3, "intake": 1.3, "keeper": 1.3}
EVENT_BUDGET: Final = 0.8
ROUNDS: Final = 7

_FIRST_CLIENT: Final = "from chalicelib.aws.services import services; services().client('dynamodb')"
_PROGRAM: Final = """
import time
start = time.process_time()
{first}
between = time.process_time()
{second}
print((between - start) * 1000, (time.process_time() - start) * 1000)
"""


@dataclass(frozen=True)
class Start:
    """A function's import, and its import with the first AWS client."""

    imported: Timing
    connected: Timing


def rows() -> list[dict[str, Any]]:
    """One row a function. A slow spell of the machine lasts longer than one function's turn, so all take turns."""
    rounds = [[_timed(module) for module in MODULES.values()] for _ in range(ROUNDS)]
    return [
        row(function, quickest(one.imported for one in starts), quickest(one.connected for one in starts))
        for function, starts in zip(MODULES, zip(*rounds, strict=True), strict=True)
    ]


def row(function: str, imported: Timing, connected: Timing) -> dict[str, Any]:
    allowed = BUDGET.get(function, EVENT_BUDGET)
    return {
        "function": function,
        "import_ratio": imported.ratio,
        "import_ratio_budget": allowed,
        "with_client_ratio": connected.ratio,
        "kept": imported.ratio <= allowed,
    }


def shown(measured_rows: list[dict[str, Any]]) -> Table:
    table = report.table(
        "Cold start in CPU time of fresh processes, as a multiple of `import boto3` and its first client",
        *("function", "import", "of", "import and\nfirst AWS client", "budget"),
    )
    for row in measured_rows:
        figures = (f"{row[field]:.2f}" for field in ("import_ratio", "import_ratio_budget", "with_client_ratio"))
        table.add_row(row["function"], *figures, report.verdict(row["kept"]))
    return table


def _timed(module: str) -> Start:
    _, reference_ms = _cpu_ms("import boto3", "boto3.client('dynamodb')")
    import_ms, start_ms = _cpu_ms(f"import {module}", _FIRST_CLIENT)
    return Start(Timing(import_ms, reference_ms), Timing(start_ms, reference_ms))


def _cpu_ms(first: str, second: str) -> tuple[float, float]:
    """CPU milliseconds of a fresh process for the first statement, and for both."""
    command = [sys.executable, "-c", _PROGRAM.format(first=first, second=second)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(answer[0]), float(answer[1])
