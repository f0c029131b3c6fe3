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


@dataclass(frozen=True, slots=True)
class Watcher:
    """Watches aliases. It waits with the ``sleep`` and ``jitter`` of ``retry``."""

    connection: Connection
    retry: RetryPolicy
    clock: Callable[[], float] = time.monotonic

    def watch(self, model: str, alias: str, interval: float, timeout: float | None) -> Generator[Alias]:
        """Yield where the alias points, now and after each move. ``Client.watch`` describes the rest."""
        path = f"{paths.model(model)}/aliases/{paths.segment(alias)}"
        known = self.connection.read(path)
        yield decode(Alias, known)
        for _ in self._pauses(interval, timeout):
            newer = self._newer(path, f"{model}@{alias}", known.get("etag"))
            if newer is not None:
                moved = newer["version"] != known["version"]
                known = newer
                if moved:
                    yield decode(Alias, known)

    def _pauses(self, interval: float, timeout: float | None) -> Iterator[None]:
        """Wait before each look, until the time is up."""
        end = None if timeout is None else self.clock() + timeout
        while True:
            # Between half and one and a half intervals, so that many watchers do not ask at the same time.
            wait = interval * (0.5 + self.retry.jitter())
            if end is not None:
                left = end - self.clock()
                if left <= 0:
                    return
                wait = min(wait, left)
            self.retry.sleep(wait)
            yield

    def _newer(self, path: str, reference: str, etag: str | None) -> dict[str, Any] | None:
        """The alias if it has changed. None if it has not, or if that cannot be known at the moment."""
        try:
            changed: dict[str, Any] | None = self.connection.read_if_changed(path, etag)
        except NotFoundError:
            _LOG.warning("%s does not exist any more, but is watched in case it is set again", reference)
        except MoorageError as error:
            if not error.retryable:
                raise
            _LOG.warning("%s cannot be read, but is watched on: %s", reference, error.message)
        else:
            return changed
        return None
