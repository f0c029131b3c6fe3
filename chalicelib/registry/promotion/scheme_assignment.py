"""Which scheme judges a model, and the model's risk tier."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.names import FOLLOWING_MODEL, MODELS_BY_SCHEME
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.errors import ModelNotFoundError, SchemeIncompatibleError
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion import scheme_assignment as decisions
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.saved_scheme import SavedScheme, SchemeVersion, builtin_version, existing, no_version
from chalicelib.registry.ledger.commit import Changed, Idempotency, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import (
    assigned_scheme,
    change_model,
    load,
    loaded_model,
    matched_model,
    model_keys,
)
from chalicelib.registry.models.models import model_head
from chalicelib.registry.schemes.schemes import get_scheme

_FOLLOWERS: Final = 100
_RULE: Final = Principal("rule:scheme", ())


def get_model_scheme(services: Services, model: str) -> AssignedScheme:
    """The scheme that judges a model, and whether the model follows it. Raises ModelNotFoundError."""
    snapshot = load(services, model, model_keys(model, scheme=True))
    loaded_model(snapshot, model)
    return assigned_scheme(snapshot)


def assign_scheme(services: Services, request: Request, model: str, name: str, version: int | None) -> Changed[Model]:
    """Let a scheme judge a model: with ``version`` that one for good, else the present and later ones.

    Raises SchemeNotFoundError, SchemeIncompatibleError. The scheme is read together with the model.
    """

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[Model]:
        current = matched_model(snapshot, model, request)
        wanted = AssignedScheme(_named(snapshot, name, version).document, follows=version is None)
        return decisions.assign(current, assigned_scheme(snapshot), wanted, Trigger.REQUEST)

    key = keys.saved_scheme(name) if version is None else keys.scheme_version(name, version)
    asked = [*model_keys(model, scheme=True), key]
    return change_model(services, request, model, decide, lambda _: model_head(services, model), asked)


def set_tier(services: Services, request: Request, model: str, tier: Tier, reason: str | None) -> Changed[Model]:
    """Set a model's risk tier. Raises ModelNotFoundError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[Model]:
        return decisions.set_tier(matched_model(snapshot, model, request), tier, reason)

    return change_model(services, request, model, decide, lambda _: model_head(services, model))


def hand_on(services: Services, event: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Give a saved scheme to the models that follow it. Answers how many have it, and why it does not fit others.

    A model that has a newer version already, or was pinned since, is left alone.
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
    """Give the model that an event gave a scheme a version saved meanwhile. Answers whether there was one.

    Whoever assigns a scheme reads it before committing. A save in between reaches only the followers of that moment.
    """
    given = event["after"]["scheme"]
    if given["name"] in PRESETS:
        return 0
    present = get_scheme(services, given["name"])
    if present.version <= given["version"]:
        return 0
    return _follow(services, event["id"], event["model"], present.document)


def _named(snapshot: Snapshot, name: str, version: int | None) -> SavedScheme:
    builtin = builtin_version(name, version)
    if builtin is not None:
        return builtin
    if version is None:
        return existing(name, snapshot.get(SavedScheme, name))
    kept = snapshot.get(SchemeVersion, name, version)
    if kept is None:
        raise no_version(name, version)
    return kept.scheme


def _follow(services: Services, event_id: str, model: str, document: Mapping[str, Any]) -> int:
    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[Model]:
        return decisions.follow(loaded_model(snapshot, model), assigned_scheme(snapshot), document)

    request = Request(_RULE, event_id, Idempotency(f"{event_id}:{sha256_hex(model)}", sha256_hex(model)))
    asked = model_keys(model, scheme=True)
    changed = change_model(services, request, model, decide, lambda _: model_head(services, model), asked)
    return int(changed.result.scheme.document() == {"name": document["name"], "version": document["version"]})
