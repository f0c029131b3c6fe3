"""A model's head, profile, versions and their manifests to items and back, and the head of the registry."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import due, item
from chalicelib.aws.names import LEDGER, LEDGER_SHARD, LISTED_CREATION, LISTED_NAME, LISTING, TIME_TO_LIVE
from chalicelib.aws.search.index_places import version_places
from chalicelib.aws.table import Item
from chalicelib.domain.access.administrators import Administrator
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import RegistryState
from chalicelib.domain.ledger.events import Head
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.models.newest import Newest
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Freeze, Hold, Lock, Restriction
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.schemes.promotion_rule import rule_document, rule_from_document
from chalicelib.domain.schemes.scheme import SchemeRef
from chalicelib.domain.versions.intake import Intake, SourceFile
from chalicelib.domain.versions.manifest import File, Multipart, Proof
from chalicelib.domain.versions.version import Burial, Description, Status, Version

_MODEL_DEFAULTS: Final[dict[str, Any]] = {
    "scheme": asdict(DEFAULT_SCHEME.ref),
    "tier": Tier.LOW.value,
    "last_request": 0,
    "open_requests": {},
    "frozen": None,
    "locked": [],
    "retention": None,
    "protected_aliases": [],
    "newest": {},
}
# Of these, what is empty is left out of a head.
_SELDOM_THERE: Final = frozenset(
    {"last_request", "open_requests", "frozen", "locked", "retention", "protected_aliases", "newest"}
)


def head_item(ledger: str, head: Head, body: str) -> Item:
    """Carries the keys of the list of all ledgers, which are the same in every revision of it."""
    attributes: Item = {
        "revision": head.revision,
        "head_hash": head.hash,
        "head_event": head.event_id,
        "head_time": head.time,
        "body": body,
        LEDGER_SHARD: keys.shard(ledger),
        LEDGER: ledger,
    }
    return item(keys.head(ledger), attributes)


def head_from(stored: Item) -> Head:
    return Head(
        int(stored["revision"]),
        str(stored["head_hash"]),
        str(stored["head_event"]),
        Instant(str(stored.get("head_time", ""))),
    )


def ledger_body(ledger: Model | RegistryState) -> str:
    if isinstance(ledger, RegistryState):
        administrators = [[one.source, list(one.roles), one.until] for one in ledger.administrators]
        return canonical_json({"administrators": administrators, "counts": ledger.counts})
    body = {
        "name": ledger.name,
        "deleted": ledger.deleted,
        "last_version": ledger.last_version,
        "versions": ledger.versions,
        "aliases": _pointers(ledger.aliases),
        "stages": _pointers(ledger.stages),
        "rule": None if ledger.rule is None else rule_document(ledger.rule),
        "scheme": asdict(ledger.scheme),
        "tier": ledger.tier.value,
        "last_request": ledger.last_request,
        "open_requests": {str(number): list(about) for number, about in ledger.open_requests.items()},
        "frozen": _document(ledger.frozen),
        "locked": ledger.locked,
        "retention": _document(ledger.retention),
        "protected_aliases": ledger.protected_aliases,
        "created_at": ledger.created_at,
        "created_by": ledger.created_by,
        "updated_at": ledger.updated_at,
        "revised_at": ledger.revised_at,
        "standing": ledger.standing,
        "newest": {stage: [list(at.numbers), at.rest] for stage, at in ledger.newest.items()},
    }
    # Every commit writes the head, and pays for each kilobyte of it.
    return canonical_json({name: value for name, value in body.items() if value or name not in _SELDOM_THERE})


def registry_ledger_from(stored: Item) -> RegistryState:
    body = json.loads(str(stored["body"]))
    return RegistryState(
        head=head_from(stored),
        administrators=tuple(
            Administrator(source, tuple(roles), until) for source, roles, until in body.get("administrators", ())
        ),
        counts=body.get("counts", {}),
    )


def model_from(stored: Item) -> Model:
    # A table may hold heads that were written before these fields were thought of.
    body = _MODEL_DEFAULTS | json.loads(str(stored["body"]))
    return Model(
        name=body["name"],
        head=head_from(stored),
        deleted=body["deleted"],
        last_version=body["last_version"],
        versions=body["versions"],
        aliases=_pointers_from(body["aliases"]),
        stages=_pointers_from(body["stages"]),
        rule=None if body["rule"] is None else rule_from_document(body["rule"]),
        scheme=SchemeRef(**{"archive": DEFAULT_SCHEME.archive, **body["scheme"]}),
        tier=Tier(body["tier"]),
        last_request=body["last_request"],
        open_requests={int(number): (about[0], about[1]) for number, about in body["open_requests"].items()},
        frozen=Freeze.from_document(body["frozen"]),
        locked=tuple(body["locked"]),
        retention=RetentionRule.from_document(body["retention"]),
        protected_aliases=tuple(body["protected_aliases"]),
        created_at=body["created_at"],
        created_by=body["created_by"],
        updated_at=body["updated_at"],
        revised_at=body["revised_at"],
        standing=body["standing"],
        newest={stage: Newest(tuple(numbers), rest) for stage, (numbers, rest) in body["newest"].items()},
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
        "lock": _document(version.lock),
        "legal_hold": _document(version.legal_hold),
        "burial": _document(version.burial),
        "restored_at": version.restored_at,
        "intake": version.intake,
    }
    return {
        "body": canonical_json(body),
        "status": version.status.value,
        "stage": version.stage,
        "stage_since": version.stage_since,
        "updated_at": version.updated_at,
        "revised_at": version.revised_at,
        "revision": version.revision,
        "aliases": canonical_json(version.aliases),
    }


def version_item(version: Version) -> Item:
    """With its places in the indexes of the search, which its copies in aliases do not have."""
    attributes = version_attributes(version) | version_places(version)
    if version.status is Status.PENDING:
        attributes |= due(version.model, version.upload_expires_at)
    return item(keys.version(version.model, version.number), attributes)


def buried_item(version: Version) -> Item:
    """Due for the keeper while there are bytes that may go: a legal hold takes it out, its release puts it back."""
    attributes = version_attributes(version)
    if version.burial is not None and version.status is not Status.PURGED and version.legal_hold is None:
        attributes |= due(version.model, version.burial.purge_at)
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
        revised_at=Instant(str(stored["revised_at"])),
        revision=int(stored["revision"]),
        aliases=tuple(json.loads(str(stored["aliases"]))),
        lock=Lock.from_document(body.pop("lock", None)),
        legal_hold=Hold.from_document(body.pop("legal_hold", None)),
        burial=Burial.from_document(body.pop("burial", None)),
        intake=None if (how := body.pop("intake", None)) is None else Intake(how),
        **body,
    )


def manifest_body(files: tuple[File, ...]) -> str:
    return canonical_json([{k: v for k, v in asdict(file).items() if v is not None} for file in files])


def files_from(body: str) -> tuple[File, ...]:
    return tuple(_file(stored) for stored in json.loads(body))


def intake_item(model: str, number: int, files: tuple[SourceFile, ...], expires_at: int) -> Item:
    """Forgotten by itself, some time after it can have been of use. What all keys begin with is said once."""
    prefix = next((file.key.removesuffix(file.path) for file in files if file.uri is None), "")
    body = [_source_document(file, prefix) for file in files]
    plan: Item = {"prefix": prefix, "files": canonical_json(body), TIME_TO_LIVE: expires_at}
    return item(keys.intake(model, number), plan)


def intake_from(stored: Item) -> tuple[SourceFile, ...]:
    prefix = str(stored["prefix"])
    return tuple(
        SourceFile(**file) if "uri" in file else SourceFile(**file, key=prefix + file["path"])
        for file in json.loads(str(stored["files"]))
    )


def retention_item(model: str, at: Instant) -> Item:
    """When the keeper is to look through the model's versions, and after which number."""
    return item(keys.retention(model), {"name": model, "after": 0, **due(model, at)})


def _document(thing: Restriction | RetentionRule | Burial | None) -> dict[str, Any] | None:
    return None if thing is None else thing.document()


def _file(stored: dict[str, Any]) -> File:
    multipart = stored.pop("multipart", None)
    proof = Proof(stored.pop("verified"))
    return File(**stored, verified=proof, multipart=None if multipart is None else Multipart(**multipart))


def _source_document(file: SourceFile, prefix: str) -> dict[str, Any]:
    if file.uri is None and file.key != prefix + file.path:
        raise ValueError(f"{file.key!r} is not below {prefix!r}, where the other files are")
    document = {name: value for name, value in asdict(file).items() if value is not None}
    del document["key"]
    return document


def _pointers(pointers: Mapping[str, Pointer]) -> dict[str, Any]:
    return {name: [pointer.version, list(pointer.trail)] for name, pointer in pointers.items()}


def _pointers_from(stored: Mapping[str, Any]) -> dict[str, Pointer]:
    return {name: Pointer(version, tuple(trail)) for name, (version, trail) in stored.items()}
