"""Whether the keeper has scans to ask for: a round through all models, once for each ruleset."""

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.scanning.ruleset import RULESET

# The name of the round, under which it is kept where it stands.
ROUND = keys.patrol("rescan")


def rescan_due(services: Services) -> Item | None:
    """Where the round stands; None if there is nothing to do. A later ruleset begins it anew."""
    if not services.settings.scanning:
        return None
    stored = services.table.get(ROUND) or {}
    if stored.get("ruleset") != RULESET:
        return {"ruleset": RULESET, "done": 0}
    return None if stored["done"] else stored
