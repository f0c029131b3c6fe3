"""Giving and taking the grants of a principal or group."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from chalicelib.domain.access.holders import Loaded, grants_held
from chalicelib.domain.access.principal import MAX_GRANTS, Grant, grants_document
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.subjects import subject_id
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.ledger.record import Identity, Record


@dataclass(frozen=True, slots=True)
class SubjectGrants(Record, kind="grants"):
    """All grants of one principal or group."""

    subject: str
    grants: tuple[Grant, ...]
    created_at: Instant
    created_by: str
    updated_at: Instant = Instant("")
    revision: int = 0

    @property
    def id(self) -> str:
        return subject_id(self.subject)

    @property
    def identity(self) -> Identity:
        return (SubjectGrants, self.id)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        if before == self:
            return self
        return replace(self, updated_at=stamp.time, revision=stamp.revision)


def set_grants(
    registry: RegistryState,
    standing: SubjectGrants | None,
    subject: str,
    grants: Iterable[Grant],
    roles: Loaded,
    stamp: Stamp,
) -> Outcome[SubjectGrants]:
    """Give a principal or group just these grants."""
    wanted = tuple(dict.fromkeys(grants))
    if not 1 <= len(wanted) <= MAX_GRANTS:
        raise InvalidInputError(f"A principal or group has 1 to {MAX_GRANTS} grants; delete them to take all away.")
    if standing is not None and standing.grants == wanted:
        return NoChange(standing)
    before = () if standing is None else standing.grants
    source = f"grant:{subject}"
    registry, changes = grants_held(registry, source, before, wanted, None, roles, stamp)
    made_at, made_by = (stamp.time, stamp.actor) if standing is None else (standing.created_at, standing.created_by)
    held = SubjectGrants(subject, wanted, made_at, made_by)
    return decided(
        held,
        registry,
        EventDraft(
            event_types.GRANT_SET,
            None if standing is None else {"grants": grants_document(before)},
            {"subject": subject, "grants": grants_document(wanted)},
            subject=held.id,
        ),
        Put(held),
        *changes,
        subject=held.id,
    )


def delete_grants(registry: RegistryState, standing: SubjectGrants, roles: Loaded, stamp: Stamp) -> Decision[None]:
    """Take all grants of a principal or group away. Raises LastAdministratorError."""
    registry, changes = grants_held(registry, f"grant:{standing.subject}", standing.grants, (), None, roles, stamp)
    return decided(
        None,
        registry,
        EventDraft(event_types.GRANT_DELETED, public_document(standing), None, subject=standing.id),
        Remove(standing),
        *changes,
    )


def public_document(held: SubjectGrants) -> dict[str, Any]:
    return {
        "id": held.id,
        "subject": held.subject,
        "grants": grants_document(held.grants),
        "created_at": held.created_at,
        "created_by": held.created_by,
        "updated_at": held.updated_at,
    }
