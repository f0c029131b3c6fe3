"""Freezing models, locking versions, legal holds."""

from typing import TypeVar

from chalicelib.aws.services import Services
from chalicelib.domain.errors import NotFoundError, VersionNotFoundError
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.lifecycle import restriction_decisions as decisions
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.restrictions import Freeze, Hold, Lock, Restriction
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, matched_model, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.versions.loaded import matched_version
from chalicelib.registry.versions.versions import get_version, resolve

R = TypeVar("R", bound=Restriction)


def freeze_model(services: Services, request: Request, model: str, reason: str) -> Changed[Freeze]:
    """Freeze a model: nothing moves but by rolling back. Raises ModelNotFoundError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Freeze]:
        return decisions.freeze(matched_model(snapshot, model, request), reason, stamp)

    def recall(_: str) -> Freeze:
        return _still(model_head(services, model).frozen, "freeze")

    return change_model(services, request, model, decide, recall)


def unfreeze_model(services: Services, request: Request, model: str) -> Changed[None]:
    """Lift a freeze. Raises ModelNotFoundError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        return decisions.unfreeze(matched_model(snapshot, model, request))

    return change_model(services, request, model, decide, lambda _: None)


def lock_version(services: Services, request: Request, model: str, ref: str, reason: str) -> Changed[Lock]:
    """Lock a READY version: nothing about it changes. Raises VersionNotReadyError, LimitExceededError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Lock]:
        current, version = matched_version(snapshot, model, number, request)
        return decisions.lock(current, version, reason, stamp)

    def recall(_: str) -> Lock:
        return _still(get_version(services, model, str(number)).lock, "lock")

    return change_model(services, request, model, decide, recall, model_keys(model, versions=[number]))


def unlock_version(services: Services, request: Request, model: str, ref: str) -> Changed[None]:
    """Lift a lock. Raises VersionNotFoundError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        current, version = matched_version(snapshot, model, number, request)
        return decisions.unlock(current, version)

    return change_model(services, request, model, decide, lambda _: None, model_keys(model, versions=[number]))


def hold_version(services: Services, request: Request, model: str, ref: str, reason: str) -> Changed[Hold]:
    """Put a version under legal hold, a deleted one too. Raises VersionGoneError, VersionNotFoundError."""
    number = resolve(services, model, ref)
    asked = model_keys(model, versions=[number])

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Hold]:
        current, version = _kept(snapshot, model, number, request)
        return decisions.hold(current, version, reason, stamp)

    def recall(_: str) -> Hold:
        snapshot = load(services, model, asked)
        found = snapshot.get(Version, number)
        return _still(None if found is None else found.legal_hold, "legal hold")

    return change_model(services, request, model, decide, recall, asked)


def release_version(services: Services, request: Request, model: str, ref: str) -> Changed[None]:
    """Lift a legal hold. Raises VersionNotFoundError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        current, version = _kept(snapshot, model, number, request)
        return decisions.release(current, version)

    return change_model(services, request, model, decide, lambda _: None, model_keys(model, versions=[number]))


def _still(placed: R | None, what: str) -> R:
    """What an earlier request with the same key had placed, as it stands now."""
    if placed is None:
        raise NotFoundError(f"The {what} that this request had placed has been lifted since.")
    return placed


def _kept(snapshot: Snapshot, model: str, number: int, request: Request) -> tuple[Model, Version]:
    """The model and its version, even if either is deleted."""
    current, version = snapshot.get(Model), snapshot.get(Version, number)
    if current is None or version is None:
        loaded_model(snapshot, model)
        raise VersionNotFoundError(f"The model {model!r} has no version {number}.")
    request.check_match(version.revision)
    return current, version
