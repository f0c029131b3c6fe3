"""Saving and deleting trusted signers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.domain.access.principal import MAX_PATTERN
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import LimitExceededError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.signing.dsse import invalid
from chalicelib.domain.signing.trusted_signer import (
    MAX_BYTES,
    MAX_DESCRIPTION,
    MAX_PEM,
    MAX_SIGNERS,
    MAX_SUBJECTS,
    SignerNotFoundError,
    TrustedSigner,
    TrustedSigners,
    signer_name,
)

_TERMS: Final = ("public_key", "authority", "subjects", "description")


@dataclass(frozen=True, slots=True)
class Trusting:
    """What a caller wants a signer to be. One of ``public_key`` and ``authority``, in PEM, is given."""

    public_key: str = ""
    authority: str = ""
    subjects: Sequence[str] = ()
    description: str = ""


def save(
    registry: RegistryState, standing: TrustedSigners, name: str, given: Trusting, stamp: Stamp
) -> Outcome[TrustedSigner]:
    """Make a signer, or put these terms in place of those that it had.

    What it verified before under other terms no longer holds. Raises InvalidNameError, InvalidInputError,
    LimitExceededError.
    """
    before = standing.by_name.get(signer_name(name))
    wanted = _checked(given, before, stamp)
    if wanted == before:
        return NoChange(wanted, name)
    signers = TrustedSigners({**standing.by_name, name: wanted})
    _check_bounded(signers)
    saved = signers.stamped(standing, stamp).by_name[name]
    event = EventDraft(
        event_types.SIGNER_SAVED, None if before is None else _terms(before), _terms(saved), subject=name
    )
    decision = decided(signers, registry, event, Put(signers), subject=name)
    return decision.map(lambda stored: stored.by_name[name])


def delete(registry: RegistryState, standing: TrustedSigners, name: str) -> Decision[None]:
    """Trust a signer no longer. What it verified no longer holds. Raises SignerNotFoundError."""
    before = existing(standing, name)
    signers = TrustedSigners({other: one for other, one in standing.by_name.items() if other != name})
    event = EventDraft(event_types.SIGNER_DELETED, _terms(before), None, subject=name)
    return decided(None, registry, event, Put(signers))


def existing(standing: TrustedSigners, name: str) -> TrustedSigner:
    """The signer ``name``. Raises SignerNotFoundError."""
    signer = standing.by_name.get(name)
    if signer is None:
        raise SignerNotFoundError(f"There is no signer {name!r}.")
    return signer


def _terms(signer: TrustedSigner) -> dict[str, Any]:
    document = signer.document()
    return {name: document[name] for name in _TERMS}


def _checked(given: Trusting, before: TrustedSigner | None, stamp: Stamp) -> TrustedSigner:
    if bool(given.public_key) == bool(given.authority):
        raise invalid("/public_key", "or /authority must be given, and not both")
    for pointer, text, most in (
        ("/public_key", given.public_key, MAX_PEM),
        ("/authority", given.authority, MAX_PEM),
        ("/description", given.description, MAX_DESCRIPTION),
    ):
        if len(text) > most:
            raise invalid(pointer, f"must have at most {most} characters")
    if bool(given.subjects) != bool(given.authority):
        raise invalid("/subjects", "must name who may sign if /authority is given, else nobody; '*' is anybody")
    if len(given.subjects) > MAX_SUBJECTS:
        raise invalid("/subjects", f"must have at most {MAX_SUBJECTS} patterns")
    for index, pattern in enumerate(given.subjects):
        if not 1 <= len(pattern) <= MAX_PATTERN:
            raise invalid(f"/subjects/{index}", f"must have 1 to {MAX_PATTERN} characters")
    made = TrustedSigner(created_at=stamp.time, created_by=stamp.actor) if before is None else before
    return replace(
        made,
        public_key=given.public_key,
        authority=given.authority,
        subjects=tuple(dict.fromkeys(given.subjects)),
        description=given.description,
    )


def _check_bounded(signers: TrustedSigners) -> None:
    if len(signers.by_name) > MAX_SIGNERS:
        raise LimitExceededError(f"A registry has at most {MAX_SIGNERS} signers; delete one first.")
    size = sum(len(canonical_json(one.document()).encode()) for one in signers.by_name.values())
    if size > MAX_BYTES:
        raise LimitExceededError(f"The signers would take {size} bytes of at most {MAX_BYTES}; delete one first.")
