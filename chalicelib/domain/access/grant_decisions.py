"""Giving and taking the grants of a principal or group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.access.holders import Loaded, grants_held
from chalicelib.domain.access.principal import MAX_GRANTS, Grant, grants_document, grants_from_document
from chalicelib.domain.access.subjects import subject_id
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, DropRecord, NoChange, Outcome, RegistryState, SaveRecord
from chalicelib.domain.ledger.events import EventDraft, Stamp

KIND: Final = "GRANTS"


@dataclass(frozen=True, slots=True)
class SubjectGrants:
    """All grants of one principal or group."""

    subject: str
    grants: tuple[Grant, ...]
    created_at: Instant
    created_by: str
    updated_at: Instant
    revision: int

    @property
    def id(self) -> str:
        return subject_id(self.subject)


def set_grants(
    ledger: RegistryState,
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
    ledger, changes = grants_held(ledger, source, before, wanted, None, roles, stamp)
    made_at, made_by = (stamp.time, stamp.actor) if standing is None else (standing.created_at, standing.created_by)
    held = SubjectGrants(subject, wanted, made_at, made_by, stamp.time, ledger.next_revision)
    return Decision(
        held,
        ledger,
        EventDraft(
            event_types.GRANT_SET,
            None if standing is None else {"grants": grants_document(before)},
            {"subject": subject, "grants": grants_document(wanted)},
            subject=held.id,
        ),
        (SaveRecord(KIND, held.id, document(held)), *changes),
        subject=held.id,
    )


def delete_grants(ledger: RegistryState, standing: SubjectGrants, roles: Loaded, stamp: Stamp) -> Decision[None]:
    """Take all grants of a principal or group away. Raises LastAdministratorError."""
    ledger, changes = grants_held(ledger, f"grant:{standing.subject}", standing.grants, (), None, roles, stamp)
    return Decision(
        None,
        ledger,
        EventDraft(event_types.GRANT_DELETED, public_document(standing), None, subject=standing.id),
        (DropRecord(KIND, standing.id), *changes),
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


def document(held: SubjectGrants) -> dict[str, Any]:
    return {**public_document(held), "revision": held.revision}


def from_document(stored: Mapping[str, Any]) -> SubjectGrants:
    fields = {field: stored[field] for field in ("subject", "created_at", "created_by", "updated_at", "revision")}
    return SubjectGrants(grants=grants_from_document(stored["grants"]), **fields)
