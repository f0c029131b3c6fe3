"""Which versions of each stage an overview shows."""

from collections.abc import Mapping

from chalicelib.domain.models.model import Model
from chalicelib.domain.models.newest import MAX_KEPT
from chalicelib.domain.schemes.scheme import Scheme


def shown_in_stages(model: Model, scheme: Scheme, room: int) -> Mapping[str, tuple[int, ...]]:
    """The versions to show of each stage, highest number first: its holder, and the newest that the head knows.

    There is ``room`` for so many versions in all. The stages share what their holders leave of it, at most eight each.
    """
    holders = {stage: model.holder(stage) for stage in scheme.stages}
    held = sum(holder is not None for holder in holders.values())
    each = max(0, min(MAX_KEPT, (room - held) // len(holders)))
    return {
        stage: tuple(
            sorted({*model.newest_in(stage).numbers[:each], *([] if holder is None else [holder])}, reverse=True)
        )
        for stage, holder in holders.items()
    }
