"""The history of a model's pointers: which alias or stage moved from which version to which."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer


@dataclass(frozen=True, slots=True)
class PointerMove:
    """A move of ``alias:<name>`` or ``stage:<name>``. A version is None where the pointer points nowhere."""

    pointer: str
    version: int | None
    previous_version: int | None


def moves(before: Model | None, after: Model) -> tuple[PointerMove, ...]:
    """All moves of pointers from one state of the model to the next, aliases first, each by name."""
    former = before or Model(after.name)
    return (*_moves("alias", former.aliases, after.aliases), *_moves("stage", former.stages, after.stages))


def _moves(kind: str, before: Mapping[str, Pointer], after: Mapping[str, Pointer]) -> list[PointerMove]:
    nowhere = Pointer()
    pointers = ((name, before.get(name, nowhere), after.get(name, nowhere)) for name in sorted({*before, *after}))
    return [
        PointerMove(f"{kind}:{name}", new.version, old.version)
        for name, old, new in pointers
        if new.version != old.version
    ]
