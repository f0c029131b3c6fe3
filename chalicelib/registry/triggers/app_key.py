"""Exchange the private key of a GitHub App for the token that its requests carry.

The registry signs a JWT with the key, and GitHub answers it with an installation token that is valid for an hour.
https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
"""

import re
from typing import Final

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import Outbound
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.instants import Instant, epoch_seconds
from chalicelib.domain.triggers.answers import document_of, is_final
from chalicelib.domain.webhooks.deliveries import Answer
from chalicelib.domain.webhooks.formats import Exchange
from chalicelib.domain.webhooks.webhook import invalid

MIN_RSA_BITS: Final = 2048
# The token is kept for less than its hour, so that none expires on its way.
KEPT_SECONDS: Final = 50 * 60.0
# GitHub takes a JWT of at most ten minutes, and allows for clocks that are a minute ahead of its own.
_BEFORE_SECONDS: Final = 60
_AFTER_SECONDS: Final = 9 * 60
_DEADLINE_SECONDS: Final = 5.0
_MAX_ANSWER: Final = 64 * 1024


class ExchangeFailedError(Exception):
    """The key was not exchanged. ``final``: it will not be the next time either."""

    def __init__(self, reason: str, final: bool) -> None:
        super().__init__(f"the App's key was not exchanged for a token: {reason}")
        self.final = final


def check_key(text: str) -> None:
    """Refuse what is not an RSA private key in PEM of at least 2,048 bits. Raises InvalidInputError."""
    # Not at the top: it is slow to import, and only these webhooks need it.
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text.encode(), password=None)
    # A TypeError says that the key is encrypted.
    except (ValueError, TypeError) as error:
        raise _unfit_key() from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < MIN_RSA_BITS:
        raise _unfit_key()


def exchanged(services: Services, outbound: Outbound, exchange: Exchange, key: str, now: Instant) -> str:
    """The token for a private key, asked for at most every fifty minutes.

    Raises ExchangeFailedError, OutboundRefusedError, OutboundFailedError.
    """
    return services.remember(
        _place(exchange, key), lambda: _fresh_token(outbound, exchange, key, epoch_seconds(now)), KEPT_SECONDS
    )


def forget(services: Services, exchange: Exchange, key: str) -> None:
    """Ask for a new token the next time, because this one was refused: it may have been given other rights since."""
    services.forget(_place(exchange, key))


def _fresh_token(outbound: Outbound, exchange: Exchange, key: str, now: int) -> str:
    import jwt
    from jwt.exceptions import PyJWTError

    claims = {"iat": now - _BEFORE_SECONDS, "exp": now + _AFTER_SECONDS, "iss": exchange.issuer}
    try:
        signed = jwt.encode(claims, key, algorithm="RS256")
    except (PyJWTError, ValueError, TypeError) as error:
        raise ExchangeFailedError("it is not an RSA private key", final=True) from error
    headers = {**exchange.headers, "Authorization": f"Bearer {signed}"}
    status, body = outbound.send(exchange.url, headers, exchange.body, _DEADLINE_SECONDS, _MAX_ANSWER)
    if status != 201:
        raise ExchangeFailedError(f"GitHub answered {status}", is_final(Answer(status)))
    token = document_of(Answer(status, excerpt=body.decode("utf-8", "replace"))).get("token")
    # Anything else could not be a part of a header.
    if not isinstance(token, str) or not re.fullmatch(r"[!-~]{1,1000}", token):
        raise ExchangeFailedError("GitHub's answer has no token", final=False)
    return token


def _place(exchange: Exchange, key: str) -> tuple[str, ...]:
    """Where the token is remembered. The key is a part of it, so that a new key brings a new token."""
    return ("exchanged", exchange.url, exchange.issuer, exchange.body.decode(), sha256_hex(key))


def _unfit_key() -> InvalidInputError:
    return invalid("/secret", "must be the App's private key: RSA of at least 2,048 bits, in PEM, not encrypted")
