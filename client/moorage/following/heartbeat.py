"""The heartbeat of a server: it tells the registry what a target really serves."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from moorage.errors import MoorageError
from moorage.serving.served import Served, Slot

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Says by ``report`` what is in ``slot``."""

    slot: Slot
    report: Callable[[Served], None]

    def beat(self) -> None:
        """Say it once. Raises nothing: what goes wrong is logged and stands in ``slot``, and the server answers on."""
        try:
            self.report(self.slot.current)
        except MoorageError as error:
            if self.slot.standing.unreported is None:
                _log.warning("the registry does not take what is served here: %s", error)
            self._say(error.message)
        else:
            self._say(None)

    def _say(self, unreported: str | None) -> None:
        if self.slot.standing.unreported != unreported:
            self.slot.standing = replace(self.slot.standing, unreported=unreported)
