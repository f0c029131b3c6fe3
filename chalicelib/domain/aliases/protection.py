"""Protecting aliases: who moves one of these needs an action of its own."""

from dataclasses import replace
from typing import Final

from chalicelib.domain import names
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.errors import LimitExceededError, PermissionDeniedError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, decided
from chalicelib.domain.ledger.events import EventDraft
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.quarantine import check_leaves_quarantine
from chalicelib.domain.versions.version import Version

MAX_PROTECTED: Final = 40


def protect(model: Model, alias: str, protected: bool) -> Outcome[Model]:
    """Protect ``alias``, which need not exist yet, or lift its protection."""
    names.alias_name(alias)
    if (alias in model.protected_aliases) == protected:
        return NoChange(model)
    if protected and len(model.protected_aliases) >= MAX_PROTECTED:
        raise LimitExceededError(f"The model {model.name!r} protects {MAX_PROTECTED} aliases already; unprotect one.")
    rest = {name for name in model.protected_aliases if name != alias}
    changed = replace(model, protected_aliases=tuple(sorted(rest | {alias} if protected else rest)))
    return decided(
        changed,
        changed,
        EventDraft(
            event_types.ALIAS_PROTECTED if protected else event_types.ALIAS_UNPROTECTED,
            {"protected": not protected},
            {"protected": protected},
            alias=alias,
        ),
    )


def check_may_move(model: Model, principal: Principal, *aliases: str) -> None:
    """Raise PermissionDeniedError if one of ``aliases`` is protected and ``principal`` may not move such."""
    refused = refused_alias(model, principal, *aliases)
    if refused is not None:
        raise PermissionDeniedError(
            f"The alias {refused!r} of {model.name!r} is protected: to move or delete it takes the action "
            f"{Action.MOVE_PROTECTED_ALIAS}, which {principal.name} does not have on this model."
        )


def check_may_take(model: Model, version: Version, now: Instant, *aliases: str) -> None:
    """Raise if one of the aliases is protected and the version in quarantine.

    Other aliases take it, but give out no bytes. Raises ScanPendingError, VersionQuarantinedError.
    """
    taking = next((alias for alias in aliases if alias in model.protected_aliases), None)
    if taking is not None:
        check_leaves_quarantine(version, f"Pointing the protected alias {taking!r} at version {version.number}", now)


def refused_alias(model: Model, principal: Principal, *aliases: str) -> str | None:
    """The first of ``aliases`` that is protected, if ``principal`` may not move such; else None."""
    held = (alias for alias in aliases if alias in model.protected_aliases)
    return None if principal.may(Action.MOVE_PROTECTED_ALIAS, model.name) else next(held, None)
