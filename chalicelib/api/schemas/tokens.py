"""Schemas of registry tokens."""

from pydantic import Field

from chalicelib.api.schemas.document import Body, Time, View
from chalicelib.domain.access import MAX_GRANTS, MAX_PATTERN, Grant, Role
from chalicelib.domain.decisions.tokens import MAX_DAYS, MAX_NAME


class GrantBody(Body):
    """A role on the models whose name matches ``models``, where ``*`` stands for any run of characters."""

    role: Role
    models: str = Field(min_length=1, max_length=MAX_PATTERN)


class CreateToken(Body):
    name: str = Field(min_length=1, max_length=MAX_NAME)
    grants: list[GrantBody] = Field(min_length=1, max_length=MAX_GRANTS)
    expires_in_days: int = Field(90, ge=1, le=MAX_DAYS)

    def granted(self) -> list[Grant]:
        return [Grant(grant.role, grant.models) for grant in self.grants]


class GrantView(View):
    # Not the enumeration: an answer is JSON, and its schema is checked strictly.
    role: str
    models: str


class TokenView(View):
    id: str
    name: str
    grants: list[GrantView]
    created_at: Time
    created_by: str
    expires_at: Time
    revoked_at: Time | None


class CreatedTokenView(TokenView):
    """``token`` is shown this once; the answer to a repeated request has ``null``."""

    token: str | None


class WhoAmIView(View):
    principal: str
    grants: list[GrantView]
