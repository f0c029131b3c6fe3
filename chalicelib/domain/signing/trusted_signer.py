"""Trusted signers: the keys and authorities whose signatures of versions count."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import InvalidNameError, NotFoundError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record

MAX_SIGNERS: Final = 100
MAX_SUBJECTS: Final = 20
MAX_PEM: Final = 8 * 1024
MAX_DESCRIPTION: Final = 1_000
# All signers are one item, which stays far under DynamoDB's 400 KB.
MAX_BYTES: Final = 200 * 1024
# The registry signs under this name, so no signer and no signature that somebody brings has it.
REGISTRY_NAME: Final = "registry"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,63}")


class SignerNotFoundError(NotFoundError):
    """There is no trusted signer of this name."""

    code = "signer_not_found"
    title = "Signer not found"


@dataclass(frozen=True, slots=True)
class TrustedSigner:
    """A signer. One of ``public_key`` and ``authority`` is a PEM, the other is empty.

    With a public key, its signatures count. With the certificates of an authority, those of whoever it certified under
    a name that matches one of ``subjects``; in a pattern ``*`` matches any run of characters. ``revision`` is that of
    the registry at the signer's last change.
    """

    public_key: str = ""
    authority: str = ""
    subjects: tuple[str, ...] = ()
    description: str = ""
    created_at: Instant = Instant("")
    created_by: str = ""
    updated_at: Instant = Instant("")
    revision: int = 0

    @property
    def trust(self) -> str:
        """The SHA-256 of what is trusted. What a signer has verified counts as long as this is the same."""
        return sha256_hex(canonical_json([self.public_key, self.authority, list(self.subjects)]))

    def document(self) -> dict[str, Any]:
        """All fields but the revision."""
        given = {**asdict(self), "subjects": list(self.subjects)}
        del given["revision"]
        return given


@dataclass(frozen=True, slots=True)
class TrustedSigners(Record, kind="signers"):
    """All trusted signers, by name. They are one record, so that whoever judges signatures reads one item."""

    by_name: Mapping[str, TrustedSigner] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        return (TrustedSigners,)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        former: Mapping[str, TrustedSigner] = {} if before is None else before.by_name
        return replace(
            self,
            by_name={
                name: one if one == former.get(name) else replace(one, updated_at=stamp.time, revision=stamp.revision)
                for name, one in self.by_name.items()
            },
        )


def signer_name(name: str) -> str:
    """``name``, if it may be a signer's or a signature's: 1 to 64 of ``a-z 0-9 _ . -``. Raises InvalidNameError."""
    if not _NAME.fullmatch(name):
        raise InvalidNameError(
            f"{name!r} must be 1 to 64 lower-case letters, digits, '_', '.' or '-', and begin with a letter or digit."
        )
    if name == REGISTRY_NAME:
        raise InvalidNameError(f"The name {name!r} is kept for the registry's own signatures.")
    return name
