"""Watching an alias: asking again and again where it points, at the cost of one conditional read each time."""

import logging
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Final

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.errors import MoorageError, NotFoundError
from moorage.intervals import varied
from moorage.references import LATEST, parse_reference
from moorage.results import Alias
from moorage.retry import RetryPolicy

_LOG: Final = logging.getLogger(__name__)


def alias_in(reference: str) -> tuple[str, str]:
    """The model and the alias that ``fraud@champion`` names. Raises ValueError if it does not name an alias."""
    named = parse_reference(reference)
    if not isinstance(named.version, str) or named.version == LATEST:
        raise ValueError(f"{reference!r} names no alias: give MODEL@ALIAS, such as fraud@champion")
    return named.model, named.version.removeprefix("@")


@dataclass(slots=True)
class Position:
    """Where an alias pointed when it was looked at last. Looking again costs one conditional read."""

    connection: Connection
    model: str
    alias: str
    _known: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.model}@{self.alias}"

    def look(self) -> Alias:
        """Where the alias points now. Raises NotFoundError if it does not exist, and what every read raises."""
        path = f"{paths.model(self.model)}/aliases/{paths.segment(self.alias)}"
        if self._known is None:
            self._known = self.connection.read(path)
        else:
            self._known = self.connection.read_if_changed(path, self._known.get("etag")) or self._known
        return decode(Alias, self._known)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Watches aliases. It waits with the ``sleep`` and ``jitter`` of ``retry``."""

    connection: Connection
    retry: RetryPolicy
    clock: Callable[[], float] = time.monotonic

    def position(self, model: str, alias: str) -> Position:
        """An alias to look at whenever the caller wants to."""
        return Position(self.connection, model, alias)

    def watch(self, model: str, alias: str, interval: float, timeout: float | None) -> Generator[Alias]:
        """Yield where the alias points, now and after each move. ``Client.watch`` describes the rest."""
        position = self.position(model, alias)
        known = position.look()
        yield known
        for _ in self._pauses(interval, timeout):
            newer = _looked(position)
            if newer is not None and newer.version != known.version:
                known = newer
                yield known

    def _pauses(self, interval: float, timeout: float | None) -> Iterator[None]:
        """Wait before each look, until the time is up."""
        end = None if timeout is None else self.clock() + timeout
        while True:
            wait = varied(interval, self.retry.jitter())
            if end is not None:
                left = end - self.clock()
                if left <= 0:
                    return
                wait = min(wait, left)
            self.retry.sleep(wait)
            yield


def _looked(position: Position) -> Alias | None:
    """Where the alias points. None if that cannot be known at the moment."""
    try:
        return position.look()
    except NotFoundError:
        _LOG.warning("%s does not exist any more, but is watched in case it is set again", position)
    except MoorageError as error:
        if not error.retryable:
            raise
        _LOG.warning("%s cannot be read, but is watched on: %s", position, error.message)
    return None
