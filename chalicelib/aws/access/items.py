"""Tokens, roles, grants, trusts and the registry's head: to items and back."""

from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.ledger.heads import head_from, head_item
from chalicelib.aws.table import Item
from chalicelib.domain.access import grant_decisions, roles, token_decisions, trust_decisions
from chalicelib.domain.access.administrators import Administrator
from chalicelib.domain.access.grant_decisions import SubjectGrants
from chalicelib.domain.access.principal import Action, grants_from_document
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.roles import CustomRole, Holder
from chalicelib.domain.access.sign_in import SignIn
from chalicelib.domain.access.token import Previous, Token
from chalicelib.domain.access.trust import Iam, Oidc, Terms, Trust
from chalicelib.domain.ledger.events import REGISTRY_LEDGER


def registry_state_from(stored: Item) -> RegistryState:
    document = document_from(stored)
    administrators = tuple(
        Administrator(source, tuple(held), until) for source, held, until in document.get("administrators", ())
    )
    return RegistryState(head_from(stored), administrators, document.get("counts", {}))


def token_from(stored: Item) -> Token:
    document = document_from(stored)
    return Token(
        **{
            **known_fields(Token, document),
            "groups": tuple(document["groups"]),
            "grants": grants_from_document(document["grants"]),
            "previous": tuple(Previous(secret_hash, until) for secret_hash, until in document["previous"]),
        }
    )


def role_from(stored: Item) -> CustomRole:
    document = document_from(stored)
    return CustomRole(
        **{
            **known_fields(CustomRole, document),
            "actions": frozenset(Action(action) for action in document["actions"]),
            "holders": {source: Holder(*held) for source, held in document["holders"].items()},
        }
    )


def grants_from(stored: Item) -> SubjectGrants:
    document = document_from(stored)
    return SubjectGrants(
        **{**known_fields(SubjectGrants, document), "grants": grants_from_document(document["grants"])}
    )


def trust_from(stored: Item) -> Trust:
    document = document_from(stored)
    return Trust(
        **{
            **known_fields(Trust, document),
            "terms": _terms(document),
            "grants": grants_from_document(document["grants"]),
        }
    )


def _terms(document: dict[str, Any]) -> Terms:
    if document["kind"] == "iam":
        return Iam(tuple(document["arns"]))
    return Oidc(
        document["issuer"],
        document["audience"],
        tuple(document["algorithms"]),
        {claim: tuple(values) for claim, values in document["conditions"].items()},
        document["groups_claim"],
        _sign_in(document),
    )


def _sign_in(document: dict[str, Any]) -> SignIn | None:
    """Trusts of earlier releases have none."""
    stored = document.get("sign_in")
    if stored is None:
        return None
    return SignIn(stored["label"], stored["client_id"], document["sealed_client_secret"])


def _registry_item(_: Any, state: RegistryState) -> Item:
    administrators = [[one.source, list(one.roles), one.until] for one in state.administrators]
    return head_item(REGISTRY_LEDGER, state.head, {"administrators": administrators, "counts": state.counts})


def _token_item(_: Any, token: Token) -> Item:
    document = {
        **token_decisions.public_document(token),
        "person": token.person,
        "secret_hash": token.secret_hash,
        "previous": [[old.secret_hash, old.until] for old in token.previous],
        "revision": token.revision,
    }
    return item(keys.token(token.id), body(document))


def _role_item(_: Any, role: CustomRole) -> Item:
    holders = {source: [holder.everywhere, holder.until] for source, holder in role.holders.items()}
    return item(
        keys.role(role.name), body({**roles.public_document(role), "holders": holders, "revision": role.revision})
    )


def _grants_item(_: Any, held: SubjectGrants) -> Item:
    return item(keys.grants(held.id), body({**grant_decisions.public_document(held), "revision": held.revision}))


def _trust_item(_: Any, trust: Trust) -> Item:
    document = {**trust_decisions.public_document(trust), "revision": trust.revision}
    if isinstance(trust.terms, Oidc) and trust.terms.sign_in is not None:
        document["sealed_client_secret"] = trust.terms.sign_in.sealed_secret
    return item(keys.trust(trust.name), body(document))


CODECS: Final = (
    Codec(
        RegistryState,
        lambda _: (keys.head(REGISTRY_LEDGER),),
        _registry_item,
        registry_state_from,
        prefix=keys.HEAD_SORT,
    ),
    Codec(Token, lambda _, token_id: (keys.token(token_id),), _token_item, token_from, prefix=keys.TOKEN_PREFIX),
    Codec(CustomRole, lambda _, name: (keys.role(name),), _role_item, role_from, prefix=keys.ROLE_PREFIX),
    Codec(
        SubjectGrants,
        lambda _, subject_id: (keys.grants(subject_id),),
        _grants_item,
        grants_from,
        prefix=keys.GRANTS_PREFIX,
    ),
    Codec(Trust, lambda _, name: (keys.trust(name),), _trust_item, trust_from, prefix=keys.TRUST_PREFIX),
)
