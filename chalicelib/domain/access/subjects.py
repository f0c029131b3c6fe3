"""The subjects of grants: a principal by its name, or a group."""

import re
from collections.abc import Iterable
from typing import Final

from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.errors import InvalidInputError, InvalidNameError

MAX_SUBJECT: Final = 512
MAX_GROUPS: Final = 20
GROUP_PREFIX: Final = "group:"
_GROUP: Final = re.compile(r"[\w][\w.@/:\- ]{0,127}")
_KINDS: Final = ("token:", "oidc:", "iam:", GROUP_PREFIX)


def subject(text: str) -> str:
    """The subject of a grant, such as ``token:ci`` or ``group:risk``. Raises InvalidNameError."""
    kind, colon, name = text.partition(":")
    if f"{kind}{colon}" not in _KINDS or not name.strip() or len(text) > MAX_SUBJECT or not text.isprintable():
        raise InvalidNameError(
            "A grant is for token:<name>, oidc:<trust>:<sub>, iam:<arn> or group:<name>, "
            f"of at most {MAX_SUBJECT} printable characters."
        )
    if kind == "group":
        group_name(name)
    if kind == "oidc" and not all(name.partition(":")):
        raise InvalidNameError("A grant to an OIDC principal names trust and subject: oidc:<trust>:<sub>.")
    return text


def group_name(name: str) -> str:
    """The name of a group: 1 to 128 characters. Raises InvalidNameError."""
    if not _GROUP.fullmatch(name):
        raise InvalidNameError(
            f"{name!r} cannot name a group: 1 to 128 letters, digits, spaces and any of . @ / : - _, "
            "the first a letter, digit or '_'."
        )
    return name


def groups(names: Iterable[str]) -> tuple[str, ...]:
    """The names of at most 20 groups, each once, sorted. Raises InvalidNameError, InvalidInputError."""
    distinct = tuple(sorted({group_name(name) for name in names}))
    if len(distinct) > MAX_GROUPS:
        raise InvalidInputError(f"A principal is in at most {MAX_GROUPS} groups.")
    return distinct


def subject_id(text: str) -> str:
    """The id of a subject's grants: 32 hexadecimal digits.

    The subject itself would not do, since it may have characters that a path segment of a URL cannot have.
    """
    return sha256_hex(text)[:32]
