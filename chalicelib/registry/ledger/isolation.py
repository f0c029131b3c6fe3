"""Running many duties so that one that fails does not keep the others from being done."""

import traceback
from collections.abc import Callable
from typing import Final, TypeAlias

from chalicelib.aws.log import log_line

# What one duty may take, with the twenty seconds for which a change is tried again.
_RESERVE_SECONDS: Final = 45.0
# Runs a duty, which has a name for the log, and returns how many things it has done.
Run: TypeAlias = Callable[[str, Callable[[], int]], int]


def plainly(_: str, duty: Callable[[], int]) -> int:
    """Run a duty. Its error is the caller's."""
    return duty()


class Isolated:
    """Runs duties and counts those that fail, which it logs.

    ``seconds_left`` says how long the function may still run. Duties for which no time is left are not begun: they are
    counted as postponed, and the next run does them.
    """

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        self._seconds_left = seconds_left
        self.failed = 0
        self.postponed = 0

    def __call__(self, name: str, duty: Callable[[], int]) -> int:
        if self._seconds_left() < _RESERVE_SECONDS:
            self.postponed += 1
            return 0
        try:
            return duty()
        # Whatever is wrong with one item, the next run and the person who reads the log can deal with; it must not
        # become everybody's problem.
        except Exception as error:  # noqa: BLE001 - counted, logged, and raised as one error by the keeper in the end
            self.failed += 1
            # Frames only, because the message of an exception may quote what somebody sent.
            frames = traceback.format_tb(error.__traceback__)
            log_line("duty_failed", duty=name, error=type(error).__name__, traceback=frames)
            return 0
