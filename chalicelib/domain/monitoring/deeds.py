"""Deeds: what a monitor does about an alarm, besides its event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import InvalidInputError, Problem

# Who does them.
MONITORING: Final = "rule:monitoring"
MAX_DEEDS: Final = 5
MAX_PLACE: Final = 262


class Deed(StrEnum):
    """``FAIL_CHECK``: the check ``monitor.<name>`` of the version is reported as failed, and as passed on recovery.

    ``OPEN_REQUEST``: a transition request asks to move the version. ``MOVE``: the version is moved, as the scheme
    allows. ``ROLL_BACK``: a stage or an alias that the version holds is rolled back. ``FREEZE``: the model is frozen.
    """

    FAIL_CHECK = "fail_check"
    OPEN_REQUEST = "open_request"
    MOVE = "move"
    ROLL_BACK = "roll_back"
    FREEZE = "freeze"


@dataclass(frozen=True, slots=True)
class Act:
    """A deed. ``place`` is the stage to move to, or ``stage:<name>`` or ``alias:<name>`` to roll back; else empty."""

    deed: Deed
    place: str = ""

    def document(self) -> dict[str, Any]:
        return {"do": self.deed.value, **({_PLACE_FIELD[self.deed]: self.place} if self.place else {})}


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of an act: whether it was done, and what was done or why not."""

    act: Act
    done: bool
    detail: str

    def document(self) -> dict[str, Any]:
        return {**self.act.document(), "done": self.done, "detail": self.detail}


# What a person needs to do the deed, and so to have it done. The others are the monitor's own word, or ask people.
NEEDED: Final[Mapping[Deed, Action]] = {
    Deed.MOVE: Action.TRANSITION,
    Deed.ROLL_BACK: Action.TRANSITION,
    Deed.FREEZE: Action.FREEZE,
}
_PLACE_FIELD: Final = {Deed.OPEN_REQUEST: "to_stage", Deed.MOVE: "to_stage", Deed.ROLL_BACK: "pointer"}
# The order of acting: a frozen model refuses moves, so the freeze comes last.
_ORDER: Final = tuple(Deed)


def in_order(acts: Sequence[Act]) -> tuple[Act, ...]:
    """The acts in the order in which they are done.

    Raises InvalidInputError for a deed that is given twice, or that lacks its place.
    """
    deeds = [act.deed for act in acts]
    for index, act in enumerate(acts):
        place = f"/on_alarm/{index}"
        if act.deed in deeds[:index]:
            raise _invalid(place, f"names {act.deed.value} a second time")
        field = _PLACE_FIELD.get(act.deed)
        if field is not None and not 1 <= len(act.place) <= MAX_PLACE:
            raise _invalid(f"{place}/{field}", f"is needed for {act.deed.value}")
        if act.deed is Deed.ROLL_BACK and not act.place.startswith(("stage:", "alias:")):
            raise _invalid(f"{place}/{field}", "must be stage:NAME or alias:NAME")
    return tuple(sorted(acts, key=lambda act: _ORDER.index(act.deed)))


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
