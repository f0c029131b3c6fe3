"""A model's head and profile to items and back, and the history of its pointers."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT, body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.ledger.heads import head_from, head_item
from chalicelib.aws.models.classifications import classification_from, stored_classification
from chalicelib.aws.names import LISTED_CREATION, LISTED_NAME, LISTING
from chalicelib.aws.search import index_places
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.deployed import Deployed
from chalicelib.domain.models.health import Health
from chalicelib.domain.models.history import moves
from chalicelib.domain.models.look_alikes import NameClaimed
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.models.newest import Newest
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Freeze
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.schemes.promotion_rule import rule_document, rule_from_document
from chalicelib.domain.schemes.scheme import SchemeRef

_DEFAULTS: Final[dict[str, Any]] = {
    "rule": None,
    "scheme": asdict(DEFAULT_SCHEME.ref),
    "tier": Tier.LOW.value,
    "aliases": {},
    "stages": {},
    "open_requests": {},
    "frozen": None,
    "locked": [],
    "retention": None,
    "protected_aliases": [],
    "newest": {},
    "renamed_from": "",
    "deployed": {},
    "monitors": {},
    "classification": None,
}
# Left out of a head when empty: every commit writes the head, and pays for each kilobyte of it.
_SELDOM_SET: Final = frozenset(
    {
        "last_request",
        "open_requests",
        "frozen",
        "locked",
        "retention",
        "protected_aliases",
        "newest",
        "pending_versions",
        "pending_size",
        "renamed_from",
        "last_deployment",
        "deployed",
        "monitors",
        "classification",
    }
)


def model_item(model: Model) -> Item:
    """The model's head, with its place among the models that changed."""
    document = {
        "name": model.name,
        "deleted": model.deleted,
        "last_version": model.last_version,
        "versions": model.versions,
        "aliases": _pointers(model.aliases),
        "stages": _pointers(model.stages),
        "rule": None if model.rule is None else rule_document(model.rule),
        "scheme": asdict(model.scheme),
        "tier": model.tier.value,
        "last_request": model.last_request,
        "open_requests": {str(number): list(about) for number, about in model.open_requests.items()},
        "frozen": None if model.frozen is None else model.frozen.document(),
        "locked": model.locked,
        "retention": None if model.retention is None else model.retention.document(),
        "protected_aliases": model.protected_aliases,
        "created_at": model.created_at,
        "created_by": model.created_by,
        "updated_at": model.updated_at,
        "revised_at": model.revised_at,
        "standing": model.standing,
        "pending_versions": model.pending_versions,
        "pending_size": model.pending_size,
        "newest": {stage: [list(newest.numbers), newest.rest] for stage, newest in model.newest.items()},
        "renamed_from": model.renamed_from,
        "last_deployment": model.last_deployment,
        "deployed": {name: [target.serving, list(target.needed)] for name, target in model.deployed.items()},
        "monitors": {name: [one.verdict, one.version, one.since] for name, one in model.monitors.items()},
        "classification": stored_classification(model.classification),
    }
    kept = {name: value for name, value in document.items() if value or name not in _SELDOM_SET}
    return head_item(model_ledger(model.name), model.head, kept) | index_places.model_change_place(model)


def model_from(stored: Item) -> Model:
    """The model of a head. Older heads lack some fields, and any head lacks those that were empty."""
    document = _DEFAULTS | document_from(stored)
    return Model(
        **{
            **known_fields(Model, document),
            "head": head_from(stored),
            "aliases": _pointers_from(document["aliases"]),
            "stages": _pointers_from(document["stages"]),
            "rule": None if document["rule"] is None else rule_from_document(document["rule"]),
            "scheme": SchemeRef(**{"archive": DEFAULT_SCHEME.archive, **document["scheme"]}),
            "tier": Tier(document["tier"]),
            "open_requests": {int(number): (about[0], about[1]) for number, about in document["open_requests"].items()},
            "frozen": Freeze.from_document(document["frozen"]),
            "locked": tuple(document["locked"]),
            "retention": RetentionRule.from_document(document["retention"]),
            "protected_aliases": tuple(document["protected_aliases"]),
            "deployed": {
                name: Deployed(serving, tuple(needed)) for name, (serving, needed) in document["deployed"].items()
            },
            "monitors": {name: Health(*standing) for name, standing in document["monitors"].items()},
            "classification": classification_from(document["classification"]),
            "newest": {stage: Newest(tuple(numbers), rest) for stage, (numbers, rest) in document["newest"].items()},
        }
    )


def profile_item(model: Model, profile: Profile) -> Item:
    """Carries the keys of the lists of models, which are therefore written only when a profile is."""
    return item(
        keys.profile(model.name),
        {
            **body(profile.document()),
            "name": model.name,
            "created_at": model.created_at,
            "created_by": model.created_by,
            LISTING: keys.MODEL_LISTING,
            LISTED_NAME: model.name,
            LISTED_CREATION: f"{model.created_at}#{model.name}",
        },
    )


def profile_from(stored: Item) -> Profile:
    return Profile(**known_fields(Profile, document_from(stored)))


def claimant_of(stored: Item) -> str:
    """The name of the model that has claimed what its name looks like."""
    return str(stored["claimed_by"])


def claim_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """The claim of what a model's new name looks like, on condition that nobody else has claimed it meanwhile."""
    for change in settlement.named_as(NameClaimed):
        claim = item(keys.name_claim(change.skeleton), {"claimed_by": settlement.after.name})
        if change.before is None:
            yield table.put_write(claim, ABSENT)
        else:
            yield table.put_write(claim, "claimed_by = :before", {":before": change.before})


def history_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """An entry in the history of every alias and stage that points elsewhere."""
    event = settlement.event
    for move in moves(settlement.before, settlement.after):
        entry = {
            "sequence": event["sequence"],
            "event_id": event["id"],
            "time": event["time"],
            "actor": event["actor"],
            "version": move.version,
            "previous_version": move.previous_version,
            "trigger": event["trigger"],
            "reason": event["reason"],
            "details": event["details"],
        }
        key = keys.history(settlement.after.name, move.pointer, event["time"], event["sequence"])
        yield table.put_write(item(key, body(entry)))


def _pointers(pointers: Mapping[str, Pointer]) -> dict[str, Any]:
    return {name: [pointer.version, list(pointer.trail)] for name, pointer in pointers.items()}


def _pointers_from(stored: Mapping[str, Any]) -> dict[str, Pointer]:
    return {name: Pointer(version, tuple(trail)) for name, (version, trail) in stored.items()}


CODECS: Final = (
    Codec(
        Model,
        lambda model: (keys.head(model_ledger(model)),),
        lambda _, model: model_item(model),
        model_from,
        prefix=keys.HEAD_SORT,
    ),
    Codec(Profile, lambda model: (keys.profile(model),), profile_item, profile_from, prefix=keys.PROFILE_SORT),
)
