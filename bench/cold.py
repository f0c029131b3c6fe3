"""Cold import of each function and of the SDK, as a multiple of ``import boto3`` and its first client.

The functions are imported from the code as it is packaged. The function ``web`` and the SDK make no AWS client. What is
measured and the reference run in fresh interpreters, in turns. What is compared is the CPU time of the process, and of
several rounds the quickest.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from bench import report
from bench.ratio import Timing, quickest
from infra.package_source import stage_package_source
from infra.web_package import stage_web_package

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
    "signer": "chalicelib.reactions.signing.signer",
    "usage": "chalicelib.reactions.audit.usage",
    "scanner": "chalicelib.reactions.scanning.scanner",
    "opinion": "chalicelib.reactions.scanning.opinion",
    "quarantine": "chalicelib.reactions.scanning.quarantine",
}
WEB: Final = "web"
WEB_MODULE: Final = "server.handler"
# ``import moorage`` imports no HTTP client. The first use of ``moorage.Client`` does, and with it all of the SDK.
SDK: Final = {"sdk": "moorage", "sdk, client": "moorage.client"}
# These always decide and commit a change of a model, so they import all that this needs.
_COMMITTING: Final = {"promoter": 1.3, "intake": 1.3, "quarantine": 1.3, "signer": 1.3}
# It asks which version of its library is packed, and that takes importlib.metadata.
_ASKING: Final = {"opinion": 1.0}
# Nearly half of the client is httpx, which also imports its own command line, since Rich and Click are installed.
_SDK: Final = {"sdk": 0.15, "sdk, client": 1.7}
BUDGET: Final = {"api": 1.2, **_COMMITTING, **_ASKING, WEB: 0.3, **_SDK}
EVENT_BUDGET: Final = 0.8
ROUNDS: Final = 7

_PROJECT: Final = Path(__file__).parents[1]
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
    """A function's import, and its import with the first AWS client if it makes one."""

    imported: Timing
    connected: Timing | None


def rows() -> list[dict[str, Any]]:
    """One row a function, and two of the SDK.

    A slow spell of the machine lasts longer than one turn, so all take turns.
    """
    with tempfile.TemporaryDirectory() as directory:
        package = stage_package_source(_PROJECT, Path(directory) / "application")
        web = stage_web_package(_PROJECT, Path(directory) / WEB)
        # The first start only reads everything from the disk once.
        rounds = [
            [
                *(_timed(package, module) for module in MODULES.values()),
                _timed_alone(web, WEB_MODULE),
                *(_timed_alone(_PROJECT / "client", module) for module in SDK.values()),
            ]
            for _ in range(1 + ROUNDS)
        ][1:]
    names = (*MODULES, WEB, *SDK)
    return [row(function, starts) for function, starts in zip(names, zip(*rounds, strict=True), strict=True)]


def row(function: str, starts: Sequence[Start]) -> dict[str, Any]:
    allowed = BUDGET.get(function, EVENT_BUDGET)
    imported = quickest(start.imported for start in starts).ratio
    connected = [start.connected for start in starts if start.connected is not None]
    return {
        "function": function,
        "import_ratio": imported,
        "import_ratio_budget": allowed,
        "with_client_ratio": quickest(connected).ratio if connected else None,
        "kept": imported <= allowed,
    }


def shown(measured_rows: list[dict[str, Any]]) -> Table:
    table = report.table(
        "Cold start in CPU time of fresh processes, as a multiple of `import boto3` and its first client",
        *("function", "import", "of", "import and\nfirst AWS client", "budget"),
    )
    for row in measured_rows:
        ratios = (row[field] for field in ("import_ratio", "import_ratio_budget", "with_client_ratio"))
        figures = ("" if ratio is None else f"{ratio:.2f}" for ratio in ratios)
        table.add_row(row["function"], *figures, report.verdict(row["kept"]))
    return table


def _timed(package: Path, module: str) -> Start:
    reference_ms = _reference_ms(package)
    import_ms, start_ms = _cpu_ms(package, f"import {module}", _FIRST_CLIENT)
    return Start(Timing(import_ms, reference_ms), Timing(start_ms, reference_ms))


def _timed_alone(package: Path, module: str) -> Start:
    reference_ms = _reference_ms(package)
    import_ms, _ = _cpu_ms(package, f"import {module}", "pass")
    return Start(Timing(import_ms, reference_ms), connected=None)


def _reference_ms(package: Path) -> float:
    return _cpu_ms(package, "import boto3", "boto3.client('dynamodb')")[1]


def _cpu_ms(package: Path, first: str, second: str) -> tuple[float, float]:
    """CPU milliseconds of a fresh process for the first statement, and for both."""
    command = [sys.executable, "-c", _PROGRAM.format(first=first, second=second)]
    # A function's code comes without byte code, and where Lambda puts it none can be saved.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(command, check=True, capture_output=True, text=True, cwd=package, env=environment)
    answer = ran.stdout.split()
    return float(answer[0]), float(answer[1])
