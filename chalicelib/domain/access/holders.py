"""What a record's grants mean for the rest: the roles that it names, and who may administer."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from chalicelib.domain.access.administrators import check_not_locked_out, with_source
from chalicelib.domain.access.principal import Action, Grant, actions_of, custom_roles
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.roles import CustomRole, Holder
from chalicelib.domain.errors import InvalidInputError, LimitExceededError, Problem
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Change, Put
from chalicelib.domain.ledger.events import Stamp

# The custom roles that a decision has loaded; one that is not there does not exist.
Loaded: TypeAlias = Mapping[str, CustomRole]


def grants_held(
    registry: RegistryState,
    source: str,
    before: Iterable[Grant],
    after: Iterable[Grant],
    until: Instant | None,
    roles: Loaded,
    stamp: Stamp,
) -> tuple[RegistryState, tuple[Change, ...]]:
    """The registry and the roles' records when ``source`` has the grants ``after`` and no longer those ``before``.

    Raises InvalidInputError for a role that does not exist, LastAdministratorError.
    """
    after = tuple(after)
    missing = [role for role in custom_roles(after) if role not in roles]
    if missing:
        raise InvalidInputError(
            f"There is no role {missing[0]!r}. GET /v1/roles lists them.",
            [Problem("/grants", f"the role {role!r} does not exist") for role in missing],
        )
    actions = {name: role.actions for name, role in roles.items()}
    everywhere = [grant.role for grant in after if grant.everywhere]
    administering = [role for role in everywhere if Action.ADMINISTER in actions_of(role, actions)]
    administrators = with_source(registry.administrators, source, administering, until, stamp.time)
    check_not_locked_out(registry.administrators, administrators, stamp.actor, stamp.time)
    changes: list[Change] = []
    for name in custom_roles([*before, *after]):
        # A role that is only in ``before`` may have been deleted when all its holders had expired.
        if name in roles:
            role = roles[name]
            named = name in {grant.role for grant in after}
            holder = Holder(name in everywhere, until)
            held = role.held_by(source, holder, stamp.time) if named else role.released_by(source, stamp.time)
            if held.holders != role.holders:
                changes.append(Put(held))
    return replace(registry, administrators=administrators), tuple(changes)


def counted(registry: RegistryState, kind: str, by: int, most: int = 0, what: str = "") -> RegistryState:
    """The registry with ``by`` more records of a kind. Raises LimitExceededError."""
    count = registry.counts.get(kind, 0) + by
    if by > 0 and count > most:
        raise LimitExceededError(f"A registry has at most {most} {what}.")
    return replace(registry, counts={**registry.counts, kind: count})
