"""What falls due: uploads that were not finished in time, and bytes of versions that are gone."""

from typing import Final

from chalicelib.aws import items, keys
from chalicelib.aws.keys import Key
from chalicelib.aws.names import DUE
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, key_of
from chalicelib.domain.access import Principal
from chalicelib.domain.decision import NoChange, Outcome
from chalicelib.domain.decisions import versions as decisions
from chalicelib.domain.events import Origin
from chalicelib.domain.version import Status, Version
from chalicelib.registry import requests
from chalicelib.registry.commit import Request, Snapshot, change_model, model_keys

_PAGE: Final = 100
_KEEPER: Final = Principal("keeper", ())


def sweep_due(services: Services, request_id: str) -> int:
    """Expire unfinished uploads that are due and purge the bytes of buried versions; answers how many were done.

    Each step can be repeated: a version stays due until its bytes are seen gone and that is committed.
    """
    done = 0
    for shard in range(keys.SHARDS):
        start: dict[str, str | int] | None = None
        while True:
            stored, start = services.table.query_index(DUE, str(shard), _PAGE, up_to=services.clock(), start=start)
            found = services.table.load([key_of(item) for item in stored]) if stored else {}
            for key, item in found.items():
                done += _settle_item(services, key, item, request_id)
            if start is None:
                break
    return done


def _settle_item(services: Services, key: Key, item: Item, request_id: str) -> int:
    if not key.sort.startswith(keys.REQUEST_PREFIX):
        return _settle(services, items.version_from(item), request_id)
    due = items.request_from(item)
    requests.expire(services, Request(_KEEPER, request_id), due.model, due.number)
    return 1


def _settle(services: Services, version: Version, request_id: str) -> int:
    request = Request(_KEEPER, request_id)
    if version.status is Status.PENDING and not _expire(services, request, version):
        return 0
    if services.bucket.delete_prefix(version.uid):
        _purge(services, request, version)
        return 1
    return 0


def _expire(services: Services, request: Request, version: Version) -> bool:
    """Whether the version is buried now. One that became READY while the sweep ran is not, and keeps its bytes."""

    def decide(snapshot: Snapshot, origin: Origin) -> Outcome[bool]:
        current = snapshot.version(version.number)
        if snapshot.model is None or current is None:
            return NoChange(snapshot.buried(version.number) is not None)
        return decisions.expire(snapshot.model, snapshot.scheme, current, origin)

    asked = model_keys(version.model, versions=[version.number], scheme=True)
    return change_model(services, request, version.model, decide, lambda _: True, asked).result


def _purge(services: Services, request: Request, version: Version) -> None:
    def decide(snapshot: Snapshot, origin: Origin) -> Outcome[None]:
        buried = snapshot.buried(version.number)
        if snapshot.model is None or buried is None:
            return NoChange(None)
        return decisions.purge(snapshot.model, buried, origin)

    asked = model_keys(version.model, versions=[version.number])
    change_model(services, request, version.model, decide, lambda _: None, asked)
