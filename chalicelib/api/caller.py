"""The caller, as the authorizer hands it to the API through API Gateway."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.access import Grant, Principal, Role
from chalicelib.domain.errors import UnauthenticatedError


def grants_document(principal: Principal) -> list[dict[str, str]]:
    return [{"role": grant.role.value, "models": grant.models} for grant in principal.grants]


def to_context(principal: Principal) -> dict[str, str]:
    """The authorizer's context: flat text, which is all that API Gateway carries."""
    return {"principal": principal.name, "grants": json.dumps(grants_document(principal))}


def from_context(context: Mapping[str, Any] | None) -> Principal:
    """The principal that the authorizer vouched for. Raises UnauthenticatedError if it vouched for nobody."""
    if not context or "principal" not in context or "grants" not in context:
        raise UnauthenticatedError("The request carries no valid token.")
    grants = tuple(Grant(Role(grant["role"]), grant["models"]) for grant in json.loads(context["grants"]))
    return Principal(str(context["principal"]), grants)
