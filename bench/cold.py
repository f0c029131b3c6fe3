"""Cold import of each function, in CPU time of a fresh interpreter, and what its import should not drag in."""

import subprocess
import sys
from typing import Final

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
BUDGET_MS: Final = {"api": 450.0}
EVENT_BUDGET_MS: Final = 300.0
_PROGRAM = """
import time
start = time.process_time()
import {module}
imported = time.process_time()
from chalicelib.aws.services import services
services().client("dynamodb")
print((imported - start) * 1000, (time.process_time() - start) * 1000)
"""


def cold_start_ms(module: str, runs: int = 5) -> tuple[float, float]:
    """CPU milliseconds of a fresh process to import ``module``, and to have its first AWS client as well.

    Those of the quickest of several: other programs on the machine slow some runs down and speed up none.
    """
    command = [sys.executable, "-c", _PROGRAM.format(module=module)]
    answers = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _ in range(runs)]
    return min(float(imported) for imported, _ in answers), min(float(connected) for _, connected in answers)


def budget_ms(function: str) -> float:
    return BUDGET_MS.get(function, EVENT_BUDGET_MS)
