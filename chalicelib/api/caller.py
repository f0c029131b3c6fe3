"""How the authorizer passes the caller to the API, in the context of API Gateway."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.access.principal import Action, Grant, Principal
from chalicelib.domain.errors import TooManyGrantsError, UnauthenticatedError

# API Gateway accepts 8 KB of answer from an authorizer, including the policy and the principal's id.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MAX_CONTEXT: Final = 7 * 1024


def to_context(principal: Principal) -> dict[str, str]:
    """The authorizer's context. API Gateway carries only flat text, and little of it.

    Claims that don't fit are left out. If the grants don't fit, the context has none, but a mark that lets the API say
    why it refuses.
    """
    context = {
        "principal": principal.name,
        "grants": _json([_listed(grant) for grant in principal.grants]),
        "groups": _json(principal.groups),
        "roles": _json({name: sorted(actions) for name, actions in principal.roles.items()}),
        "person": principal.person,
        "claims": _json(principal.claims),
    }
    if len(json.dumps(context)) > MAX_CONTEXT:
        # Claims only add to what a scheme can ask for. Whoever has too many of them is still let in.
        del context["claims"]
    if len(json.dumps(context)) > MAX_CONTEXT:
        return {"principal": principal.name, "refused": TooManyGrantsError.code}
    return context


def from_context(context: Mapping[str, Any] | None) -> Principal:
    """The principal that the authorizer vouched for.

    Raises UnauthenticatedError if it vouched for nobody, and TooManyGrantsError.
    """
    if not context or "principal" not in context:
        raise UnauthenticatedError("The request carries no valid token.")
    name = str(context["principal"])
    if context.get("refused") == TooManyGrantsError.code:
        raise TooManyGrantsError(
            f"{name} has more grants than a request can carry. Merge some: use wider patterns or fewer groups."
        )
    if not {"grants", "groups", "roles"} <= set(context):
        raise UnauthenticatedError("The request carries no valid token.")
    return Principal(
        name,
        tuple(_grant(*listed) for listed in json.loads(context["grants"])),
        tuple(json.loads(context["groups"])),
        {
            role: frozenset(Action(action) for action in actions)
            for role, actions in json.loads(context["roles"]).items()
        },
        # API Gateway may have the context of an earlier release in its cache.
        str(context.get("person", "")),
        {claim: tuple(values) for claim, values in json.loads(context.get("claims", "{}")).items()},
    )


def _listed(grant: Grant) -> list[str | list[str]]:
    """Role and models, and the classifications of a limited grant: a context is small."""
    return [grant.role, grant.models, *([list(grant.classifications)] if grant.limited else [])]


def _grant(role: str, models: str, classifications: Sequence[str] = ()) -> Grant:
    return Grant(role, models, tuple(classifications))


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
