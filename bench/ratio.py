"""Costs as ratios: the CPU time of something over that of a reference, measured in the same run and in turns.

A busy or slow machine slows both down, so the ratio says the same on every machine. Other programs slow some
measurements down and speed up none, so the quickest of several rounds counts, of both.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Milliseconds of something, and CPU milliseconds of the reference measured right before it."""

    own_ms: float
    reference_ms: float

    @property
    def ratio(self) -> float:
        """Rounded as it is printed, so that what is judged is what is shown."""
        return round(self.own_ms / self.reference_ms, 2)


def quickest(rounds: Iterable[Timing]) -> Timing:
    """The least of each side over all rounds."""
    seen = list(rounds)
    return Timing(min(one.own_ms for one in seen), min(one.reference_ms for one in seen))


def cpu_ms(call: Callable[[], object], runs: int) -> float:
    """CPU milliseconds of the quickest of ``runs`` runs of ``call`` in this process."""
    return min(_once(call) for _ in range(runs))


def _once(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000
