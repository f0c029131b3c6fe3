"""How long writers of one record wait for each other, as ratios: simulated, with the registry's own pauses.

Every writer reads the record and then commits on condition that nobody committed meanwhile. A clock that only the
simulation moves makes the result the same on every machine. Sources of the durations: a consistent read takes about
5 ms, a transaction about 12 ms, both half as long or half as long again.
"""

import heapq
import random
from dataclasses import dataclass, field
from statistics import mean
from typing import Any, Final

from rich.table import Table

from bench import report
from chalicelib.registry.ledger.contention import Attempts

WRITERS: Final = (2, 16, 64)
# The slowest writer's time may be so many times the mean.
BUDGET: Final = 3.0
_SEEDS: Final = 20
_READ: Final = 0.005
_TRANSACTION: Final = 0.012
# After a transaction has written, DynamoDB refuses others on the same item for this part of its duration.
_HELD: Final = 0.3
_ARRIVAL: Final = 0.02


@dataclass
class Crowd:
    """What became of writers that came at about the same time."""

    waits: list[float] = field(default_factory=list)
    attempts: int = 0

    @property
    def slowest_to_mean(self) -> float:
        return max(self.waits) / mean(self.waits)

    @property
    def to_sequence(self) -> float:
        """The time until the last is done, as a multiple of one writer after another."""
        return max(self.waits) / (len(self.waits) * (_READ + _TRANSACTION))

    @classmethod
    def of(cls, writers: int, seed: int) -> "Crowd":
        """Let so many writers write once each. ``seed`` chooses the durations and the pauses."""
        return _Simulation(writers, random.Random(seed)).run()


class _Simulation:
    def __init__(self, writers: int, chance: random.Random) -> None:
        self._chance = chance
        self._now = 0.0
        self._revision = 0
        self._held_until = 0.0
        self._crowd = Crowd()
        # Moment, writer, what happens next, and what the writer has read.
        self._agenda: list[tuple[float, int, str, int]] = []
        self._began = [chance.uniform(0, _ARRIVAL) for _ in range(writers)]
        self._attempts: dict[int, Attempts] = {}
        for writer, began in enumerate(self._began):
            heapq.heappush(self._agenda, (began, writer, "begin", 0))

    def run(self) -> Crowd:
        while self._agenda:
            self._now, writer, step, seen = heapq.heappop(self._agenda)
            getattr(self, f"_{step}")(writer, seen)
        return self._crowd

    def _begin(self, writer: int, _: int) -> None:
        if writer not in self._attempts:
            self._attempts[writer] = Attempts(self._sleep, lambda: self._now, uniform=self._chance.uniform)
        self._crowd.attempts += 1
        self._then(_READ / 2, writer, "read", 0)

    def _read(self, writer: int, _: int) -> None:
        self._then(_READ / 2 + _TRANSACTION / 2, writer, "commit", self._revision)

    def _commit(self, writer: int, seen: int) -> None:
        if seen == self._revision and self._now >= self._held_until:
            self._revision += 1
            self._held_until = self._now + _HELD * _TRANSACTION
            self._then(_TRANSACTION / 2, writer, "end", 0)
        else:
            self._then(_TRANSACTION / 2, writer, "lose", 0)

    def _lose(self, writer: int, _: int) -> None:
        self._attempts[writer].wait_for_next()
        heapq.heappush(self._agenda, (self._now, writer, "begin", 0))

    def _end(self, writer: int, _: int) -> None:
        self._crowd.waits.append(self._now - self._began[writer])

    def _sleep(self, seconds: float) -> None:
        self._now += seconds

    def _then(self, duration: float, writer: int, step: str, seen: int) -> None:
        moment = self._now + duration * self._chance.uniform(0.5, 1.5)
        heapq.heappush(self._agenda, (moment, writer, step, seen))


def rows() -> list[dict[str, Any]]:
    return [_row(writers, [Crowd.of(writers, seed) for seed in range(_SEEDS)]) for writers in WRITERS]


def _row(writers: int, crowds: list[Crowd]) -> dict[str, Any]:
    slowest = max(crowd.slowest_to_mean for crowd in crowds)
    return {
        "writers": writers,
        "slowest_to_mean": round(slowest, 2),
        "budget": BUDGET,
        "to_sequence": round(mean(crowd.to_sequence for crowd in crowds), 2),
        "attempts": round(mean(crowd.attempts for crowd in crowds) / writers, 1),
        "kept": slowest <= BUDGET,
    }


def shown(rows: list[dict[str, Any]]) -> Table:
    table = report.table(
        f"Writers of one model at once, in {_SEEDS} simulated crowds. In sequence: one writer after another.",
        *("writers", "slowest to mean, at most", "budget", "last to in sequence", "attempts each", ""),
    )
    for row in rows:
        figures = (row["slowest_to_mean"], row["budget"], row["to_sequence"], row["attempts"])
        table.add_row(str(row["writers"]), *(f"{figure:g}" for figure in figures), report.verdict(row["kept"]))
    return table
