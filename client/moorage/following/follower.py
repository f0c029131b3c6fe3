"""Following an alias: the server takes over each version that the alias moves to, and keeps what it has until then."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from moorage.errors import MoorageError
from moorage.serving.served import Served, Slot

# A version that was refused is tried again after 1, 2, 4 … looks, and after so many at most.
_SELDOM: Final = 32

_log = logging.getLogger(__name__)


class Pointer(Protocol):
    """Where an alias points."""

    @property
    def version(self) -> int: ...


class Followed(Protocol):
    """An alias that can be looked at. As text, it is ``fraud@champion``."""

    @property
    def model(self) -> str: ...

    def look(self) -> Pointer:
        """Where the alias points now. Raises MoorageError if that cannot be known."""


@dataclass(slots=True)
class Refused:
    """A version that was not taken over: how often it was tried, and how many looks until the next try."""

    version: int
    tries: int
    pause: int


class Follower:
    """Keeps ``slot`` at the version that an alias points at.

    ``load`` fetches a version by number, verifies its digests and loads it. It runs beside the version that answers, so
    both are in memory for a moment.
    """

    def __init__(self, slot: Slot, alias: Followed, load: Callable[[int], Served]) -> None:
        self._slot = slot
        self._alias = alias
        self._load = load
        self._refused: Refused | None = None
        slot.standing = replace(slot.standing, following=str(alias))

    def look(self) -> None:
        """Look at the alias once, and take over the version that it points at.

        Raises nothing: whatever goes wrong is logged and stands in ``slot``, and the version before goes on answering.
        """
        try:
            wanted = self._alias.look().version
        except MoorageError as error:
            if self._slot.standing.problem is None:
                _log.warning("%s cannot be read, and %s is served on: %s", self._alias, self._slot.current, error)
            self._say(problem=error.message)
            return
        self._say(problem=None)
        if wanted == self._slot.current.version:
            self._forget()
        elif self._may_try(wanted):
            self._take_over(wanted)

    def _take_over(self, version: int) -> None:
        before = self._slot.current
        try:
            loaded = self._load(version)
        except Exception as error:  # noqa: BLE001 - a model may fail to load in any way, and the one before must answer
            self._refuse(version, error)
            return
        # One assignment: requests that have begun keep the version that they took.
        self._slot.current = loaded
        self._forget()
        _log.info("%s now serves %s instead of %s", self._alias, loaded, before)

    def _may_try(self, version: int) -> bool:
        if self._refused is None or self._refused.version != version:
            self._refused = None
            return True
        self._refused.pause -= 1
        return self._refused.pause <= 0

    def _refuse(self, version: int, error: Exception) -> None:
        reason = error.message if isinstance(error, MoorageError) else f"{type(error).__name__}: {error}"
        tries = 1 if self._refused is None else self._refused.tries + 1
        self._refused = Refused(version, tries, min(2 ** (tries - 1), _SELDOM))
        self._slot.standing = replace(self._slot.standing, refused={"version": version, "reason": reason})
        _log.warning(
            "%s/%d is refused, and %s is served on: %s", self._alias.model, version, self._slot.current, reason
        )

    def _forget(self) -> None:
        self._refused = None
        if self._slot.standing.refused is not None:
            self._slot.standing = replace(self._slot.standing, refused=None)

    def _say(self, problem: str | None) -> None:
        if self._slot.standing.problem != problem:
            self._slot.standing = replace(self._slot.standing, problem=problem)
