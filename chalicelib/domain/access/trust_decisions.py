"""Trusting identities from elsewhere, and trusting them no longer."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.domain.access.holders import Loaded, counted, grants_held
from chalicelib.domain.access.principal import Grant, grants_document, grants_from_document
from chalicelib.domain.access.trust import MAX_TRUSTS, Iam, Oidc, Terms, Trust
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, DropRecord, NoChange, Outcome, RegistryState, SaveRecord
from chalicelib.domain.ledger.events import EventDraft, Stamp

KIND: Final = "TRUST"


def set_trust(
    ledger: RegistryState,
    standing: Trust | None,
    name: str,
    terms: Terms,
    grants: Iterable[Grant],
    roles: Loaded,
    stamp: Stamp,
) -> Outcome[Trust]:
    """Trust identities from elsewhere on these terms, in place of what the trust's terms were."""
    wanted = tuple(dict.fromkeys(grants))
    if standing is not None and (standing.terms, standing.grants) == (terms, wanted):
        return NoChange(standing)
    if standing is None:
        ledger = counted(ledger, KIND, 1, MAX_TRUSTS, "trusts")
    before = () if standing is None else standing.grants
    ledger, changes = grants_held(ledger, f"trust:{name}", before, wanted, None, roles, stamp)
    made_at, made_by = (stamp.time, stamp.actor) if standing is None else (standing.created_at, standing.created_by)
    trust = Trust(name, terms, wanted, made_at, made_by, stamp.time, ledger.next_revision)
    return Decision(
        trust,
        ledger,
        EventDraft(
            event_types.TRUST_SET,
            None if standing is None else public_document(standing),
            public_document(trust),
            subject=name,
        ),
        (SaveRecord(KIND, name, document(trust)), *changes),
        subject=name,
    )


def delete_trust(ledger: RegistryState, standing: Trust, roles: Loaded, stamp: Stamp) -> Decision[None]:
    """Trust no longer. Raises LastAdministratorError."""
    ledger, changes = grants_held(ledger, f"trust:{standing.name}", standing.grants, (), None, roles, stamp)
    return Decision(
        None,
        counted(ledger, KIND, -1),
        EventDraft(event_types.TRUST_DELETED, public_document(standing), None, subject=standing.name),
        (DropRecord(KIND, standing.name), *changes),
    )


def public_document(trust: Trust) -> dict[str, Any]:
    """All of a trust: there is no secret in it."""
    shown: dict[str, Any] = {"name": trust.name}
    match trust.terms:
        case Oidc(issuer, audience, algorithms, conditions, groups_claim):
            shown |= {
                "kind": "oidc",
                "issuer": issuer,
                "audience": audience,
                "algorithms": list(algorithms),
                "conditions": {claim: list(values) for claim, values in conditions.items()},
                "groups_claim": groups_claim,
            }
        case Iam(arns):
            shown |= {"kind": "iam", "arns": list(arns)}
    return shown | {
        "grants": grants_document(trust.grants),
        "created_at": trust.created_at,
        "created_by": trust.created_by,
        "updated_at": trust.updated_at,
    }


def document(trust: Trust) -> dict[str, Any]:
    return {**public_document(trust), "revision": trust.revision}


def from_document(stored: Mapping[str, Any]) -> Trust:
    terms: Terms
    if stored["kind"] == "iam":
        terms = Iam(tuple(stored["arns"]))
    else:
        terms = Oidc(
            stored["issuer"],
            stored["audience"],
            tuple(stored["algorithms"]),
            {claim: tuple(values) for claim, values in stored["conditions"].items()},
            stored["groups_claim"],
        )
    return Trust(
        name=stored["name"],
        terms=terms,
        grants=grants_from_document(stored["grants"]),
        created_at=stored["created_at"],
        created_by=stored["created_by"],
        updated_at=stored["updated_at"],
        revision=stored["revision"],
    )
