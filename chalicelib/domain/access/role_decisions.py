"""Making, changing and deleting custom roles."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.access.administrators import check_not_locked_out, with_source, without_role
from chalicelib.domain.access.holders import counted
from chalicelib.domain.access.principal import Action
from chalicelib.domain.access.roles import (
    KIND,
    MAX_ROLES,
    CustomRole,
    action_set,
    document,
    public_document,
    role_description,
)
from chalicelib.domain.errors import RoleInUseError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, DropRecord, NoChange, Outcome, RegistryState, SaveRecord
from chalicelib.domain.ledger.events import EventDraft, Stamp


def set_role(
    ledger: RegistryState,
    role: CustomRole | None,
    name: str,
    actions: Iterable[str],
    description: str,
    stamp: Stamp,
) -> Outcome[CustomRole]:
    """Make a role, or change what it allows: every grant that names it follows."""
    allowed, described = action_set(actions), role_description(description)
    if role is None:
        made = CustomRole(name, allowed, described, stamp.time, stamp.actor, stamp.time, ledger.next_revision)
        ledger = counted(ledger, KIND, 1, MAX_ROLES, "custom roles")
        return _role_decision(ledger, None, made)
    if (role.actions, role.description) == (allowed, described):
        return NoChange(role)
    changed = replace(
        role, actions=allowed, description=described, updated_at=stamp.time, revision=ledger.next_revision
    )
    administers, administered = Action.ADMINISTER in allowed, Action.ADMINISTER in role.actions
    if administered and not administers:
        administrators = without_role(ledger.administrators, name, stamp.time)
        check_not_locked_out(ledger.administrators, administrators, stamp.actor, stamp.time)
        ledger = replace(ledger, administrators=administrators)
    elif administers and not administered:
        administrators = ledger.administrators
        for source, holder in role.standing(stamp.time).items():
            if holder.everywhere:
                standing = [one.roles for one in administrators if one.source == source]
                roles = [*(standing[0] if standing else ()), name]
                administrators = with_source(administrators, source, roles, holder.until, stamp.time)
        ledger = replace(ledger, administrators=administrators)
    return _role_decision(ledger, role, changed)


def delete_role(ledger: RegistryState, role: CustomRole, stamp: Stamp) -> Decision[None]:
    """Delete a role that no token in force, no grant and no trust names. Raises RoleInUseError."""
    holders = sorted(role.standing(stamp.time))
    if holders:
        shown = ", ".join(holders[:5]) + (f" and {len(holders) - 5} more" if len(holders) > 5 else "")
        raise RoleInUseError(f"The role {role.name!r} is named by {shown}. Change these first.")
    return Decision(
        None,
        counted(ledger, KIND, -1),
        EventDraft(event_types.ROLE_DELETED, public_document(role), None, subject=role.name),
        (DropRecord(KIND, role.name),),
    )


def _role_decision(ledger: RegistryState, before: CustomRole | None, after: CustomRole) -> Decision[CustomRole]:
    return Decision(
        after,
        ledger,
        EventDraft(
            event_types.ROLE_SET,
            None if before is None else public_document(before),
            public_document(after),
            subject=after.name,
        ),
        (SaveRecord(KIND, after.name, document(after)),),
        subject=after.name,
    )
