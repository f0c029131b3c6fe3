"""Judging the ID token that an issuer gives when somebody signs in, and the claims of it that a session keeps."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.access.trust import Oidc, Refusal, Trust, judge, judge_apart_from_times
from chalicelib.domain.instants import Instant


def sign_in_terms(trust: Trust) -> Oidc | None:
    """The terms for ID tokens, whose audience is the registry as the issuer's client; None if nobody signs in by this
    trust."""
    terms = trust.terms
    if not isinstance(terms, Oidc) or terms.sign_in is None:
        return None
    return replace(terms, audience=terms.sign_in.client_id)


def judge_id_token(terms: Oidc, algorithm: str, claims: Mapping[str, Any], nonce: str, now: Instant) -> Refusal | None:
    """Why an ID token with a valid signature is refused on the terms of ``sign_in_terms``; None if it is accepted.

    OpenID Connect Core 1.0, section 3.1.3.7.
    """
    if claims.get("nonce") != nonce:
        return Refusal("wrong_nonce")
    return judge(terms, algorithm, claims, now) or _judge_party(terms, claims)


def judge_kept(terms: Oidc, algorithm: str, claims: Mapping[str, Any]) -> Refusal | None:
    """Why the claims that a session kept are refused on the terms as they are now; None if they are accepted.

    A condition on a claim that was not kept is not met: such a person signs in again.
    """
    return judge_apart_from_times(terms, algorithm, claims) or _judge_party(terms, claims)


def kept_claims(terms: Oidc, claims: Mapping[str, Any]) -> dict[str, Any]:
    """The claims that the terms look at. Nothing else of an ID token is stored."""
    wanted = {"iss", "aud", "azp", "sub", *terms.conditions}
    if terms.groups_claim is not None:
        wanted.add(terms.groups_claim)
    return {claim: claims[claim] for claim in sorted(wanted & claims.keys())}


def _judge_party(terms: Oidc, claims: Mapping[str, Any]) -> Refusal | None:
    """A token for several audiences must say that it was made for this client."""
    audiences = claims.get("aud")
    several = isinstance(audiences, list) and len(audiences) > 1
    if "azp" not in claims:
        return Refusal("no_authorized_party") if several else None
    return None if claims["azp"] == terms.audience else Refusal("wrong_authorized_party")
