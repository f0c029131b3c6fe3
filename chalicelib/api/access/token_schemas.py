"""Schemas of registry tokens."""

from pydantic import Field

from chalicelib.api.access.schemas import GrantBodies, GrantView, GroupName
from chalicelib.api.document import Body, Time, View
from chalicelib.domain.access.subjects import MAX_GROUPS
from chalicelib.domain.access.token_decisions import MAX_DAYS, MAX_GRACE_SECONDS, MAX_NAME, MAX_PERSON


class CreateToken(Body):
    name: str = Field(min_length=1, max_length=MAX_NAME)
    grants: GrantBodies
    groups: list[GroupName] = Field(default=[], max_length=MAX_GROUPS)
    expires_in_days: int = Field(90, ge=1, le=MAX_DAYS)
    person: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_PERSON,
        description="Who holds the token, for example oidc:okta:ada. All tokens of a person have one vote.",
    )


class RotateToken(Body):
    grace_seconds: int = Field(
        0,
        ge=0,
        le=MAX_GRACE_SECONDS,
        description="How long the old secret still works. 0 ends all old ones at once.",
    )


class TokenView(View):
    id: str
    name: str
    person: str
    groups: list[str]
    grants: list[GrantView]
    created_at: Time
    created_by: str
    expires_at: Time
    revoked_at: Time | None
    rotated_at: Time | None


class SeenTokenView(TokenView):
    """``last_used_at`` is accurate to within an hour, and null for a token that was never used."""

    last_used_at: Time | None


class CreatedTokenView(TokenView):
    """``token`` is shown only once. The answer to a repeated request has ``null``."""

    token: str | None


class EffectiveGrantView(GrantView):
    """A grant and what its role allows."""

    actions: list[str]


class WhoAmIView(View):
    principal: str
    groups: list[str]
    grants: list[EffectiveGrantView]
