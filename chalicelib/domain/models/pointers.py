"""Pointers: where an alias or a stage points, and where it pointed before. All methods return a new pointer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MAX_TRAIL: Final = 20


@dataclass(frozen=True, slots=True)
class Pointer:
    """The version that an alias or stage points at, if any, and its ``trail``: at most 20 earlier ones, oldest first.

    A roll-back takes the newest entry off the trail, so two roll-backs go back two steps.
    """

    version: int | None = None
    trail: tuple[int, ...] = ()

    def moved_to(self, version: int) -> "Pointer":
        """Pointing at ``version``. The version that it pointed at before joins the trail."""
        kept = tuple(earlier for earlier in self.trail if earlier != version)
        if self.version is not None:
            kept = (*(earlier for earlier in kept if earlier != self.version), self.version)
        return Pointer(version, kept[-MAX_TRAIL:])

    def vacated(self) -> "Pointer":
        """Pointing at no version. The version that it pointed at joins the trail."""
        if self.version is None:
            return self
        kept = tuple(earlier for earlier in self.trail if earlier != self.version)
        return Pointer(None, (*kept, self.version)[-MAX_TRAIL:])

    def rolled_back(self) -> "Pointer | None":
        """Pointing at the newest version of the trail, or None if the trail is empty."""
        if not self.trail:
            return None
        return Pointer(self.trail[-1], self.trail[:-1])

    def returned_to(self, version: int) -> "Pointer":
        """Pointing at ``version`` of the trail again. It and newer entries leave the trail. Raises ValueError."""
        return Pointer(version, self.trail[: self.trail.index(version)])

    def without(self, version: int) -> "Pointer":
        """Without ``version``, which is gone for good: neither pointing at it nor with it in the trail."""
        trail = tuple(earlier for earlier in self.trail if earlier != version)
        return Pointer(None if self.version == version else self.version, trail)

    def left_by(self, version: int) -> "Pointer":
        """For a shared stage that ``version`` left. If it was the last to enter, the one before it comes forward."""
        rest = self.without(version)
        return rest if rest.version is not None else rest.rolled_back() or rest


def without_version(pointers: Iterable[tuple[str, Pointer]], version: int) -> dict[str, Pointer]:
    """The pointers by name, each without ``version``. Those that are then empty are left out."""
    remaining = ((name, pointer.without(version)) for name, pointer in pointers)
    return {name: pointer for name, pointer in remaining if pointer != Pointer()}
