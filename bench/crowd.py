"""How long writers of one model wait for each other on the deployed local stack, on each surface, as ratios.

    python -m infra.local run --name e2e --fresh -- python -m bench.crowd

The emulator runs every function on this machine, so the ratios also tell of its processors. ``bench.contention``
simulates the same without that. Ends with status 1 if a budget is broken or a writer was refused. The emulator itself
refuses writers when the machine has no time for all of its functions.
"""

import os
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import mean
from typing import Any, Final

import httpx
from rich.table import Table

from bench import report
from bench.contention import BUDGET

WRITERS: Final = (16, 64)
_MLFLOW: Final = "/api/2.0/mlflow"
# The emulator starts a process for each concurrent call of a function.
_SLOW: Final = 300.0
_REFERENCE: Final = {"path": "x", "uri": "s3://bucket/x", "size": 1, "sha256": "c" * 64}


@dataclass(frozen=True)
class Surface:
    """A way to register: ``read`` reads a model, ``write`` makes a version of it. Both return the answer."""

    name: str
    read: Callable[[httpx.Client, str], httpx.Response]
    write: Callable[[httpx.Client, str], httpx.Response]


SURFACES: Final = (
    Surface(
        "native",
        lambda http, model: http.get(f"/v1/models/{model}"),
        lambda http, model: http.post(f"/v1/models/{model}/versions", json={"references": [_REFERENCE]}),
    ),
    Surface(
        "MLflow",
        lambda http, model: http.get(f"{_MLFLOW}/registered-models/get", params={"name": model}),
        lambda http, model: http.post(
            f"{_MLFLOW}/model-versions/create", json={"name": model, "source": f"s3://bucket/{uuid.uuid4().hex}"}
        ),
    ),
)


def rows(url: str, token: str) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    # One client for all threads: each connection is kept, so none pays for its first one while it is measured.
    limits = httpx.Limits(max_connections=max(WRITERS), max_keepalive_connections=max(WRITERS))
    with httpx.Client(base_url=url, headers=headers, timeout=_SLOW, trust_env=False, limits=limits) as http:
        return [_row(http, surface, writers) for surface in SURFACES for writers in WRITERS]


def _row(http: httpx.Client, surface: Surface, writers: int) -> dict[str, Any]:
    model = f"crowd-{uuid.uuid4().hex[:10]}"
    http.post("/v1/models", json={"name": model}).raise_for_status()

    def write(_: int) -> tuple[float, int]:
        begun = time.monotonic()
        status = surface.write(http, model).status_code
        return time.monotonic() - begun, status

    with ThreadPoolExecutor(writers) as pool:
        # Let the emulator start its processes, and these import what this surface needs.
        list(pool.map(lambda _: surface.read(http, model), range(writers)))
        begun = time.monotonic()
        answers = list(pool.map(write, range(writers)))
        together = time.monotonic() - begun
    in_sequence = sum(write(number)[0] for number in range(writers))
    waits = [wait for wait, _ in answers]
    slowest = max(waits) / mean(waits)
    refused = Counter(status for _, status in answers if status >= 400)
    return {
        "surface": surface.name,
        "writers": writers,
        "slowest_to_mean": round(slowest, 2),
        "budget": BUDGET,
        "to_sequence": round(together / in_sequence, 2),
        "refused": dict(refused),
        "kept": slowest <= BUDGET and not refused,
    }


def shown(rows: list[dict[str, Any]]) -> Table:
    table = report.table(
        "Writers of one model at once, on the deployed local stack. In sequence: the same calls one after another.",
        *("surface", "writers", "slowest to mean", "budget", "all to in sequence", "refused", ""),
    )
    for row in rows:
        figures = (row["slowest_to_mean"], row["budget"], row["to_sequence"])
        refused = ", ".join(f"{count} with {status}" for status, count in row["refused"].items())
        cells = (row["surface"], str(row["writers"]), *(f"{figure:g}" for figure in figures), refused or "0")
        table.add_row(*cells, report.verdict(row["kept"]))
    return table


def main() -> int:
    measured = rows(os.environ["MOORAGE_URL"], os.environ["MOORAGE_TOKEN"])
    report.show(shown(measured))
    return 0 if all(row["kept"] for row in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
