"""What follows for a model from changes of its profile."""

from dataclasses import replace

from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Profile


def revise_described(settlement: Settlement) -> Settlement:
    """A model is revised when it is created and when its description changes."""
    for difference in settlement.of(Profile):
        before, after = difference.before, difference.after
        if after is not None and (before is None or before.description != after.description):
            return replace(settlement, after=replace(settlement.after, revised_at=settlement.stamp.time))
    return settlement
