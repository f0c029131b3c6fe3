"""Verdicts: what a monitor finds of the version that it watches."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.health import Health


class Verdict(StrEnum):
    """``WARNING``: a window breaches, but too few for an alarm. ``INSUFFICIENT``: no window says enough to be judged.

    ``SILENT``: windows that should have come did not.
    """

    OK = "ok"
    WARNING = "warning"
    ALARM = "alarm"
    INSUFFICIENT = "insufficient"
    SILENT = "silent"


# Verdicts that last, in ``Standing.unwell``, until a window is found well.
UNWELL: Final = frozenset({Verdict.ALARM, Verdict.SILENT})


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict of a monitor as it was last committed, and what it rests on.

    ``version`` is the one that was judged. ``since`` and ``event_id`` are those of the commit. ``window`` is the start
    of the newest window that was judged, and ``digest`` the SHA-256 over all of them. ``worst`` names the feature or
    metric that breached most, with its ``score`` and the ``threshold`` that this was held against; empty and None if
    nothing breached. ``unwell``: an alarm or a silence of this version is not over.
    """

    verdict: Verdict = Verdict.INSUFFICIENT
    version: int | None = None
    since: Instant = Instant("")
    event_id: str = ""
    window: Instant = Instant("")
    digest: str = ""
    worst: str = ""
    score: float | None = None
    threshold: float | None = None
    unwell: bool = False

    @property
    def health(self) -> Health:
        return Health(self.verdict.value, self.version, self.since)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        """The standing as this commit saves it."""
        if before == self:
            return self
        return replace(self, since=stamp.time, event_id=stamp.event_id)

    def document(self) -> dict[str, object]:
        """What is shown of it, and what events say."""
        return {
            "verdict": self.verdict.value,
            "version": self.version,
            "since": self.since or None,
            "window": self.window or None,
            "digest": self.digest or None,
            "worst": self.worst or None,
            "score": self.score,
            "threshold": self.threshold,
        }
