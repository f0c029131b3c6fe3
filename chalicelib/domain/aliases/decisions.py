"""Pointing aliases at versions, and back."""

from dataclasses import dataclass, replace

from chalicelib.domain import names
from chalicelib.domain.errors import AliasMovedError, LimitExceededError, NothingToRollBackError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, decided
from chalicelib.domain.ledger.events import EventDraft, Trigger
from chalicelib.domain.models.guards import check_not_frozen, check_not_locked
from chalicelib.domain.models.model import CHALLENGER, CHAMPION, MAX_ALIASES, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Version


@dataclass(frozen=True, slots=True)
class Expected:
    """What the caller believes an alias points at; None: that it does not exist."""

    version: int | None


def set_alias(
    model: Model, alias: str, version: Version, expected: Expected | None, reason: str | None
) -> Outcome[Version]:
    """Point ``alias`` at a READY version. With ``expected``, only if it points there now."""
    names.any_alias(alias)
    ready(version)
    pointer = model.aliases.get(alias, Pointer())
    _check_expected(model, alias, pointer, expected)
    if pointer.version == version.number:
        return NoChange(version)
    check_not_frozen(model)
    if pointer.version is None and sum(1 for held in model.aliases.values() if held.version) >= MAX_ALIASES:
        raise LimitExceededError(f"The model {model.name!r} has {MAX_ALIASES} aliases already; delete one first.")
    return _move(model, alias, pointer.moved_to(version.number), version, Trigger.REQUEST, reason)


def roll_back_target(model: Model, alias: str, wanted: int | None = None, leaving: int | None = None) -> int:
    """The version that rolling ``alias`` back returns to: the one before, or ``wanted`` if it was one earlier.

    With ``leaving``, only if the alias points at that version. Raises AliasNotFoundError, AliasMovedError,
    NothingToRollBackError.
    """
    pointer = model.alias(alias)
    if leaving is not None:
        _check_expected(model, alias, pointer, Expected(leaving))
    trail = pointer.trail
    if not trail:
        raise NothingToRollBackError(f"The alias {alias!r} of {model.name!r} has pointed at one version only.")
    if wanted is not None and wanted not in trail:
        held = ", ".join(str(number) for number in reversed(trail))
        raise NothingToRollBackError(
            f"Version {wanted} of {model.name!r} is not one that {alias!r} can return to; those are {held}."
        )
    return trail[-1] if wanted is None else wanted


def roll_back(model: Model, alias: str, version: Version, reason: str | None) -> Decision[Version]:
    """Point ``alias`` at ``version``, which ``roll_back_target`` named."""
    earlier = model.alias(alias).returned_to(version.number)
    return _move(model, alias, earlier, ready(version), Trigger.ROLLBACK, reason)


def delete(model: Model, alias: str) -> Decision[None]:
    """Delete an alias. Its history stays; its trail does not."""
    return _drop(model, alias, event_types.ALIAS_DELETED, None)


def promote_challenger(model: Model, version: Version, expected: int | None, reason: str | None) -> Decision[Version]:
    """Point the champion at the challenger's ``version`` and drop the challenger, as one change.

    With ``expected``, only if that is the challenger. A challenger that is the champion already is dropped.
    """
    challenger, champion = model.alias(CHALLENGER), model.aliases.get(CHAMPION, Pointer())
    _check_expected(model, CHALLENGER, challenger, None if expected is None else Expected(expected))
    if challenger.version != version.number:
        raise AliasMovedError(f"The alias {CHALLENGER!r} of {model.name!r} has just moved; look again.")
    rest = _without(model, CHALLENGER)
    if champion.version != version.number:
        ready(version)
        check_not_locked(model, champion.version)
        rest = {**rest, CHAMPION: champion.moved_to(version.number)}
    event = EventDraft(
        event_types.CHALLENGER_PROMOTED,
        {CHAMPION: champion.version, CHALLENGER: version.number},
        {CHAMPION: version.number, CHALLENGER: None, "digest": version.digest},
        version=version.number,
        alias=CHAMPION,
        reason=reason,
    )
    return decided(version, replace(model, aliases=rest), event)


def retire_challenger(model: Model, reason: str | None) -> Decision[None]:
    """Drop the challenger; the champion stays. Raises AliasNotFoundError."""
    return _drop(model, CHALLENGER, event_types.CHALLENGER_RETIRED, reason)


def _drop(model: Model, alias: str, event_type: str, reason: str | None) -> Decision[None]:
    version = model.alias(alias).version
    event = EventDraft(event_type, {"version": version}, None, version=version, alias=alias, reason=reason)
    return decided(None, replace(model, aliases=_without(model, alias)), event)


def _without(model: Model, alias: str) -> dict[str, Pointer]:
    """The model's aliases without one that may be dropped."""
    check_not_frozen(model)
    check_not_locked(model, model.alias(alias).version)
    return {name: pointer for name, pointer in model.aliases.items() if name != alias}


def _move(
    model: Model, alias: str, moved: Pointer, version: Version, trigger: Trigger, reason: str | None
) -> Decision[Version]:
    former = model.aliases.get(alias, Pointer()).version
    check_not_locked(model, version.number, former)
    event = EventDraft(
        event_types.ALIAS_SET,
        None if former is None else {"version": former},
        {"version": version.number, "digest": version.digest},
        version=version.number,
        alias=alias,
        trigger=trigger,
        reason=reason,
    )
    return decided(version, replace(model, aliases={**model.aliases, alias: moved}), event)


def _check_expected(model: Model, alias: str, pointer: Pointer, expected: Expected | None) -> None:
    if expected is not None and expected.version != pointer.version:
        raise AliasMovedError(
            f"The alias {alias!r} of {model.name!r} points at {_in_words(pointer.version)}, not at "
            f"{_in_words(expected.version)}; look again before moving it."
        )


def _in_words(version: int | None) -> str:
    return "nothing" if version is None else f"version {version}"
