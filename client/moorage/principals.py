"""Who is known to the registry: tokens, roles, grants and trusts, as it answers them."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on every model whose name matches the pattern ``models``."""

    role: str
    models: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token's record. ``token``, the secret itself, is present only in the answer that created it."""

    id: str
    name: str
    grants: tuple[Grant, ...] = ()
    groups: tuple[str, ...] = ()
    expires_at: datetime | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    revoked_at: datetime | None = None
    rotated_at: datetime | None = None
    last_used_at: datetime | None = None
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    principal: str
    grants: tuple[Grant, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What a grant of it allows."""

    name: str
    actions: tuple[str, ...]
    built_in: bool = False
    description: str = ""
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class SubjectGrants:
    """All grants recorded for one principal or group."""

    id: str
    subject: str
    grants: tuple[Grant, ...]
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """Identities from elsewhere: tokens of an OIDC ``issuer``, or AWS principals (``arns``), by ``kind``."""

    name: str
    kind: str
    grants: tuple[Grant, ...]
    issuer: str | None = None
    audience: str | None = None
    algorithms: tuple[str, ...] = ()
    conditions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups_claim: str | None = None
    arns: tuple[str, ...] = ()
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class AccessPath:
    """One grant by which somebody may do something, and the record that holds it."""

    source: str
    id: str
    principal: str
    role: str
    models: str
    groups: tuple[str, ...] = ()
    expires_at: datetime | None = None
