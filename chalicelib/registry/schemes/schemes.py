"""Promotion schemes: save, read, list, choose the default, assign to models, and the risk tier of a model."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import document_from
from chalicelib.aws.names import FOLLOWING_MODEL, MODELS_BY_SCHEME
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.errors import ModelNotFoundError, SchemeIncompatibleError
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.models.decisions import existing as existing_model
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes import decisions
from chalicelib.domain.schemes.decisions import Assigned, SavedScheme
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.rules import check_scheme
from chalicelib.registry.ledger.commit import (
    Changed,
    Idempotency,
    RegistrySnapshot,
    Request,
    Snapshot,
    change_model,
    change_registry,
    model_keys,
)
from chalicelib.registry.models.models import DEFAULT_SCHEME_KEY, model_head
from chalicelib.registry.page import Page

_FOLLOWERS: Final = 100
_VERSIONS: Final = 500
_RULE: Final = Principal("rule:scheme", ())


def save_scheme(services: Services, request: Request, document: Mapping[str, Any]) -> Changed[SavedScheme]:
    """Save a scheme as its next version. Raises InvalidInputError with every fault, BuiltinSchemeError."""
    from chalicelib.registry.schemes.conditions import refused

    check_scheme(document, refused)
    name = document["name"]

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Outcome[SavedScheme]:
        stored = snapshot.record(decisions.KIND, name)
        current = None if stored is None else decisions.from_record(stored)
        request.check_match(0 if current is None else current.revision)
        default = snapshot.record(decisions.DEFAULT_KIND, decisions.DEFAULT_ID)
        return decisions.save(snapshot.ledger, current, default, document, stamp)

    records = [(decisions.KIND, name), (decisions.DEFAULT_KIND, decisions.DEFAULT_ID)]
    return change_registry(services, request, decide, lambda _: get_scheme(services, name), records)


def get_scheme(services: Services, name: str, version: int | None = None) -> SavedScheme:
    """The scheme ``name`` as it is, or as a version of it was. Raises SchemeNotFoundError."""
    if name in PRESETS and version in (None, 1):
        return decisions.existing(name, None)
    key = (
        keys.record(decisions.KIND, name)
        if version is None
        else keys.record(decisions.VERSION_KIND, decisions.version_id(name, version))
    )
    stored = services.table.get(key)
    if stored is None and version is not None:
        raise decisions.no_version(name, version)
    return decisions.existing(name, None if stored is None else document_from(stored))


def list_schemes(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[SavedScheme]:
    """The built-in schemes on the first page, then one's own by name."""
    after = None if start is None else keys.record(decisions.KIND, str(start["name"])).sort
    stored, last = services.table.query("REGISTRY", f"{decisions.KIND}#", limit, after)
    own = tuple(decisions.from_record(json.loads(str(item["body"]))) for item in stored)
    builtin = tuple(decisions.existing(name, None) for name in PRESETS) if start is None else ()
    return Page(builtin + own, {"name": own[-1].document["name"]} if last is not None and own else None)


def get_default(services: Services) -> Mapping[str, Any]:
    """The scheme that new models are given."""
    return document_from(services.table.get(DEFAULT_SCHEME_KEY)) or PRESETS["default"]


def set_default(services: Services, request: Request, name: str) -> Changed[Mapping[str, Any]]:
    """Give new models the scheme ``name``, in its versions to come too. Raises SchemeNotFoundError."""

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Outcome[Mapping[str, Any]]:
        wanted = decisions.existing(name, snapshot.record(decisions.KIND, name))
        present = snapshot.record(decisions.DEFAULT_KIND, decisions.DEFAULT_ID)
        return decisions.set_default(snapshot.ledger, present, wanted.document, stamp)

    records = [(decisions.KIND, name), (decisions.DEFAULT_KIND, decisions.DEFAULT_ID)]
    return change_registry(services, request, decide, lambda _: get_default(services), records)


def get_model_scheme(services: Services, model: str) -> Assigned:
    """The scheme that judges a model, and whether it follows it. Raises ModelNotFoundError."""
    asked = model_keys(model, scheme=True)
    snapshot = Snapshot(model, asked, services.table.load(asked))
    existing_model(snapshot.model, model)
    return _assigned(snapshot)


def assign_scheme(services: Services, request: Request, model: str, name: str, version: int | None) -> Changed[Model]:
    """Let a scheme judge a model: with ``version`` that one for good, else the present and later ones.

    Raises SchemeNotFoundError, SchemeIncompatibleError. The scheme's record is read with the model.
    """
    record = (
        (decisions.KIND, name) if version is None else (decisions.VERSION_KIND, decisions.version_id(name, version))
    )
    builtin = name in PRESETS and version in (None, 1)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Model]:
        current = existing_model(snapshot.model, model)
        request.check_match(current.head.revision)
        stored = snapshot.document(keys.record(*record)) or None
        if stored is None and version is not None and not builtin:
            raise decisions.no_version(name, version)
        wanted = decisions.existing(name, None if builtin else stored)
        given = Assigned(wanted.document, follows=version is None)
        return decisions.assign(current, _assigned(snapshot), given, Trigger.REQUEST, stamp)

    asked = [*model_keys(model, scheme=True), keys.record(*record)]
    return change_model(services, request, model, decide, lambda _: model_head(services, model), asked)


def set_tier(services: Services, request: Request, model: str, tier: Tier, reason: str | None) -> Changed[Model]:
    """Set a model's risk tier. Raises ModelNotFoundError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Model]:
        current = existing_model(snapshot.model, model)
        request.check_match(current.head.revision)
        return decisions.set_tier(current, tier, reason, stamp)

    return change_model(services, request, model, decide, lambda _: model_head(services, model))


def hand_on(services: Services, event: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Give a saved scheme to the models that follow it; answers how many have it and which it does not fit.

    A model that is newer already, or was pinned since, is left alone.
    """
    name, given, unfit = str(event["subject"]), 0, []
    start: dict[str, str | int] | None = None
    while True:
        stored, start = services.table.query_index(MODELS_BY_SCHEME, name, _FOLLOWERS, start=start)
        for item in stored:
            model = str(item[FOLLOWING_MODEL])
            try:
                given += _follow(services, event["id"], model, event["after"])
            except SchemeIncompatibleError as error:
                unfit.append(error.detail)
            except ModelNotFoundError:
                # A deleted model keeps its place in the index until it is created again.
                continue
        if start is None:
            return given, unfit


def catch_up(services: Services, event: Mapping[str, Any]) -> int:
    """Give a model, to which the event gave a scheme, a version saved meanwhile; answers whether there was one.

    Whoever assigns a scheme reads it before committing: a save in between handed it to those that followed by then.
    """
    given = event["after"]["scheme"]
    if given["name"] in PRESETS:
        return 0
    present = get_scheme(services, given["name"])
    if present.version <= given["version"]:
        return 0
    return _follow(services, event["id"], event["model"], present.document)


def _follow(services: Services, event_id: str, model: str, document: Mapping[str, Any]) -> int:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Model]:
        current = existing_model(snapshot.model, model)
        return decisions.follow(current, _assigned(snapshot), document, stamp)

    request = Request(_RULE, event_id, Idempotency(f"{event_id}:{sha256_hex(model)}", sha256_hex(model)))
    asked = model_keys(model, scheme=True)
    changed = change_model(services, request, model, decide, lambda _: model_head(services, model), asked)
    return int(changed.result.scheme.document() == {"name": document["name"], "version": document["version"]})


def _assigned(snapshot: Snapshot) -> Assigned:
    return Assigned(snapshot.scheme_document, snapshot.follows_scheme)
