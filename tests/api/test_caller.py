"""The caller in the context that the authorizer passes to the API."""

import json
from typing import Any

import pytest

from chalicelib.api.caller import MAX_CONTEXT, from_context, to_context
from chalicelib.domain.access.principal import Action, Grant, Principal, Role
from chalicelib.domain.errors import TooManyGrantsError, UnauthenticatedError
from tests.api.gateway import Function


def test_more_grants_than_the_context_can_carry_are_refused_with_a_code_of_their_own() -> None:
    many = Principal("token:x", tuple(Grant(Role.VIEWER, f"{number:04d}" + "x" * 200) for number in range(60)))
    context = to_context(many)
    assert len(json.dumps(context)) < MAX_CONTEXT
    with pytest.raises(TooManyGrantsError):
        from_context(context)
    reply = Function(many).get("/v1/models")
    assert (reply.status, reply.code) == (403, "too_many_grants")


def test_the_context_carries_a_principal_whole() -> None:
    grants = (Grant("curator", "fr*"), Grant(Role.VIEWER, "ünï*"), Grant(Role.VIEWER, "*", ("public", "personal_data")))
    principal = Principal(
        "oidc:ci:x",
        grants,
        ("risk",),
        {"curator": frozenset({Action.READ, Action.ANNOTATE})},
        claims={"workflow": ("a", "b")},
    )
    assert from_context(to_context(principal)) == principal


def test_claims_that_do_not_fit_are_left_out_and_the_caller_is_let_in() -> None:
    claims = {f"claim{number}": ("x" * 500,) for number in range(20)}
    principal = Principal("oidc:ci:x", (Grant(Role.VIEWER, "*"),), claims=claims)
    context = to_context(principal)
    assert len(json.dumps(context)) < MAX_CONTEXT
    assert from_context(context) == Principal("oidc:ci:x", (Grant(Role.VIEWER, "*"),))


@pytest.mark.parametrize("context", [None, {}, {"principal": "token:x"}, {"principal": "token:x", "grants": "[]"}])
def test_an_incomplete_context_vouches_for_nobody(context: Any) -> None:
    with pytest.raises(UnauthenticatedError):
        from_context(context)
