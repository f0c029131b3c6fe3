"""What the head of a model knows of its monitors."""

from dataclasses import dataclass

from chalicelib.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Health:
    """A monitor's verdict, the version that it is about, and since when it is so.

    ``version`` is None until the monitor was first judged.
    """

    verdict: str
    version: int | None = None
    since: Instant = Instant("")
