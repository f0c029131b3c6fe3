"""Schemas of sign-in and sessions."""

from typing import Literal

from pydantic import Field

from chalicelib.api.access.token_schemas import WhoAmIView
from chalicelib.api.document import Body, Time, View

MAX_TOKEN = 300


class MethodView(View):
    """An issuer at which people can sign in."""

    trust: str
    label: str


class MethodsView(View):
    """How people can sign in."""

    token: bool
    oidc: list[MethodView]


class SignInWithToken(Body):
    token: str = Field(min_length=1, max_length=MAX_TOKEN, description="A registry token.")


class AccessView(View):
    """An access token for ten minutes. Keep it in memory only, and ask for another before it expires."""

    access_token: str
    expires_in: int
    session_ends_at: Time
    whoami: WhoAmIView


class SessionView(View):
    """A session. ``ends_at`` is when it ends if it is not used before."""

    id: str
    principal: str
    method: Literal["token", "oidc"]
    token_id: str | None
    trust: str | None
    created_at: Time
    used_at: Time
    ends_at: Time


class OwnSessionView(SessionView):
    """``current`` is the session of the browser that asks."""

    current: bool
