"""Movable pointers: an alias, or the holder of a stage, with the versions it pointed at before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MAX_TRAIL: Final = 20


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where an alias or stage points now, and its trail: earlier versions, oldest first, at most 20.

    Rolling back walks the trail: each step takes the newest entry off it, so two roll-backs go back two steps.
    """

    version: int | None = None
    trail: tuple[int, ...] = ()

    def moved_to(self, version: int) -> "Pointer":
        """Pointing at ``version``; what it pointed at before joins the trail."""
        kept = tuple(earlier for earlier in self.trail if earlier != version)
        if self.version is not None:
            kept = (*(earlier for earlier in kept if earlier != self.version), self.version)
        return Pointer(version, kept[-MAX_TRAIL:])

    def vacated(self) -> "Pointer":
        """Pointing nowhere; what it pointed at joins the trail."""
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
        """Pointing at an earlier version of the trail again. Raises ValueError for one that is not in it."""
        return Pointer(version, self.trail[: self.trail.index(version)])

    def without(self, version: int) -> "Pointer":
        """With ``version`` gone for good: not pointed at and not in the trail."""
        trail = tuple(earlier for earlier in self.trail if earlier != version)
        return Pointer(None if self.version == version else self.version, trail)

    def left_by(self, version: int) -> "Pointer":
        """Of a shared stage, once ``version`` has left it: the version that entered it before comes forward."""
        rest = self.without(version)
        return rest if rest.version is not None else rest.rolled_back() or rest


def without_version(pointers: Iterable[tuple[str, Pointer]], version: int) -> dict[str, Pointer]:
    """Every pointer ``without`` the version, keeping those that still say something."""
    rest = ((name, pointer.without(version)) for name, pointer in pointers)
    return {name: pointer for name, pointer in rest if pointer != Pointer()}
