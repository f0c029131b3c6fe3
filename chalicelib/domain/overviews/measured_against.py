"""Which version a version is measured against."""

from dataclasses import dataclass

from chalicelib.domain.models.model import CHAMPION, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.schemes.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Held:
    """A version, and the pointer that holds it: ``alias:<name>`` or ``stage:<name>``."""

    pointer: str
    version: int


def measured_against(model: Model, scheme: Scheme, number: int) -> Held | None:
    """What version ``number`` is measured against: the champion, or else the holder of the last exclusive stage.

    None if there is neither, or if it is that version itself. A stage that is empty does not count.
    """
    champion = model.aliases.get(CHAMPION, Pointer()).version
    if champion is not None:
        held = [Held(f"alias:{CHAMPION}", champion)]
    else:
        exclusive = [stage.name for stage in scheme.stages.values() if stage.exclusive]
        held = [Held(f"stage:{name}", holder) for name in exclusive if (holder := model.holder(name)) is not None]
    return held[-1] if held and held[-1].version != number else None
