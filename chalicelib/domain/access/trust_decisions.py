"""Trusting identities from elsewhere, and trusting them no longer."""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib.domain.access.holders import Loaded, counted, grants_held
from chalicelib.domain.access.principal import Grant, grants_document
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.sign_in import SignIn
from chalicelib.domain.access.trust import MAX_TRUSTS, Iam, Oidc, Terms, Trust
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp

KIND: Final = "TRUST"


def set_trust(
    registry: RegistryState,
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
        registry = counted(registry, KIND, 1, MAX_TRUSTS, "trusts")
    before = () if standing is None else standing.grants
    registry, changes = grants_held(registry, f"trust:{name}", before, wanted, None, roles, stamp)
    made_at, made_by = (stamp.time, stamp.actor) if standing is None else (standing.created_at, standing.created_by)
    trust = Trust(name, terms, wanted, made_at, made_by).stamped(standing, stamp)
    return decided(
        trust,
        registry,
        EventDraft(
            event_types.TRUST_SET,
            None if standing is None else public_document(standing),
            public_document(trust),
            subject=name,
        ),
        Put(trust),
        *changes,
        subject=name,
    )


def delete_trust(registry: RegistryState, standing: Trust, roles: Loaded, stamp: Stamp) -> Decision[None]:
    """Trust no longer. Raises LastAdministratorError."""
    registry, changes = grants_held(registry, f"trust:{standing.name}", standing.grants, (), None, roles, stamp)
    return decided(
        None,
        counted(registry, KIND, -1),
        EventDraft(event_types.TRUST_DELETED, public_document(standing), None, subject=standing.name),
        Remove(standing),
        *changes,
    )


def public_document(trust: Trust) -> dict[str, Any]:
    """What may be shown of a trust: all but the client's secret, of which only whether there is one."""
    shown: dict[str, Any] = {"name": trust.name}
    match trust.terms:
        case Oidc(issuer, audience, algorithms, conditions, groups_claim, sign_in):
            shown |= {
                "kind": "oidc",
                "issuer": issuer,
                "audience": audience,
                "algorithms": list(algorithms),
                "conditions": {claim: list(values) for claim, values in conditions.items()},
                "groups_claim": groups_claim,
                "sign_in": None if sign_in is None else _sign_in_document(sign_in),
            }
        case Iam(arns):
            shown |= {"kind": "iam", "arns": list(arns)}
    return shown | {
        "grants": grants_document(trust.grants),
        "created_at": trust.created_at,
        "created_by": trust.created_by,
        "updated_at": trust.updated_at,
    }


def _sign_in_document(sign_in: SignIn) -> dict[str, Any]:
    return {"label": sign_in.label, "client_id": sign_in.client_id, "has_secret": bool(sign_in.sealed_secret)}
