"""A model with many versions, written as commits would have left it, but in bulk."""

from dataclasses import replace
from typing import Any

from chalicelib.aws import items, keys
from chalicelib.aws.items import item
from chalicelib.aws.services import Services
from chalicelib.domain.events import GENESIS, Head, model_ledger
from chalicelib.domain.instants import Instant
from chalicelib.domain.manifest import File, digest
from chalicelib.domain.model import Model, Profile
from chalicelib.domain.stages import DEFAULT_SCHEME
from chalicelib.domain.usage import FILE, Use
from chalicelib.domain.version import Description, Status, Version
from chalicelib.registry.usage import count_uses

_THEN = Instant("2026-01-01T00:00:00.000Z")
FILES = tuple(File(f"part-{index}.bin", 1000, f"{index:064x}").pinned("v" * 32) for index in range(5))


def seed(registry: Services, name: str, versions: int) -> None:
    """``versions`` READY versions of five files each; the chain's last event alone is written, as its head names it."""
    client, table = registry.client("dynamodb"), registry.table.name
    event: dict[str, Any] = {
        "sequence": 2 * versions + 1,
        "id": "seed",
        "time": _THEN,
        "ledger": model_ledger(name),
        "hash": GENESIS,
    }
    model = Model(
        name,
        head=Head(event["sequence"], GENESIS, "seed"),
        last_version=versions,
        versions=versions,
        created_at=_THEN,
        created_by="bench",
        updated_at=_THEN,
    )
    head = items.head_item(model_ledger(name), model.head, items.ledger_body(model))
    _put(client, table, registry.table.put_write(head))
    count_uses(registry, [Use(name, 7, "token:serving", FILE, _THEN)], ["seed"])
    _put(client, table, registry.table.put_write(items.profile_item(model, Profile(description="seeded"))))
    for number in range(1, versions + 1):
        version = _version(name, number)
        _put(client, table, registry.table.put_write(items.version_item(version)))
        files = {"files": items.manifest_body(FILES)}
        _put(client, table, registry.table.put_write(item(keys.manifest(name, number), files)))


def _version(name: str, number: int) -> Version:
    version = Version(
        model=name,
        number=number,
        uid=f"uid-{number}",
        description=Description(metrics={"auc": 0.5 + number / 1e6}, parameters={"depth": 6}, tags={"team": "risk"}),
        status=Status.READY,
        stage=DEFAULT_SCHEME.initial,
        stage_since=_THEN,
        digest=digest(FILES),
        file_count=len(FILES),
        total_size=sum(file.size for file in FILES),
        created_at=_THEN,
        created_by="bench",
        updated_at=_THEN,
        revision=2 * number,
        upload_expires_at=_THEN,
    )
    return replace(version, ready_at=_THEN)


def _put(client: Any, table: str, write: dict[str, Any]) -> None:
    client.put_item(TableName=table, Item=write["Put"]["Item"])
