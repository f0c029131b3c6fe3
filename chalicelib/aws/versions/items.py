"""Versions, copy plans and labels: to items and back."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, due, item
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.names import TIME_TO_LIVE
from chalicelib.aws.search import index_places
from chalicelib.aws.table import Item, Table, Write, key_of
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant, epoch_seconds, later
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.restrictions import Hold, Lock
from chalicelib.domain.scanning.scan_state import Scan
from chalicelib.domain.versions.contents import Copying, CopyPlan
from chalicelib.domain.versions.intake import Intake, SourceFile
from chalicelib.domain.versions.version import Burial, Description, Displaced, Label, Repointed, Status, Version

# A copy plan is of no use once the version's window has ended; it is kept for a while, for who looks into a failure.
_PLAN_KEPT: Final = timedelta(days=7)


def version_attributes(version: Version) -> Item:
    """The attributes of a version's item but its places in indexes."""
    document = {
        "model": version.model,
        "number": version.number,
        "uid": version.uid,
        **version.description.document(),
        "digest": version.digest,
        "file_count": version.file_count,
        "total_size": version.total_size,
        "created_at": version.created_at,
        "created_by": version.created_by,
        "upload_expires_at": version.upload_expires_at,
        "ready_at": version.ready_at,
        "lock": None if version.lock is None else version.lock.document(),
        "legal_hold": None if version.legal_hold is None else version.legal_hold.document(),
        "burial": None if version.burial is None else version.burial.document(),
        "restored_at": version.restored_at,
        "intake": version.intake,
        **({"authors": list(version.authors)} if version.authors else {}),
        **({} if version.scan is None else {"scan": version.scan.document()}),
    }
    return {
        **body(document),
        "status": version.status.value,
        "stage": version.stage,
        "stage_since": version.stage_since,
        "updated_at": version.updated_at,
        "revised_at": version.revised_at,
        "revision": version.revision,
        "aliases": canonical_json(version.aliases),
    }


def version_item(version: Version) -> Item:
    """A visible version lies in the indexes of the search. A pending, deleted or expired one is due for the keeper.

    A legal hold takes a deleted version out of the keeper's index; its release puts it back. A purged one is done.
    """
    attributes = version_attributes(version)
    if version.burial is None:
        attributes |= index_places.version_places(version)
        if version.status is Status.PENDING:
            attributes |= due(version.model, version.upload_expires_at)
        return item(keys.version(version.model, version.number), attributes)
    if version.status is not Status.PURGED and version.legal_hold is None:
        attributes |= due(version.model, version.burial.purge_at)
    return item(keys.buried(version.model, version.number), attributes)


def version_from(stored: Item) -> Version:
    """The version of an item."""
    document = document_from(stored)
    intake = document.get("intake")
    return Version(
        **{
            **known_fields(Version, document),
            "description": Description(**known_fields(Description, document)),
            "status": Status(str(stored["status"])),
            "stage": str(stored["stage"]),
            "stage_since": Instant(str(stored["stage_since"])),
            "updated_at": Instant(str(stored["updated_at"])),
            "revised_at": Instant(str(stored["revised_at"])),
            "revision": int(stored["revision"]),
            "aliases": tuple(json.loads(str(stored["aliases"]))),
            "lock": Lock.from_document(document.get("lock")),
            "legal_hold": Hold.from_document(document.get("legal_hold")),
            "burial": Burial.from_document(document.get("burial")),
            "intake": None if intake is None else Intake(intake),
            "authors": tuple(document.get("authors", ())),
            "scan": Scan.from_document(document.get("scan")),
        }
    )


def copying_item(copying: Copying) -> Item:
    """Due for the keeper when nobody can be copying any more."""
    attributes: Item = {"uid": copying.uid, "until": copying.until}
    return item(keys.copying(copying.uid), attributes | due(copying.uid, copying.until))


def copying_from(stored: Item) -> Copying:
    return Copying(str(stored["uid"]), Instant(str(stored["until"])))


def is_copying(stored: Item) -> bool:
    """Whether an item tells of a copying. Items of other kinds have no ``uid`` of their own."""
    return key_of(stored) == keys.copying(str(stored.get("uid")))


def version_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Move a version that was buried or restored to its other key. Update versions that were not loaded in place."""
    for difference in settlement.of(Version):
        before, after = difference.before, difference.after
        if before is not None and before.visible != after.visible:
            yield table.delete_write(_places(before.model, before.number)[0 if before.visible else 1])
    for number, attributes in _unread_changes(settlement).items():
        yield table.set_write(keys.version(settlement.after.owner, number), attributes)


def _unread_changes(settlement: Settlement) -> dict[int, Item]:
    """The changed attributes of versions that were not loaded, by number: aliases, and the stage if displaced."""
    changes = {change.number: _repointed(settlement, change.number) for change in settlement.named_as(Repointed)}
    for displaced in settlement.named_as(Displaced):
        changes[displaced.number] = _repointed(settlement, displaced.number) | _displaced(settlement, displaced)
    return changes


def _repointed(settlement: Settlement, number: int) -> Item:
    model: Model = settlement.after
    return {
        "aliases": canonical_json(model.aliases_of(number)),
        "revision": settlement.stamp.revision,
        "updated_at": settlement.stamp.time,
    }


def _displaced(settlement: Settlement, displaced: Displaced) -> Item:
    time = settlement.stamp.time
    return {
        "stage": displaced.entered,
        "stage_since": time,
        "revised_at": time,
        **index_places.stage_place(settlement.after.owner, displaced.entered),
        **index_places.change_place(settlement.after.owner, displaced.number, time),
    }


def _places(model: str, number: int) -> Sequence[Key]:
    return (keys.version(model, number), keys.buried(model, number))


def _plan_item(model: Model, plan: CopyPlan) -> Item:
    """DynamoDB forgets it in time. The prefix that all source keys share is stored once."""
    prefix = next((file.key.removesuffix(file.path) for file in plan.files if file.uri is None), "")
    attributes: Item = {
        "prefix": prefix,
        "files": canonical_json([_source_document(file, prefix) for file in plan.files]),
        "until": plan.until,
        TIME_TO_LIVE: epoch_seconds(later(plan.until, _PLAN_KEPT)),
    }
    return item(keys.intake(model.name, plan.number), attributes)


def _plan_from(stored: Item) -> CopyPlan:
    prefix = str(stored["prefix"])
    files = tuple(
        SourceFile(**({"key": prefix + file["path"]} | known_fields(SourceFile, file) if "uri" not in file else file))
        for file in json.loads(str(stored["files"]))
    )
    return CopyPlan(keys.number_of(stored), files, Instant(str(stored.get("until", ""))))


def _source_document(file: SourceFile, prefix: str) -> dict[str, Any]:
    if file.uri is None and file.key != prefix + file.path:
        raise ValueError(f"{file.key!r} is not below {prefix!r}, where the other files are")
    document = {name: value for name, value in asdict(file).items() if value is not None}
    del document["key"]
    return document


def _label_item(model: Model, label: Label) -> Item:
    return item(keys.label(model.name, label.text), {"number": label.number})


def _label_from(stored: Item) -> Label:
    return Label(keys.label_of(stored), int(stored["number"]))


CODECS: Final = (
    Codec(Version, _places, lambda _, version: version_item(version), version_from),
    Codec(CopyPlan, lambda model, number: (keys.intake(model, number),), _plan_item, _plan_from),
    Codec(Copying, lambda _, uid: (keys.copying(uid),), lambda _, copying: copying_item(copying), copying_from),
    Codec(
        Label,
        lambda model, text: (keys.label(model, text),),
        _label_item,
        _label_from,
        once=True,
        prefix=keys.LABEL_PREFIX,
    ),
)
