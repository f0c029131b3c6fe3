"""What the keeper does about an item that is due."""

from collections.abc import Callable, Mapping
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.evidence import evidence_file_items
from chalicelib.aws.promotion import request_items
from chalicelib.aws.schedules import items as schedule_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, key_of
from chalicelib.aws.versions import items as version_items
from chalicelib.aws.versions.bucket import version_prefix
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.evidence.evidence_file import UnlistedFile
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions import burial_decisions as burials
from chalicelib.domain.versions import decisions
from chalicelib.domain.versions.contents import Copying
from chalicelib.domain.versions.version import PurgeReceipt, Status, Version
from chalicelib.registry.deployments import reporting
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.lifecycle import retention
from chalicelib.registry.models.model_ledger import change_model, loaded_scheme, model_keys
from chalicelib.registry.monitoring import watching
from chalicelib.registry.promotion import requests
from chalicelib.registry.scanning import overdue
from chalicelib.registry.schedules import firing, running
from chalicelib.registry.vulnerabilities import rematching

_KEEPER: Final = Principal("keeper", ())


def perform(services: Services, item: Item, request_id: str) -> int:
    """Do what is due of an item; answers how many things were done.

    An upload that was not finished in time expires, bytes of a buried version are purged, a request ends, a deployment
    is given up, a model with a retention rule is looked through, a monitor may have fallen silent, a scan that came to
    no result is asked for again, a schedule fires, versions in use are matched against other advisories, and evidence
    files that no list has are removed. Each step can be repeated: a version stays due until its bytes are seen gone and
    that is committed.
    """
    key = key_of(item)
    duty = next((duty for prefix, duty in _DUTIES.items() if key.sort.startswith(prefix)), None)
    if duty is not None:
        return duty(services, item, request_id)
    if key == keys.retention(str(item.get("name"))):
        return retention.take_turn(services, item, request_id)
    if version_items.is_copying(item):
        return _discard(services, version_items.copying_from(item))
    if evidence_file_items.is_unlisted(item):
        return _remove(services, evidence_file_items.unlisted_from(item))
    return _end(services, version_items.version_from(item), request_id)


def _fire(services: Services, item: Item, request_id: str) -> int:
    """Fire a schedule, and begin at once with what it does."""
    schedule = schedule_items.schedule_from(item)
    if not firing.fire_due(services, schedule, request_id):
        return 0
    return 1 + (running.take_turn(services, schedule.name, request_id) if schedule.job.of_models else 0)


def _go_on(services: Services, item: Item, request_id: str) -> int:
    """Go on with a run of a schedule."""
    return running.take_turn(services, schedule_items.run_from(item).schedule, request_id)


def _rematch(services: Services, item: Item, _: str) -> int:
    """Match some more versions in use against other advisories."""
    return rematching.take_turn(services, key_of(item).sort.removeprefix(keys.REMATCH_PREFIX))


def _end_request(services: Services, item: Item, request_id: str) -> int:
    """End a request whose time is over."""
    due = request_items.request_from(item)
    requests.expire(services, Request(_KEEPER, request_id), due.model, due.number)
    return 1


def _give_up(services: Services, item: Item, request_id: str) -> int:
    """Give up a deployment whose time is over."""
    key = key_of(item)
    model, target = keys.model_of(key), key.sort.removeprefix(keys.PLACE_PREFIX)
    return int(reporting.give_up(services, Request(_KEEPER, request_id), model, target))


# What is due of the items whose sort keys begin so.
_DUTIES: Final[Mapping[str, Callable[[Services, Item, str], int]]] = {
    keys.SCHEDULE_PREFIX: _fire,
    keys.SCHEDULE_RUN_PREFIX: _go_on,
    keys.REMATCH_PREFIX: _rematch,
    keys.REQUEST_PREFIX: _end_request,
    keys.PLACE_PREFIX: _give_up,
    keys.WATCH_PREFIX: watching.look,
    keys.SCAN_WATCH_PREFIX: overdue.look,
}


def _end(services: Services, version: Version, request_id: str) -> int:
    """Bury a version whose upload was not finished in time, and purge the bytes of one that is buried."""
    request = Request(_KEEPER, request_id)
    if version.status is Status.PENDING and not _expire(services, request, version):
        return 0
    if not _may_purge(services, request, version):
        return 0
    removed = services.bucket.delete_version(version.uid)
    if removed is None:
        return 0
    receipt = PurgeReceipt(services.clock(), removed.object_versions, removed.bytes, version.digest)
    _purge(services, request, version, receipt)
    return 1


def _discard(services: Services, copying: Copying) -> int:
    """Remove files that were copied for a version that was never registered."""
    if services.bucket.delete_prefix(version_prefix(copying.uid)) is None:
        return 0
    services.table.transact([services.table.drop_write(keys.copying(copying.uid))])
    return 1


def _remove(services: Services, unlisted: UnlistedFile) -> int:
    """Remove an evidence file that was not finished in time, or that was withdrawn."""
    prefix = evidence_file_items.evidence_file_prefix(unlisted.version_uid, unlisted.uid)
    if services.bucket.delete_prefix(prefix) is None:
        return 0
    services.table.transact([services.table.drop_write(keys.unlisted_file(unlisted.uid))])
    return 1


def _expire(services: Services, request: Request, version: Version) -> bool:
    """Whether the version is buried now. One that became READY while the sweep ran is not, and keeps its bytes."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        model, current = snapshot.get(Model), snapshot.get(Version, version.number)
        if model is None or current is None:
            return NoChange(False)
        if not current.visible:
            return NoChange(True)
        return decisions.expire(model, loaded_scheme(snapshot), current, stamp)

    asked = model_keys(version.model, versions=[version.number], scheme=True)
    return change_model(services, request, version.model, decide, lambda _: True, asked).result


def _may_purge(services: Services, request: Request, version: Version) -> bool:
    """Whether the version's bytes may go, which from then on keeps it from being restored or held."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        model, current = snapshot.get(Model), snapshot.get(Version, version.number)
        if model is None or current is None or current.visible:
            return NoChange(False)
        return burials.start_purge(model, current, stamp)

    asked = model_keys(version.model, versions=[version.number])
    return change_model(services, request, version.model, decide, lambda _: True, asked).result


def _purge(services: Services, request: Request, version: Version, receipt: PurgeReceipt) -> None:
    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        model, current = snapshot.get(Model), snapshot.get(Version, version.number)
        if model is None or current is None or current.visible:
            return NoChange(None)
        return burials.purge(model, current, receipt)

    asked = model_keys(version.model, versions=[version.number])
    change_model(services, request, version.model, decide, lambda _: None, asked)
