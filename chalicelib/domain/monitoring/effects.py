"""What the head of a model shows of its monitors."""

from dataclasses import replace

from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring.monitor import Monitor


def note_health(settlement: Settlement) -> Settlement:
    """Keep in the head how each monitor stands, so that gates and overviews know it without a read."""
    differences = settlement.of(Monitor)
    if not differences:
        return settlement
    head: Model = settlement.after
    health = dict(head.monitors)
    for difference in differences:
        if difference.after is None:
            health.pop(difference.before.name, None)
        else:
            stamped = difference.after.standing.stamped(
                None if difference.before is None else difference.before.standing, settlement.stamp
            )
            health[difference.after.name] = stamped.health
    return replace(settlement, after=replace(head, monitors=health))
