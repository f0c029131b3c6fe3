"""What the head of a model knows of the targets where its versions are deployed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deployed:
    """A target: the version that it serves, as far as it was reported, and every version that must be kept for it.

    ``needed`` are the versions that it serves, is to serve, or would be rolled back to, sorted.
    """

    serving: int | None = None
    needed: tuple[int, ...] = ()
