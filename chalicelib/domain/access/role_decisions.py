"""Making, changing and deleting custom roles."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.access.administrators import check_not_locked_out, with_source, without_role
from chalicelib.domain.access.holders import counted
from chalicelib.domain.access.principal import Action
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.roles import (
    KIND,
    MAX_ROLES,
    CustomRole,
    action_set,
    public_document,
    role_description,
)
from chalicelib.domain.errors import RoleInUseError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp


def set_role(
    registry: RegistryState,
    role: CustomRole | None,
    name: str,
    actions: Iterable[str],
    description: str,
    stamp: Stamp,
) -> Outcome[CustomRole]:
    """Make a role, or change what it allows: every grant that names it follows."""
    allowed, described = action_set(actions), role_description(description)
    if role is None:
        made = CustomRole(name, allowed, described, stamp.time, stamp.actor)
        registry = counted(registry, KIND, 1, MAX_ROLES, "custom roles")
        return _saved(registry, None, made.stamped(None, stamp))
    if (role.actions, role.description) == (allowed, described):
        return NoChange(role)
    changed = replace(role, actions=allowed, description=described)
    administers, administered = Action.ADMINISTER in allowed, Action.ADMINISTER in role.actions
    if administered and not administers:
        administrators = without_role(registry.administrators, name, stamp.time)
        check_not_locked_out(registry.administrators, administrators, stamp.actor, stamp.time)
        registry = replace(registry, administrators=administrators)
    elif administers and not administered:
        administrators = registry.administrators
        for source, holder in role.standing(stamp.time).items():
            if holder.everywhere:
                standing = [one.roles for one in administrators if one.source == source]
                roles = [*(standing[0] if standing else ()), name]
                administrators = with_source(administrators, source, roles, holder.until, stamp.time)
        registry = replace(registry, administrators=administrators)
    return _saved(registry, role, changed.stamped(role, stamp))


def delete_role(registry: RegistryState, role: CustomRole, stamp: Stamp) -> Decision[None]:
    """Delete a role that no token in force, no grant and no trust names. Raises RoleInUseError."""
    holders = sorted(role.standing(stamp.time))
    if holders:
        shown = ", ".join(holders[:5]) + (f" and {len(holders) - 5} more" if len(holders) > 5 else "")
        raise RoleInUseError(f"The role {role.name!r} is named by {shown}. Change these first.")
    return decided(
        None,
        counted(registry, KIND, -1),
        EventDraft(event_types.ROLE_DELETED, public_document(role), None, subject=role.name),
        Remove(role),
    )


def _saved(registry: RegistryState, before: CustomRole | None, after: CustomRole) -> Decision[CustomRole]:
    return decided(
        after,
        registry,
        EventDraft(
            event_types.ROLE_SET,
            None if before is None else public_document(before),
            public_document(after),
            subject=after.name,
        ),
        Put(after),
        subject=after.name,
    )
