"""Authenticate pipelines and people by a JWT of a trusted issuer, in place of a registry token.

Nothing in a token is trusted before its signature is checked. Two values are used earlier, only to choose: ``iss``
chooses among the stored trusts, and ``kid`` among that issuer's keys.
"""

import base64
import binascii
import json
from collections.abc import Container, Iterable, Mapping
from typing import Any, Final

import jwt
from jwt.exceptions import PyJWTError

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.access.trust import MAX_URL, Oidc, Trust, judge
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.registry.access.effective import of_claims
from chalicelib.registry.access.issuer_keys import Jwk, issuer_keys
from chalicelib.registry.access.trusts import known_trusts

MAX_JWT: Final = 8 * 1024
MIN_RSA_BITS: Final = 2048
# The kind of key that an algorithm requires, so that no key is used as one of another kind.
_KEY_TYPE: Final = {"RS": "RSA", "PS": "RSA", "ES": "EC"}
_CURVE: Final = {"ES256": "P-256", "ES384": "P-384"}
_REFUSED: Final = "The token is not accepted."


def authenticate_jwt(services: Services, token: str) -> Principal:
    """The principal of a JWT: ``oidc:<trust>:<sub>``. The trust is the first one, by name, that accepts the token.

    Raises CredentialsRefusedError.
    """
    header, issuer = _unverified(token)
    trusted = {
        trust.name: (trust, trust.terms)
        for trust in known_trusts(services)
        if isinstance(trust.terms, Oidc) and trust.terms.issuer == issuer
    }
    if not trusted:
        raise _refused("unknown_issuer", issuer=issuer)
    allowed = {algorithm for _, terms in trusted.values() for algorithm in terms.algorithms}
    algorithm, claims = _checked(services, token, header, issuer, allowed)
    return of_claims(services, _accepting(services, trusted.values(), algorithm, claims, issuer), claims)


def verified_claims(services: Services, token: str, terms: Oidc) -> tuple[str, dict[str, Any]]:
    """The algorithm and the claims of a token that the issuer of these terms signed. The claims are not judged yet.

    Raises CredentialsRefusedError.
    """
    header, issuer = _unverified(token)
    if issuer != terms.issuer:
        raise _refused("wrong_issuer", issuer=issuer)
    return _checked(services, token, header, issuer, terms.algorithms)


def _unverified(token: str) -> tuple[dict[str, Any], str]:
    """The header and the issuer that a token names, before anything is checked."""
    if len(token) > MAX_JWT:
        raise CredentialsRefusedError(f"The token is longer than {MAX_JWT} bytes.", "oversized")
    parts = token.split(".")
    if len(parts) != 3:
        raise _refused("malformed")
    header, unverified = _decoded(parts[0]), _decoded(parts[1])
    issuer = unverified.get("iss")
    if not isinstance(issuer, str) or len(issuer) > MAX_URL:
        raise _refused("unknown_issuer", issuer=str(issuer)[:256])
    return header, issuer


def _checked(
    services: Services, token: str, header: Mapping[str, Any], issuer: str, allowed: Container[str]
) -> tuple[str, dict[str, Any]]:
    """The algorithm and the claims, after checking the signature. Raises CredentialsRefusedError."""
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in allowed:
        raise _refused("algorithm_not_allowed", issuer=issuer)
    if "crit" in header:
        raise _refused("critical_header", issuer=issuer)
    if not isinstance(key_id, str):
        raise _refused("no_key_id", issuer=issuer)
    return algorithm, _verified(token, issuer, algorithm, issuer_keys(services).key(issuer, key_id))


def _accepting(
    services: Services, trusted: Iterable[tuple[Trust, Oidc]], algorithm: str, claims: dict[str, Any], issuer: str
) -> Trust:
    reasons = []
    for trust, terms in trusted:
        refusal = judge(terms, algorithm, claims, services.clock())
        if refusal is None:
            return trust
        reasons.append(refusal.reason)
    # The log tells the operator why each trust in this issuer refused the token.
    raise _refused(",".join(dict.fromkeys(reasons)), issuer=issuer)


def _verified(token: str, issuer: str, algorithm: str, key: Jwk) -> dict[str, Any]:
    """The claims, after checking the signature and that the key is meant for the algorithm.

    Raises CredentialsRefusedError.
    """
    mismatch = (
        key.get("kty") != _KEY_TYPE[algorithm[:2]]
        or key.get("alg", algorithm) != algorithm
        or key.get("crv") != _CURVE.get(algorithm)
    )
    if mismatch:
        raise _refused("key_mismatch", issuer=issuer)
    try:
        public = jwt.PyJWK(dict(key), algorithm=algorithm).key
        if getattr(public, "key_size", 0) < MIN_RSA_BITS and key["kty"] == "RSA":
            raise _refused("weak_key", issuer=issuer)
        # Times, audience and other claims are checked by the domain's rules, with the registry's clock.
        payload = jwt.PyJWS().decode(token, public, algorithms=[algorithm])
    except (PyJWTError, ValueError, TypeError) as error:
        raise _refused("bad_signature", issuer=issuer) from error
    return _parsed(payload)


def _decoded(part: str) -> dict[str, Any]:
    try:
        return _parsed(base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise _refused("malformed") from error


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused("malformed") from error
    if not isinstance(document, dict):
        raise _refused("malformed")
    return document


def _refused(reason: str, **about: str) -> CredentialsRefusedError:
    return CredentialsRefusedError(_REFUSED, reason, **about)
