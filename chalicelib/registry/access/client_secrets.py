"""The secrets by which issuers know the registry as their client, encrypted for the table.

Each is bound to its trust. If the signing secret is changed, these secrets are lost and must be set again.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from chalicelib.aws.cipher import Cipher, UnreadableError
from chalicelib.aws.services import Services
from chalicelib.domain.access.sign_in import SignIn, client_secret
from chalicelib.domain.access.trust import Oidc, Terms, Trust

_CONTEXT: Final = b"moorage client secrets v1"


def with_secret(services: Services, name: str, terms: Terms, secret: str | None) -> Callable[[Trust | None], Terms]:
    """A function from what a trust was to the terms with the client's secret: ``secret``, or the one that it has.

    An empty text removes the secret; None keeps it, but never for another issuer or client. Raises InvalidInputError.
    """
    if not isinstance(terms, Oidc) or terms.sign_in is None:
        return lambda _: terms
    sign_in, cipher = terms.sign_in, Cipher(services.signing_key(), _CONTEXT)
    fresh = "" if not secret else cipher.encrypted(client_secret(secret), name)

    def complete(standing: Trust | None) -> Terms:
        known = _known(standing, terms, sign_in)
        # What encrypts to another text each time would make a repeated request a change.
        kept = known if secret is None or (known and secret and _opened(cipher, name, known) == secret) else fresh
        return replace(terms, sign_in=replace(sign_in, sealed_secret=kept))

    return complete


def opened(services: Services, name: str, sign_in: SignIn) -> str:
    """The client's secret of a trust; empty if it has none. Raises UnreadableError."""
    if not sign_in.sealed_secret:
        return ""
    return Cipher(services.signing_key(), _CONTEXT).decrypted(sign_in.sealed_secret, name)


def _known(standing: Trust | None, terms: Oidc, sign_in: SignIn) -> str:
    """The stored secret, if it is that of the same client of the same issuer."""
    before = None if standing is None else standing.terms
    if not isinstance(before, Oidc) or before.sign_in is None or before.issuer != terms.issuer:
        return ""
    return before.sign_in.sealed_secret if before.sign_in.client_id == sign_in.client_id else ""


def _opened(cipher: Cipher, name: str, sealed: str) -> str | None:
    """A stored secret, None if it cannot be read any more."""
    try:
        return cipher.decrypted(sealed, name)
    except UnreadableError:
        return None
