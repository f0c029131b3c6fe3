"""Whether the keeper has scans to ask for: a round through all models, once for each ruleset and second scanner."""

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.scanning.ruleset import RULESET

# The name of the round, under which it is kept where it stands.
ROUND = keys.patrol("rescan")


def rescan_due(services: Services) -> Item | None:
    """Where the round stands; None if there is nothing to do. Another ruleset or second scanner begins it anew."""
    if not services.settings.scanning:
        return None
    stored = services.table.get(ROUND) or {}
    wanted = round_by(services)
    # A round of an earlier release says nothing of a second scanner, and asked for no opinion.
    if {"ruleset": stored.get("ruleset"), "opinion": stored.get("opinion", "")} != wanted:
        return {**wanted, "done": 0}
    return None if stored["done"] else stored


def round_by(services: Services) -> Item:
    """By what a round has versions judged: the present ruleset, and the second scanner if there is one."""
    return {"ruleset": RULESET, "opinion": services.settings.second_opinion}
