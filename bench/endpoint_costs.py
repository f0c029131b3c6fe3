"""What each endpoint asks of AWS and of the processor, at two sizes of one model, beside its budgets."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from rich.table import Table

from bench import report
from bench.emulation import fresh_registry, metered, replayed_clients
from bench.endpoints import ENDPOINTS, MODEL, Endpoint, prepare
from bench.invocation import Function
from bench.meter import Meter, Usage
from bench.ratio import Timing, quickest
from bench.reference import Reference
from bench.replay import Replay
from bench.seed import seed

ROUNDS: Final = 10
RUNS_A_ROUND: Final = 10


@dataclass(frozen=True)
class Measured:
    """An endpoint's cost at one size. ``cpu_ratio`` is its CPU time over the reference handler's."""

    endpoint: Endpoint
    usage: Usage
    cpu_ratio: float

    @property
    def kept(self) -> bool:
        """Whether the endpoint's own budgets hold."""
        return (
            self.usage.dynamodb_calls <= self.endpoint.allowed_calls
            and self.usage.other_calls <= self.endpoint.other_calls
            and self.cpu_ratio <= self.endpoint.allowed_ratio
        )

    def costs_the_same(self, other: "Measured") -> bool:
        """Whether both ask AWS for the same calls and capacity units."""
        return (
            self.usage.calls == other.usage.calls
            and self.usage.read_units == other.usage.read_units
            and self.usage.write_units == other.usage.write_units
        )


def measured(versions: int, last: int) -> list[Measured]:
    """Every endpoint on a fresh registry with one model of so many versions, the highest of number ``last``."""
    with fresh_registry() as registry:
        seed(registry, MODEL, versions, last)
        meter = metered(registry)
        caller = Function()
        prepare(registry, caller)
        recorded = [_record(endpoint, meter, caller, Replay(replayed_clients(registry))) for endpoint in ENDPOINTS]
        timings = _timings([replay for _, replay in recorded], caller)
    return [
        Measured(endpoint, usage, timing.ratio)
        for endpoint, (usage, _), timing in zip(ENDPOINTS, recorded, timings, strict=True)
    ]


def rows(small: list[Measured], large: list[Measured]) -> list[dict[str, Any]]:
    """One row an endpoint, both sizes side by side."""
    return [
        {
            "endpoint": one.endpoint.name,
            "dynamodb_calls": [one.usage.dynamodb_calls, other.usage.dynamodb_calls],
            "dynamodb_calls_budget": one.endpoint.allowed_calls,
            "other_calls": [one.usage.other_calls, other.usage.other_calls],
            "read_units": [one.usage.read_units, other.usage.read_units],
            "write_units": [one.usage.write_units, other.usage.write_units],
            "cpu_ratio": [one.cpu_ratio, other.cpu_ratio],
            "cpu_ratio_budget": one.endpoint.allowed_ratio,
            "kept": one.kept and other.kept and one.costs_the_same(other),
        }
        for one, other in zip(small, large, strict=True)
    ]


def shown(measured_rows: list[dict[str, Any]], small: int, large: int) -> Table:
    table = report.table(
        f"Endpoints at {small:,} / {large:,} versions, one figure where both are alike.\n"
        "CPU: the larger of both, as a multiple of the reference handler, measured in turns with it.",
        *("endpoint", "DynamoDB\ncalls", "of", "other\ncalls", "read\nunits", "write\nunits", "CPU", "of", "budget"),
    )
    for row in measured_rows:
        table.add_row(
            row["endpoint"],
            report.sizes(row["dynamodb_calls"]),
            f"{row['dynamodb_calls_budget']}",
            *(report.sizes(row[field]) for field in ("other_calls", "read_units", "write_units")),
            f"{max(row['cpu_ratio']):.1f}",
            f"{row['cpu_ratio_budget']:g}",
            report.verdict(row["kept"]),
        )
    return table


def _record(endpoint: Endpoint, meter: Meter, caller: Function, replay: Replay) -> tuple[Usage, Replay]:
    with meter.measuring() as usage:
        replay.record(lambda: _checked(endpoint, caller))
    return usage, replay


def _timings(replays: list[Replay], caller: Function) -> list[Timing]:
    """Each endpoint in turns with the reference, in rounds over all endpoints."""
    reference = Reference()
    rounds = [
        [
            replay.compared(partial(_checked, endpoint, caller), reference, RUNS_A_ROUND)
            for endpoint, replay in zip(ENDPOINTS, replays, strict=True)
        ]
        for _ in range(ROUNDS)
    ]
    return [quickest(of_one) for of_one in zip(*rounds, strict=True)]


def _checked(endpoint: Endpoint, caller: Function) -> None:
    reply = endpoint.call(caller)
    if reply.status >= 400:
        raise RuntimeError(f"{endpoint.name}: {reply.status} {reply.text}")
