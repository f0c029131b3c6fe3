"""Headers that the owner of a webhook adds to its deliveries: plain ones that are shown, and secret ones that are not.

Names and values are those of RFC 9110, section 5, in ASCII. Refused are headers that frame the message or belong to one
connection (RFC 9110, sections 6 and 7), and those that the registry sets or that look like a signature of its own.
"""

import re
from collections.abc import Mapping
from typing import Final

from chalicelib.domain.webhooks.webhook import invalid

MAX_HEADERS: Final = 10
MAX_HEADER_NAME: Final = 64
MAX_HEADER_VALUE: Final = 1_000

_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+")
# No control character, so that a value cannot begin another header. No blank at an end, which receivers drop.
_VALUE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_REFUSED: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
    }
)
_REFUSED_PREFIXES: Final = ("moorage-", "proxy-", "webhook-", "x-mlflow-", "x-forwarded-", "x-hub-signature")
# A header with such a name carries a credential.
_CREDENTIAL: Final = re.compile(r"auth|cookie|credential|key|passw|secret|token", re.IGNORECASE)

Headers = Mapping[str, str]


def plain_headers(given: Headers) -> dict[str, str]:
    """At most 10 headers whose values everybody with access to the webhook may see. Raises InvalidInputError."""
    for name in _checked(given, "/custom_headers"):
        if _CREDENTIAL.search(name):
            raise invalid(f"/custom_headers/{name}", "looks like a credential; give it in secret_headers")
    return dict(given)


def secret_headers(given: Headers) -> dict[str, str]:
    """At most 10 headers with values to keep secret. Raises InvalidInputError, which shows no value."""
    return dict(_checked(given, "/secret_headers"))


def check_apart(plain: Headers, secret: tuple[str, ...]) -> None:
    """Raise InvalidInputError if a header is both plain and secret."""
    for name in sorted({name.lower() for name in plain} & {name.lower() for name in secret}):
        raise invalid(f"/custom_headers/{name}", "is one of secret_headers too; give it once")


def merged(own: Headers, custom: Headers) -> dict[str, str]:
    """The headers of a message: ``own``, which its format sets, and those ``custom`` ones that it does not set."""
    taken = {name.lower() for name in own}
    return {**{name: value for name, value in custom.items() if name.lower() not in taken}, **own}


def is_refused(name: str) -> bool:
    """Whether nobody may give a header of this name: the registry or HTTP itself sets it."""
    lowered = name.lower()
    return lowered in _REFUSED or lowered.startswith(_REFUSED_PREFIXES)


def _checked(given: Headers, pointer: str) -> Headers:
    if len(given) > MAX_HEADERS:
        raise invalid(pointer, f"must have at most {MAX_HEADERS} headers")
    seen: set[str] = set()
    for name, value in given.items():
        lowered = name.lower()
        if len(name) > MAX_HEADER_NAME or not _NAME.fullmatch(name):
            raise invalid(pointer, f"must have names of 1 to {MAX_HEADER_NAME} characters that HTTP allows in one")
        if is_refused(name):
            raise invalid(f"{pointer}/{name}", "is set by the registry or by HTTP itself, and cannot be given")
        if lowered in seen:
            raise invalid(f"{pointer}/{name}", "is given twice; names are the same in upper and lower case")
        if len(value) > MAX_HEADER_VALUE or not _VALUE.fullmatch(value):
            raise invalid(
                f"{pointer}/{name}",
                f"must have a value of 1 to {MAX_HEADER_VALUE} printable ASCII characters, without blanks at its ends",
            )
        seen.add(lowered)
    return given
