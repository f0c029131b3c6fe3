"""Deleted versions: list and restore them."""

from chalicelib.aws import keys
from chalicelib.aws.models import items as model_items
from chalicelib.aws.services import Services
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.decisions import existing as existing_model
from chalicelib.domain.versions import burial_decisions as decisions
from chalicelib.domain.versions.decisions import existing
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request, Snapshot, change_model, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.page import Page
from chalicelib.registry.versions.versions import get_version, resolve


def restore_version(services: Services, request: Request, model: str, ref: str, reason: str | None) -> Changed[Version]:
    """Bring a deleted version back; one that is not deleted stays as it is. Raises VersionGoneError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Version]:
        current = existing_model(snapshot.model, model)
        buried = snapshot.buried(number)
        if buried is None:
            return NoChange(existing(model, number, snapshot.version(number)))
        request.check_match(buried.revision)
        return decisions.restore(current, snapshot.scheme, buried, reason, stamp)

    return change_model(
        services,
        request,
        model,
        decide,
        lambda subject: get_version(services, model, subject),
        model_keys(model, versions=[number], scheme=True),
    )


def list_buried(services: Services, model: str, limit: int, start: dict[str, str | int] | None) -> Page[Version]:
    """Deleted, expired and purged versions, highest number first; a deleted model's too. Raises ModelNotFoundError."""
    after = None if start is None else keys.buried(model, int(start["number"])).sort
    stored, last = services.table.query(
        keys.partition(events.model_ledger(model)), keys.BURIED_PREFIX, limit, after=after, newest_first=True
    )
    if not stored and start is None:
        model_head(services, model)
    buried = tuple(model_items.version_from(item) for item in stored)
    return Page(buried, {"number": buried[-1].number} if last is not None and buried else None)
