"""A model with many versions, written as commits would have left it, but in bulk."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.models import items as model_items
from chalicelib.aws.names import INDEXES, LEDGERS
from chalicelib.aws.search import index_places
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.versions import items as version_items
from chalicelib.aws.versions import manifests
from chalicelib.domain.audit.usage import FILE, Use
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.events import GENESIS, Head, model_ledger
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.versions.manifest import File, digest
from chalicelib.domain.versions.version import Description, Status, Version
from chalicelib.registry.audit.use_counts import count_uses

_THEN = Instant("2026-01-01T00:00:00.000Z")
# Limit of BatchWriteItem.
_BATCH: Final = 25
FILES = tuple(File(f"part-{index}.bin", 1000, f"{index:064x}").pinned("v" * 32) for index in range(5))


def seed(registry: Services, name: str, versions: int, last: int | None = None, *, indexed: bool = True) -> None:
    """``versions`` READY versions of five files each; the chain's last event alone is written, as its head names it.

    ``last`` is the highest number, if it is not their count: half of them end with it, and what lies between was
    deleted. So a small model has numbers of as many digits as a large one, and its items no other size. Without
    ``indexed``, only the model and its versions are written: no index entries, lists of files and uses.
    """
    last = last or versions
    numbers = [*range(1, versions - versions // 2 + 1), *range(last - versions // 2 + 1, last + 1)]
    event: dict[str, Any] = {
        "sequence": 2 * last + 1,
        "id": "seed",
        "time": _THEN,
        "ledger": model_ledger(name),
        "hash": GENESIS,
    }
    model = Model(
        name,
        head=Head(event["sequence"], GENESIS, "seed", _THEN),
        last_version=last,
        versions=versions,
        created_at=_THEN,
        created_by="bench",
        updated_at=_THEN,
        revised_at=_THEN,
    )
    for number in numbers:
        model = model.with_moved(number, None, DEFAULT_SCHEME.initial)
    _put(registry, _items(model, numbers, indexed))
    if indexed:
        count_uses(registry, [Use(name, 7, "token:serving", FILE, _THEN)], ["seed"])


def _items(model: Model, numbers: Iterable[int], indexed: bool) -> Iterator[Item]:
    head = model_items.model_item(model)
    if indexed:
        yield head | index_places.model_change_place(model)
    else:
        # Not in the list of ledgers either: an audit would miss the events that were never written.
        yield {name: value for name, value in head.items() if name not in INDEXES[LEDGERS]}
    yield model_items.profile_item(model, Profile(description="seeded"))
    for number in numbers:
        version = seeded_version(model.name, number)
        yield version_items.version_item(version)
        if not indexed:
            continue
        yield from index_places.index_items(version).values()
        yield item(keys.manifest(model.name, number), {"files": manifests.manifest_body(FILES)})


def seeded_version(name: str, number: int) -> Version:
    """A READY version, registered a second after the one before."""
    at = later(_THEN, timedelta(seconds=number))
    version = Version(
        model=name,
        number=number,
        uid=f"uid-{number}",
        description=Description(
            metrics={"auc": 0.5 + number / 1e6},
            parameters={"depth": 6},
            tags={"team": "risk"},
            provenance={"run": {"id": f"run-{number}"}},
        ),
        status=Status.READY,
        stage=DEFAULT_SCHEME.initial,
        stage_since=_THEN,
        digest=digest(FILES),
        file_count=len(FILES),
        total_size=sum(file.size for file in FILES),
        created_at=at,
        created_by="bench",
        updated_at=at,
        revised_at=at,
        revision=2 * number,
        upload_expires_at=at,
    )
    return replace(version, ready_at=at)


def _put(registry: Services, seeded: Iterator[Item]) -> None:
    client, table = registry.client("dynamodb"), registry.table
    while batch := list(islice(seeded, _BATCH)):
        puts = [{"PutRequest": {"Item": table.put_write(one)["Put"]["Item"]}} for one in batch]
        client.batch_write_item(RequestItems={table.name: puts})
