"""What the head of a model shows of its places."""

from dataclasses import replace

from chalicelib.domain.deployments.place import Place
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model


def note_deployed(settlement: Settlement) -> Settlement:
    """Keep in the head which versions each target serves and needs, so that none of them is deleted."""
    differences = settlement.of(Place)
    if not differences:
        return settlement
    head: Model = settlement.after
    deployed = dict(head.deployed)
    for difference in differences:
        if difference.after is None:
            deployed.pop(difference.before.target, None)
        else:
            deployed[difference.after.target] = difference.after.deployed
    return replace(settlement, after=replace(head, deployed=deployed))
