"""Entities to items and back: the one place that knows how each is kept."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.names import (
    DUE_AT,
    DUE_SHARD,
    LEDGER,
    LEDGER_SHARD,
    LISTED_CREATION,
    LISTED_NAME,
    LISTING,
    OUTBOX_AT,
    OUTBOX_SHARD,
    PARTITION_KEY,
    SORT_KEY,
    TIME_TO_LIVE,
)
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.decision import RegistryLedger
from chalicelib.domain.events import Head
from chalicelib.domain.instants import Instant
from chalicelib.domain.manifest import File, Multipart, Proof
from chalicelib.domain.model import Model, Profile
from chalicelib.domain.pointers import Pointer
from chalicelib.domain.promotion_rule import rule_document, rule_from_document
from chalicelib.domain.usage import Usage
from chalicelib.domain.version import Description, Status, Version


def item(key: Key, attributes: Mapping[str, str | int]) -> Item:
    return {PARTITION_KEY: key.partition, SORT_KEY: key.sort, **attributes}


def head_attributes(head: Head) -> Item:
    return {"revision": head.revision, "head_hash": head.hash, "head_event": head.event_id}


def head_item(ledger: str, head: Head, body: str) -> Item:
    """Carries the keys of the list of all ledgers, which are the same in every revision of it."""
    listed: Item = {LEDGER_SHARD: keys.shard(ledger), LEDGER: ledger}
    return item(keys.head(ledger), {**head_attributes(head), "body": body, **listed})


def head_from(stored: Item) -> Head:
    return Head(int(stored["revision"]), str(stored["head_hash"]), str(stored["head_event"]))


def ledger_body(ledger: Model | RegistryLedger) -> str:
    if isinstance(ledger, RegistryLedger):
        return "{}"
    return canonical_json(
        {
            "name": ledger.name,
            "deleted": ledger.deleted,
            "last_version": ledger.last_version,
            "versions": ledger.versions,
            "aliases": _pointers(ledger.aliases),
            "stages": _pointers(ledger.stages),
            "rule": None if ledger.rule is None else rule_document(ledger.rule),
            "created_at": ledger.created_at,
            "created_by": ledger.created_by,
            "updated_at": ledger.updated_at,
        }
    )


def model_from(stored: Item) -> Model:
    body = json.loads(str(stored["body"]))
    return Model(
        name=body["name"],
        head=head_from(stored),
        deleted=body["deleted"],
        last_version=body["last_version"],
        versions=body["versions"],
        aliases=_pointers_from(body["aliases"]),
        stages=_pointers_from(body["stages"]),
        rule=None if body["rule"] is None else rule_from_document(body["rule"]),
        created_at=body["created_at"],
        created_by=body["created_by"],
        updated_at=body["updated_at"],
    )


def profile_item(model: Model, profile: Profile) -> Item:
    """Carries the listing's keys: the lists of models are written only when a profile is."""
    return item(
        keys.profile(model.name),
        {
            "body": canonical_json(profile.document()),
            "name": model.name,
            "created_at": model.created_at,
            "created_by": model.created_by,
            LISTING: keys.MODEL_LISTING,
            LISTED_NAME: model.name,
            LISTED_CREATION: f"{model.created_at}#{model.name}",
        },
    )


def profile_from(stored: Item) -> Profile:
    return Profile(**json.loads(str(stored["body"])))


def version_attributes(version: Version) -> Item:
    """The attributes that a version's item and the copies in its aliases share."""
    body = {
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
    }
    return {
        "body": canonical_json(body),
        "status": version.status.value,
        "stage": version.stage,
        "stage_since": version.stage_since,
        "updated_at": version.updated_at,
        "revision": version.revision,
        "aliases": canonical_json(version.aliases),
    }


def version_item(version: Version) -> Item:
    attributes = version_attributes(version)
    if version.status is Status.PENDING:
        attributes |= due(version.model, version.upload_expires_at)
    return item(keys.version(version.model, version.number), attributes)


def buried_item(version: Version, purge_at: Instant | None) -> Item:
    attributes = version_attributes(version)
    if purge_at is not None:
        attributes |= due(version.model, purge_at)
    return item(keys.buried(version.model, version.number), attributes)


def version_from(stored: Item) -> Version:
    body = json.loads(str(stored["body"]))
    described = {field: body.pop(field) for field in Description.__dataclass_fields__}
    return Version(
        description=Description(**described),
        status=Status(str(stored["status"])),
        stage=str(stored["stage"]),
        stage_since=Instant(str(stored["stage_since"])),
        updated_at=Instant(str(stored["updated_at"])),
        revision=int(stored["revision"]),
        aliases=tuple(json.loads(str(stored["aliases"]))),
        **body,
    )


def manifest_body(files: tuple[File, ...]) -> str:
    return canonical_json([{k: v for k, v in asdict(file).items() if v is not None} for file in files])


def files_from(body: str) -> tuple[File, ...]:
    return tuple(_file(stored) for stored in json.loads(body))


def event_item(ledger: str, event: Mapping[str, Any]) -> Item:
    """In the outbox until the relay has put it on the bus."""
    return item(
        keys.event(ledger, event["sequence"]),
        {
            "body": canonical_json(event),
            OUTBOX_SHARD: keys.shard(ledger),
            OUTBOX_AT: event["time"],
        },
    )


def event_from(stored: Item) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(str(stored["body"]))
    return event


def usage_from(stored: Item) -> Usage:
    alias = stored.get("last_alias")
    return Usage(
        model=str(stored["model"]),
        version=int(stored["version"]),
        principal=str(stored["principal"]),
        count=int(stored["uses"]),
        first_at=Instant(str(stored["first_at"])),
        last_at=Instant(str(stored["last_at"])),
        last_alias=None if alias is None else str(alias),
    )


def receipt_item(key: Key, fingerprint: str, subject: str, expires_at: int) -> Item:
    return item(key, {"fingerprint": fingerprint, "subject": subject, TIME_TO_LIVE: expires_at})


def due(model: str, at: Instant) -> Item:
    return {DUE_SHARD: keys.shard(model), DUE_AT: at}


def _file(stored: dict[str, Any]) -> File:
    multipart = stored.pop("multipart", None)
    proof = Proof(stored.pop("verified"))
    return File(**stored, verified=proof, multipart=None if multipart is None else Multipart(**multipart))


def _pointers(pointers: Mapping[str, Pointer]) -> dict[str, Any]:
    return {name: [pointer.version, list(pointer.trail)] for name, pointer in pointers.items()}


def _pointers_from(stored: Mapping[str, Any]) -> dict[str, Pointer]:
    return {name: Pointer(version, tuple(trail)) for name, (version, trail) in stored.items()}
