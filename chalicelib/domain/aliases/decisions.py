"""Pointing aliases at versions, and back."""

from dataclasses import dataclass, replace

from chalicelib.domain import names
from chalicelib.domain.errors import AliasMovedError, LimitExceededError, NothingToRollBackError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import (
    Change,
    Decision,
    DropAlias,
    NoChange,
    Outcome,
    RepointVersion,
    SaveAlias,
    SaveVersion,
)
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.guards import check_not_frozen, check_not_locked
from chalicelib.domain.models.model import CHALLENGER, CHAMPION, MAX_ALIASES, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version


@dataclass(frozen=True, slots=True)
class Expected:
    """What the caller believes an alias points at; None: that it does not exist."""

    version: int | None


def set_alias(
    model: Model,
    alias: str,
    version: Version,
    files: tuple[File, ...],
    expected: Expected | None,
    reason: str | None,
    stamp: Stamp,
) -> Outcome[Version]:
    """Point ``alias`` at a READY version; with ``expected``, only if it points there now."""
    names.any_alias(alias)
    ready(version)
    pointer = model.aliases.get(alias, Pointer())
    _check_expected(model, alias, pointer, expected)
    if pointer.version == version.number:
        return NoChange(version)
    check_not_frozen(model)
    if pointer.version is None and sum(1 for held in model.aliases.values() if held.version) >= MAX_ALIASES:
        raise LimitExceededError(f"The model {model.name!r} has {MAX_ALIASES} aliases already; delete one first.")
    return _move(
        model,
        alias,
        pointer,
        pointer.moved_to(version.number),
        version,
        files,
        Trigger.REQUEST,
        reason,
        stamp,
    )


def roll_back_target(model: Model, alias: str, wanted: int | None = None) -> int:
    """The version that rolling ``alias`` back returns to: the one before, or ``wanted`` if it was one earlier.

    Raises NothingToRollBackError.
    """
    trail = model.alias(alias).trail
    if not trail:
        raise NothingToRollBackError(f"The alias {alias!r} of {model.name!r} has pointed at one version only.")
    if wanted is not None and wanted not in trail:
        held = ", ".join(str(number) for number in reversed(trail))
        raise NothingToRollBackError(
            f"Version {wanted} of {model.name!r} is not one that {alias!r} can return to; those are {held}."
        )
    return trail[-1] if wanted is None else wanted


def roll_back(
    model: Model, alias: str, version: Version, files: tuple[File, ...], reason: str | None, stamp: Stamp
) -> Decision[Version]:
    """Point ``alias`` at ``version``, which ``roll_back_target`` named."""
    pointer = model.alias(alias)
    earlier = pointer.returned_to(version.number)
    return _move(model, alias, pointer, earlier, ready(version), files, Trigger.ROLLBACK, reason, stamp)


def delete(model: Model, alias: str, stamp: Stamp) -> Decision[None]:
    """Delete an alias. Its history stays; its trail does not."""
    return _drop(model, alias, event_types.ALIAS_DELETED, None, stamp)


def promote_challenger(
    model: Model,
    version: Version,
    files: tuple[File, ...],
    expected: int | None,
    reason: str | None,
    stamp: Stamp,
) -> Decision[Version]:
    """Point the champion at the challenger's ``version`` and drop the challenger, as one change.

    With ``expected``, only if that is the challenger. A challenger that is the champion already is dropped.
    """
    challenger, champion = model.alias(CHALLENGER), model.aliases.get(CHAMPION, Pointer())
    _check_expected(model, CHALLENGER, challenger, None if expected is None else Expected(expected))
    if challenger.version != version.number:
        raise AliasMovedError(f"The alias {CHALLENGER!r} of {model.name!r} has just moved; look again.")
    dropped = _drop(model, CHALLENGER, event_types.CHALLENGER_PROMOTED, reason, stamp)
    happening = replace(
        dropped.happening,
        before={CHAMPION: champion.version, CHALLENGER: version.number},
        after={CHAMPION: version.number, CHALLENGER: None, "digest": version.digest},
        alias=CHAMPION,
    )
    assert isinstance(dropped.ledger, Model)  # noqa: S101 - what _drop was given
    if champion.version == version.number:
        standing = replace(version, aliases=dropped.ledger.aliases_of(version.number))
        return Decision(standing, dropped.ledger, happening, dropped.changes)
    moved = champion.moved_to(version.number)
    made = _move(dropped.ledger, CHAMPION, champion, moved, ready(version), files, Trigger.REQUEST, reason, stamp)
    # The version is written whole by the move, so the drop's update of it would be a second write of one item.
    rest = tuple(change for change in dropped.changes if not isinstance(change, RepointVersion))
    return Decision(made.result, made.ledger, happening, (*made.changes, *rest))


def retire_challenger(model: Model, reason: str | None, stamp: Stamp) -> Decision[None]:
    """Drop the challenger; the champion stays. Raises AliasNotFoundError."""
    return _drop(model, CHALLENGER, event_types.CHALLENGER_RETIRED, reason, stamp)


def _drop(model: Model, alias: str, event_type: str, reason: str | None, stamp: Stamp) -> Decision[None]:
    version = model.alias(alias).version
    assert version is not None  # noqa: S101 - model.alias() raises for an alias that points nowhere
    check_not_frozen(model)
    check_not_locked(model, version)
    changed = replace(
        model,
        aliases={name: pointer for name, pointer in model.aliases.items() if name != alias},
        updated_at=stamp.time,
    )
    return Decision(
        None,
        changed,
        EventDraft(event_type, {"version": version}, None, version=version, alias=alias, reason=reason),
        (DropAlias(alias), RepointVersion(version)),
    )


def _move(
    model: Model,
    alias: str,
    pointer: Pointer,
    moved: Pointer,
    version: Version,
    files: tuple[File, ...],
    trigger: Trigger,
    reason: str | None,
    stamp: Stamp,
) -> Decision[Version]:
    check_not_locked(model, version.number, pointer.version)
    changed = replace(model, aliases={**model.aliases, alias: moved}, updated_at=stamp.time)
    pointed = replace(
        version,
        aliases=changed.aliases_of(version.number),
        updated_at=stamp.time,
        revision=model.next_revision,
    )
    changes: list[Change] = [SaveAlias(alias, pointed, files), SaveVersion(pointed)]
    if pointer.version is not None:
        changes.append(RepointVersion(pointer.version))
    return Decision(
        pointed,
        changed,
        EventDraft(
            event_types.ALIAS_SET,
            None if pointer.version is None else {"version": pointer.version},
            {"version": version.number, "digest": version.digest},
            version=version.number,
            alias=alias,
            trigger=trigger,
            reason=reason,
        ),
        tuple(changes),
    )


def _check_expected(model: Model, alias: str, pointer: Pointer, expected: Expected | None) -> None:
    if expected is not None and expected.version != pointer.version:
        raise AliasMovedError(
            f"The alias {alias!r} of {model.name!r} points at {_said(pointer.version)}, not at "
            f"{_said(expected.version)}; look again before moving it."
        )


def _said(version: int | None) -> str:
    return "nothing" if version is None else f"version {version}"
