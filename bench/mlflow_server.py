"""MLflow's own server, seeded in its database and timed over loopback, in turns with the reference handler."""

import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from bench.mlflow_calls import BASE, Call
from bench.ratio import Timing, cpu_ms, quickest
from bench.reference import Reference
from tests.e2e.mlflow.installed import served

_ROUNDS: Final = 10
_RUNS_OF_REFERENCE: Final = 10
_THEN: Final = 1_767_225_600_000


@dataclass(frozen=True)
class Timed:
    """The time of a call, client and loopback included, over the reference's CPU time; its answer's size in bytes."""

    ratio: float
    answer_bytes: int


def timed(models: dict[str, int], calls: list[Call]) -> list[Timed]:
    """The calls on a fresh server whose models have so many versions."""
    with tempfile.TemporaryDirectory() as directory, served(Path(directory)) as url:
        _seed(Path(directory) / "mlflow.db", models)
        with httpx.Client(base_url=url, timeout=120, trust_env=False) as client:
            reference = Reference()
            return [_timed(client, call, reference) for call in calls]


def _timed(client: httpx.Client, call: Call, reference: Reference) -> Timed:
    rounds, size = [], 0
    for _ in range(_ROUNDS):
        reference_ms = cpu_ms(reference, _RUNS_OF_REFERENCE)
        start = time.perf_counter()
        answer = _answer(client, call)
        rounds.append(Timing((time.perf_counter() - start) * 1000, reference_ms))
        answer.raise_for_status()
        size = len(answer.content)
    return Timed(quickest(rounds).ratio, size)


def _answer(client: httpx.Client, call: Call) -> httpx.Response:
    if call.method == "GET":
        return client.get(f"{BASE}/{call.path}", params=call.fields)
    return client.request(call.method, f"{BASE}/{call.path}", json=call.fields)


def _seed(database: Path, models: dict[str, int]) -> None:
    """Rows as the server writes them; through its API ten thousand versions take minutes."""
    with sqlite3.connect(database) as connection:
        for model, versions in models.items():
            connection.execute(
                "INSERT INTO registered_models (name, creation_time, last_updated_time, description)"
                " VALUES (?, ?, ?, '')",
                (model, _THEN, _THEN),
            )
            connection.executemany(
                "INSERT INTO model_versions (name, version, creation_time, last_updated_time, description,"
                " current_stage, source, run_id, status) VALUES (?, ?, ?, ?, '', 'None', ?, ?, 'READY')",
                (
                    (model, number, _THEN + number, _THEN + number, f"s3://elsewhere/{number}", f"run-{number}")
                    for number in range(1, versions + 1)
                ),
            )
            connection.executemany(
                'INSERT INTO model_version_tags ("key", value, name, version) VALUES (?, ?, ?, ?)',
                (("team", "risk", model, number) for number in range(1, versions + 1)),
            )
            connection.execute(
                "INSERT INTO registered_model_aliases (alias, version, name) VALUES ('champion', 3, ?)", (model,)
            )
    connection.close()
