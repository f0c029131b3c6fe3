"""Names of models are claimed by what they look like, so that no two models have names that look alike."""

from typing import TypeVar

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.models import items as model_items
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.models.look_alikes import NameClaimed, check_distinct, plain_twin, skeleton
from chalicelib.registry.ledger.snapshot import Snapshot

R = TypeVar("R")


def claim_keys(name: str) -> list[Key]:
    """What to read before a model is given a name: the claim of what it looks like, and the model of its plain form."""
    twin = plain_twin(name)
    return [keys.name_claim(skeleton(name)), *([] if twin is None else [keys.head(model_ledger(twin))])]


def claimant_keys(snapshot: Snapshot, name: str) -> list[Key]:
    """For a second read: the model that has claimed what ``name`` looks like, if that is another."""
    claimant = _claimant(snapshot, name)
    return [] if claimant in (None, name) else [keys.head(model_ledger(str(claimant)))]


def claimed(decision: Decision[R], snapshot: Snapshot, name: str, leaving: str | None = None) -> Decision[R]:
    """The decision that gives a model its name, with the claim of what the name looks like.

    ``leaving`` is the name that the model gives up for it. Raises LookAlikeError.
    """
    for key in [*claim_keys(name)[1:], *claimant_keys(snapshot, name)]:
        stored = snapshot.item(key)
        other = None if stored is None else model_items.model_from(stored)
        if other is not None and other.name != leaving:
            check_distinct(name, other)
    claimant = _claimant(snapshot, name)
    return decision if claimant == name else decision.with_changes(NameClaimed(skeleton(name), claimant))


def _claimant(snapshot: Snapshot, name: str) -> str | None:
    stored = snapshot.item(keys.name_claim(skeleton(name)))
    return None if stored is None else model_items.claimant_of(stored)
