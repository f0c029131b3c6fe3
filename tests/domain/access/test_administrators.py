"""Nobody can lock everybody out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access import grant_decisions as grants
from chalicelib.domain.access import token_decisions as tokens
from chalicelib.domain.access.administrators import BOOTSTRAP, MAX_ADMINISTRATORS, Administrator, with_source
from chalicelib.domain.access.grant_decisions import SubjectGrants
from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.token import Token
from chalicelib.domain.errors import InvalidInputError, LastAdministratorError, LimitExceededError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import NoChange
from tests.domain.build import NOW, stamp

ADMIN = [Grant(Role.ADMIN, "*")]
LATER = Instant("2027-06-01T00:00:00.000Z")


def token(ledger: RegistryState, token_id: str, *granted: Grant) -> tuple[RegistryState, Token]:
    decision = tokens.create(ledger, token_id, "0" * 64, token_id, granted or ADMIN, 90, stamp())
    assert isinstance(decision.state, RegistryState)
    return decision.state, decision.result


def test_the_last_administrators_token_is_not_revoked() -> None:
    ledger, only = token(RegistryState(), "a")
    with pytest.raises(LastAdministratorError, match="token:a"):
        tokens.revoke(ledger, only, stamp())


def test_with_another_administrator_it_is() -> None:
    ledger, first = token(RegistryState(), "a")
    ledger, _ = token(ledger, "b")
    revoked = tokens.revoke(ledger, first, stamp())
    assert not isinstance(revoked, NoChange) and isinstance(revoked.state, RegistryState)
    assert [one.source for one in revoked.state.administrators] == ["token:b"]


def test_the_bootstrap_administrator_may_always() -> None:
    ledger, only = token(RegistryState(), "a")
    assert not isinstance(tokens.revoke(ledger, only, stamp(actor=BOOTSTRAP)), NoChange)


def test_no_token_can_pass_for_the_bootstrap_administrator() -> None:
    with pytest.raises(InvalidInputError, match="bootstrap"):
        tokens.create(RegistryState(), "a", "0" * 64, "bootstrap", ADMIN, 90, stamp())


def test_one_that_has_expired_is_no_administrator_any_more() -> None:
    ledger, first = token(RegistryState(), "a")
    expired = RegistryState(administrators=(*ledger.administrators, Administrator("token:old", ("admin",), NOW)))
    with pytest.raises(LastAdministratorError):
        tokens.revoke(expired, first, stamp())


def test_an_administrator_of_some_models_is_none_of_the_registry() -> None:
    ledger, _ = token(RegistryState(), "a", Grant(Role.ADMIN, "fraud*"), Grant(Role.MAINTAINER, "*"))
    assert ledger.administrators == ()


def test_weakening_the_last_administrators_grants_is_refused() -> None:
    made = grants.set_grants(RegistryState(), None, "group:admins", ADMIN, {}, stamp())
    assert not isinstance(made, NoChange) and isinstance(made.state, RegistryState)
    weaker = [Grant(Role.MAINTAINER, "*")]
    with pytest.raises(LastAdministratorError):
        grants.set_grants(made.state, made.result, "group:admins", weaker, {}, stamp())
    assert isinstance(made.result, SubjectGrants)
    with pytest.raises(LastAdministratorError):
        grants.delete_grants(made.state, made.result, {}, stamp())


def test_administrators_are_bounded() -> None:
    many = tuple(Administrator(f"token:{number:04d}", ("admin",)) for number in range(MAX_ADMINISTRATORS))
    with pytest.raises(LimitExceededError):
        with_source(many, "token:more", ["admin"], None, NOW)
    expiring = (*many[1:], Administrator("token:gone", ("admin",), NOW))
    assert len(with_source(expiring, "token:more", ["admin"], LATER, NOW)) == MAX_ADMINISTRATORS


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12))
def test_once_there_is_an_administrator_there_always_is_one(steps: list[tuple[str, bool]]) -> None:
    ledger, standing = RegistryState(), dict[str, Token]()
    for name, adds in steps:
        try:
            if adds and name not in standing:
                ledger, standing[name] = token(ledger, name)
            elif not adds and name in standing:
                outcome = tokens.revoke(ledger, standing[name], stamp())
                assert not isinstance(outcome, NoChange) and isinstance(outcome.state, RegistryState)
                ledger = outcome.state
                del standing[name]
        except LastAdministratorError:
            assert len(standing) == 1
        assert {one.source for one in ledger.administrators} == {f"token:{held}" for held in standing}
        assert standing or not ledger.administrators
