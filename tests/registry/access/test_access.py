"""Administrators under concurrency, and what an authentication costs."""

from collections.abc import Sequence

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.table import Write
from chalicelib.domain.access.principal import Action, Grant, Role
from chalicelib.domain.errors import LastAdministratorError
from chalicelib.registry.access import grants, roles, tokens
from chalicelib.registry.access.authentication import authenticate
from chalicelib.registry.audit import audit
from tests.registry.build import request

ADMIN = [Grant(Role.ADMIN, "*")]


def test_of_two_removals_at_once_that_leave_each_other_only_one_wins(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (tokens.create_token(registry, request(), name, ADMIN, 1).result.token.id for name in "ab")
    commit = registry.table.transact

    def overtaken(writes: Sequence[Write]) -> None:
        monkeypatch.setattr(registry.table, "transact", commit)
        tokens.revoke_token(registry, request(), second)
        commit(writes)

    monkeypatch.setattr(registry.table, "transact", overtaken)
    with pytest.raises(LastAdministratorError):
        tokens.revoke_token(registry, request(), first)
    assert tokens.get_token(registry, first).token.revoked_at is None
    assert tokens.get_token(registry, second).token.revoked_at is not None
    assert audit.verify(registry, "registry", 0).fault is None


def reads(registry: Services, token: str) -> int:
    """How often an authentication with a token that was used before reads the table."""
    authenticate(registry, f"Bearer {token}")
    made: list[str] = []

    def note(model: object, **_: object) -> None:
        made.append(str(getattr(model, "name", "")))

    events = registry.client("dynamodb").meta.events
    events.register("before-call", note)
    try:
        authenticate(registry, f"Bearer {token}")
    finally:
        events.unregister("before-call", note)
    assert set(made) <= {"GetItem", "BatchGetItem"}
    return len(made)


def test_an_authentication_reads_twice_and_thrice_at_most(registry: Services) -> None:
    roles.set_role(registry, request(), "curator", ["annotate"], "")
    roles.set_role(registry, request(), "steward", ["manage"], "")
    own = [Grant("curator", "*")]
    token = tokens.create_token(registry, request(), "ci", own, 1, ["risk", "builders"]).result.plain
    assert token is not None
    assert reads(registry, token) == 2
    grants.set_grants(registry, request(), "group:risk", [Grant("steward", "fraud")])
    assert reads(registry, token) == 3
    principal = authenticate(registry, f"Bearer {token}")
    assert {action for action in Action if principal.may(action, "fraud")} == {Action.ANNOTATE, Action.MANAGE}
