"""What a server answered, counted by windows, and reported to a monitor when a window is over. No request is kept."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

from moorage.errors import InvalidRequestError, MoorageError, NotFoundError
from moorage.following.served_columns import served_columns
from moorage.following.watched import MonitorOfServer, Watched
from moorage.monitoring import ClosedWindow, Collector
from moorage.serving.inputs import Input
from moorage.serving.served import Served, Slot

# A week of hours: the registry takes no window that ended before that.
_MOST_WAITING: Final = 7 * 24

_log = logging.getLogger(__name__)


class Traffic:
    """Counts the requests that a server answers, by windows and versions, and reports them to ``monitor``.

    Nothing is counted before the monitor is read. ``clock`` tells the time with its zone, by default that in UTC.
    """

    def __init__(self, slot: Slot, monitor: MonitorOfServer, clock: Callable[[], datetime] | None = None) -> None:
        self._slot = slot
        self._monitor = monitor
        self._clock = clock or _now
        self._watched: Watched | None = None
        self._collectors: dict[int, Collector] = {}
        self._waiting: deque[tuple[int, ClosedWindow]] = deque(maxlen=_MOST_WAITING)
        self._uncounted: str | None = None
        # The clock is read under it, so that nothing is counted in a window that has been taken.
        self._counting = Lock()
        self._reporting = Lock()

    def read(self) -> None:
        """Read what the monitor looks at. What was counted in other bins is forgotten. Raises MoorageError."""
        watched = self._monitor.read()
        with self._counting:
            if watched != self._watched:
                self._watched = watched
                self._collectors.clear()
                self._waiting.clear()

    def observe(self, served: Served, given: Input, predictions: Any) -> None:
        """Count an answered request. Raises nothing: one that does not fit the baseline is left out, and that is said.

        The inputs are counted that the baseline names, and the outputs that it names and no input has.
        """
        try:
            with self._counting:
                if self._watched is None:
                    return
                seen = served_columns(served.signature, given, predictions, self._watched.names)
                self._count(self._watched, served.version, seen)
        except Exception as error:  # noqa: BLE001 - whatever a request holds, it must get its answer
            self._uncounted = f"an answer of {served} was not counted: {error}"

    def report(self) -> None:
        """Report the windows that are over. Raises nothing: what goes wrong is logged and stands in ``slot``.

        A window that was not taken waits for the next time, unless the registry will never take it.
        """
        with self._reporting:
            problem = self._read_at_first()
            self._take_closed()
            uncounted, self._uncounted = self._uncounted, None
            problem = problem or self._send() or uncounted
            if problem is not None and self._slot.standing.unmonitored is None:
                _log.warning("the monitor does not get all that is served: %s", problem)
            if self._slot.standing.unmonitored != problem:
                self._slot.standing = replace(self._slot.standing, unmonitored=problem)

    def _count(self, watched: Watched, version: int, seen: dict[str, list[Any]]) -> None:
        if version not in self._collectors:
            self._collectors[version] = Collector(watched.baseline, watched.period)
        self._collectors[version].observe(seen, self._clock())

    def _take_closed(self) -> None:
        with self._counting:
            if self._watched is not None:
                # A server that nobody asks says that, so that its monitor does not seem silent.
                self._count(self._watched, self._slot.current.version, {})
            for version, collector in list(self._collectors.items()):
                self._waiting.extend((version, window) for window in collector.take_closed(self._clock()))
                if collector.is_empty:
                    del self._collectors[version]

    def _send(self) -> str | None:
        """Why not all windows were taken, or None."""
        refused = None
        while self._waiting:
            version, window = self._waiting.popleft()
            try:
                self._monitor.report(version, window)
            except (InvalidRequestError, NotFoundError) as error:
                refused = f"the window of version {version} at {window.start:%Y-%m-%dT%H:%MZ} is given up: {error}"
                _log.warning("%s", refused)
                # The monitor may have another baseline by now, and take no windows in these bins any more.
                refused = self._problem_of_reading() or refused
            except MoorageError as error:
                self._waiting.appendleft((version, window))
                return error.message
        return refused

    def _read_at_first(self) -> str | None:
        return self._problem_of_reading() if self._watched is None else None

    def _problem_of_reading(self) -> str | None:
        try:
            self.read()
        except MoorageError as error:
            return error.message
        return None


def _now() -> datetime:
    return datetime.now(UTC)
