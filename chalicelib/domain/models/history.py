"""The history of a model's pointers: which alias, stage or target moved from which version to which."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer


@dataclass(frozen=True, slots=True)
class PointerMove:
    """A move of ``alias:<name>``, ``stage:<name>`` or ``target:<name>``.

    A version is None where the pointer points nowhere, or the target serves none that is known.
    """

    pointer: str
    version: int | None
    previous_version: int | None


def moves(before: Model | None, after: Model) -> tuple[PointerMove, ...]:
    """All moves of pointers from one state of the model to the next: aliases, stages, targets, each by name."""
    former = before or Model(after.name)
    return (
        *_moves("alias", former.aliases, after.aliases),
        *_moves("stage", former.stages, after.stages),
        *_moves("target", _served(former), _served(after)),
    )


def _served(model: Model) -> dict[str, Pointer]:
    return {name: Pointer(target.serving) for name, target in model.deployed.items()}


def _moves(kind: str, before: Mapping[str, Pointer], after: Mapping[str, Pointer]) -> list[PointerMove]:
    nowhere = Pointer()
    pointers = ((name, before.get(name, nowhere), after.get(name, nowhere)) for name in sorted({*before, *after}))
    return [
        PointerMove(f"{kind}:{name}", new.version, old.version)
        for name, old, new in pointers
        if new.version != old.version
    ]
