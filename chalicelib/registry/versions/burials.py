"""Deleted versions: list and restore them."""

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.versions import burial_decisions as decisions
from chalicelib.domain.versions.decisions import existing
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, loaded_scheme, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.page import Page
from chalicelib.registry.versions.versions import get_version, resolve


def restore_version(services: Services, request: Request, model: str, ref: str, reason: str | None) -> Changed[Version]:
    """Bring a deleted version back; one that is not deleted stays as it is. Raises VersionGoneError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Version]:
        current = loaded_model(snapshot, model)
        version = snapshot.get(Version, number)
        if version is None or version.visible:
            return NoChange(existing(model, number, version), str(number))
        request.check_match(version.revision)
        return decisions.restore(current, loaded_scheme(snapshot), version, reason, stamp)

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
    buried = tuple(version_items.version_from(item) for item in stored)
    return Page(buried, {"number": buried[-1].number} if last is not None and buried else None)
