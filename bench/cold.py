"""Cold import of each function, in CPU time of a fresh interpreter, and what its import should not drag in."""

import statistics
import subprocess
import sys
from typing import Final

MODULES: Final = {
    "api": "app",
    "authorizer": "chalicelib.api.authorizer",
    "relay": "chalicelib.reactions.relay",
    "promoter": "chalicelib.reactions.promoter",
    "notifier": "chalicelib.reactions.notifier",
    "sender": "chalicelib.reactions.sender",
    "keeper": "chalicelib.reactions.keeper",
}
BUDGET_MS: Final = {"api": 450.0}
EVENT_BUDGET_MS: Final = 300.0
_PROGRAM = (
    "import time; start = time.process_time(); import {module}; "
    "from chalicelib.aws.services import services; "
    "print((time.process_time() - start) * 1000)"
)


def cold_import_ms(module: str, runs: int = 7) -> float:
    """Median CPU milliseconds to import ``module`` in a fresh process."""
    command = [sys.executable, "-c", _PROGRAM.format(module=module)]
    times = [float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(runs)]  # noqa: S603
    return statistics.median(times)


def budget_ms(function: str) -> float:
    return BUDGET_MS.get(function, EVENT_BUDGET_MS)
