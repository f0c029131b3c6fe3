"""What a monitor looks at, and the name of a server among those that report to it."""

import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Protocol

from moorage.errors import InvalidRequestError
from moorage.monitoring import ClosedWindow, Profile

_PERIODS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
# A source has 64 characters at most.
_MOST_OF_HOST: Final = 48


@dataclass(frozen=True, slots=True)
class Watched:
    """What a monitor looks at: the features that it compares, in the bins of its baseline, and its windows' length."""

    baseline: Profile
    period: timedelta

    @property
    def names(self) -> frozenset[str]:
        """The features to count."""
        return frozenset(feature.name for feature in self.baseline.features)

    @classmethod
    def parse(cls, monitor: Mapping[str, Any]) -> "Watched":
        """Read a monitor as the registry describes it.

        Raises InvalidRequestError if it compares no features, or has windows of a length that is not known here.
        """
        narrowed = frozenset(monitor["features"])
        compared = [one for one in monitor["baseline"] if not narrowed or one["name"] in narrowed]
        if not compared:
            raise InvalidRequestError(
                f"the monitor {monitor['name']!r} has no baseline, so no features to count: name a monitor of drift"
            )
        period = _PERIODS.get(monitor["window"])
        if period is None:
            raise InvalidRequestError(
                f"the monitor {monitor['name']!r} has windows of one {monitor['window']}, which this release does "
                "not know: upgrade moorage"
            )
        return cls(Profile.from_document(compared), period)


class MonitorOfServer(Protocol):
    """A monitor that a server reports to."""

    def read(self) -> Watched:
        """What it looks at now. Raises MoorageError if that cannot be known, or if it compares no features."""

    def report(self, version: int, window: ClosedWindow) -> None:
        """Report a window of a version. Reporting it again replaces it. Raises MoorageError if it is not taken."""


def new_source() -> str:
    """A name for one server: that of its host, for people, and a random part, as two servers must not share it."""
    host = re.sub(r"[^A-Za-z0-9_.-]", "-", socket.gethostname())[-_MOST_OF_HOST:]
    return f"server-{secrets.token_hex(4)}-{host}"
