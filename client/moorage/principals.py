"""Tokens, roles, grants and trusts, as the registry returns them."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on every model whose name matches the pattern ``models``.

    With ``classifications``, it holds only for models whose classification has no other words than these. The words are
    the levels ``public``, ``internal``, ``confidential`` and ``restricted``, ``unclassified``, and ``personal_data``,
    which a model with personal data has besides its level.
    """

    role: str
    models: str
    classifications: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A token, which ``person`` holds.

    ``token`` is the secret itself, present only in the response that created or rotated it.
    """

    id: str
    name: str
    person: str = ""
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
    """The principal that the registry recognised, with its grants and groups."""

    principal: str
    grants: tuple[Grant, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of actions that grants can give."""

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
class SignIn:
    """How people sign in to the web interface by a trust. ``client_id`` is what the issuer knows the registry by."""

    label: str
    client_id: str
    has_secret: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """Outside identities that the registry accepts, and their grants.

    ``kind`` is ``oidc`` (tokens of an ``issuer``) or ``iam`` (AWS principals whose ARN matches ``arns``).
    """

    name: str
    kind: str
    grants: tuple[Grant, ...]
    issuer: str | None = None
    audience: str | None = None
    algorithms: tuple[str, ...] = ()
    conditions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups_claim: str | None = None
    sign_in: SignIn | None = None
    arns: tuple[str, ...] = ()
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class AccessPath:
    """One grant that allows an action, and the record that it comes from.

    ``source`` is the kind of the record and ``id`` its id. ``models`` is the pattern of the grant, ``classifications``
    what it is limited to.
    """

    source: str
    id: str
    principal: str
    role: str
    models: str
    groups: tuple[str, ...] = ()
    expires_at: datetime | None = None
    classifications: tuple[str, ...] | None = None
