"""Freezing a model, locking a version, putting a version under legal hold; and lifting each again."""

from dataclasses import replace
from typing import Final

from chalicelib.domain.errors import LimitExceededError, VersionGoneError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.restrictions import Freeze, Hold, Lock, Restriction
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Status, Version

MAX_LOCKED: Final = 100


def freeze(model: Model, reason: str, stamp: Stamp) -> Outcome[Freeze]:
    """Freeze the model, or give the freeze another reason."""
    if model.frozen is not None and model.frozen.reason == reason:
        return NoChange(model.frozen)
    frozen = Freeze(reason, stamp.actor, stamp.time)
    return decided(
        frozen,
        replace(model, frozen=frozen),
        EventDraft(
            event_types.MODEL_FROZEN,
            _before("frozen", model.frozen),
            {"frozen": frozen.document()},
            reason=reason,
        ),
    )


def unfreeze(model: Model) -> Outcome[None]:
    """Lift the freeze. A model that is not frozen stays as it is."""
    if model.frozen is None:
        return NoChange(None)
    return decided(
        None,
        replace(model, frozen=None),
        EventDraft(event_types.MODEL_UNFROZEN, _before("frozen", model.frozen), {"frozen": None}),
    )


def lock(model: Model, version: Version, reason: str, stamp: Stamp) -> Outcome[Lock]:
    """Lock a READY version, or give the lock another reason. At most 100 versions of a model are locked."""
    ready(version)
    if version.lock is not None and version.lock.reason == reason:
        return NoChange(version.lock)
    if version.lock is None and len(model.locked) >= MAX_LOCKED:
        raise LimitExceededError(
            f"The model {model.name!r} has {MAX_LOCKED} locked versions already; unlock one first."
        )
    placed = Lock(reason, stamp.actor, stamp.time)
    return decided(
        placed,
        replace(model, locked=tuple(sorted({*model.locked, version.number}))),
        EventDraft(
            event_types.VERSION_LOCKED,
            _before("lock", version.lock),
            {"lock": placed.document()},
            version=version.number,
            reason=reason,
        ),
        Put(replace(version, lock=placed)),
        subject=str(version.number),
    )


def unlock(model: Model, version: Version) -> Outcome[None]:
    """Lift the lock. A version that is not locked stays as it is."""
    if version.lock is None:
        return NoChange(None)
    return decided(
        None,
        replace(model, locked=tuple(number for number in model.locked if number != version.number)),
        EventDraft(event_types.VERSION_UNLOCKED, _before("lock", version.lock), {"lock": None}, version=version.number),
        Put(replace(version, lock=None)),
    )


def hold(model: Model, version: Version, reason: str, stamp: Stamp) -> Outcome[Hold]:
    """Put a version under legal hold, a deleted one too as long as its bytes are there."""
    holdable(version)
    if version.legal_hold is not None and version.legal_hold.reason == reason:
        return NoChange(version.legal_hold)
    placed = Hold(reason, stamp.actor, stamp.time)
    return decided(
        placed,
        model,
        EventDraft(
            event_types.VERSION_HELD,
            _before("legal_hold", version.legal_hold),
            {"legal_hold": placed.document(), "status": version.status, "digest": version.digest},
            version=version.number,
            reason=reason,
        ),
        Put(replace(version, legal_hold=placed)),
        subject=str(version.number),
    )


def release(model: Model, version: Version) -> Outcome[None]:
    """Lift the legal hold. The bytes of a deleted version are then due as they were before."""
    if version.legal_hold is None:
        return NoChange(None)
    return decided(
        None,
        model,
        EventDraft(
            event_types.VERSION_RELEASED,
            _before("legal_hold", version.legal_hold),
            {"legal_hold": None, "status": version.status},
            version=version.number,
        ),
        Put(replace(version, legal_hold=None)),
    )


def holdable(version: Version) -> Version:
    """The version, if its bytes were verified and are not on their way out. Raises VersionGoneError."""
    if version.status is Status.READY:
        return version
    if version.burial is None:
        return ready(version)
    if version.status is not Status.DELETED or version.ready_at is None:
        raise VersionGoneError(
            f"Version {version.number} of {version.model!r} is {version.status}: there is nothing left to keep."
        )
    return version


def _before(field: str, earlier: Restriction | None) -> dict[str, object] | None:
    return {field: None if earlier is None else earlier.document()}
