"""Creating, rotating and revoking tokens, and what the events record."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.access import token_decisions as tokens
from chalicelib.domain.access.administrators import BOOTSTRAP, Administrator
from chalicelib.domain.access.principal import MAX_GRANTS, Action, Grant, Role
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.roles import CustomRole, Holder
from chalicelib.domain.access.token import Previous, Token
from chalicelib.domain.access.token_decisions import MAX_GRACE_SECONDS, MAX_PREVIOUS
from chalicelib.domain.errors import InvalidInputError, InvalidNameError, TokenInactiveError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.decision import Decision, NoChange, Put
from chalicelib.domain.ledger.events import EventDraft
from tests.domain.build import NOW, changed, stamp

VIEWER = Grant(Role.VIEWER, "*")
CURATOR = CustomRole("curator", frozenset({Action.READ}), "", NOW, "token:ada")


def created(registry: RegistryState | None = None, **given: Any) -> Decision[Token]:
    asked = {"name": "ci", "grants": [VIEWER], "expires_in_days": 90, **given}
    return tokens.create(registry or RegistryState(), "t1", "a" * 64, stamp=stamp(), **asked)


def in_days(days: int) -> Instant:
    return later(NOW, timedelta(days=days))


def test_a_token_is_created_as_asked_and_its_event_holds_no_secret() -> None:
    made = created(groups=["risk", "audit", "risk"])
    token = Token(
        id="t1",
        name="ci",
        grants=(VIEWER,),
        secret_hash="a" * 64,
        created_at=NOW,
        created_by="token:ada",
        expires_at=in_days(90),
        revoked_at=None,
        groups=("audit", "risk"),
        person="token:ada",
    )
    assert made.result == token and made.changes == (Put(token),) and made.subject == "t1"
    assert made.event == EventDraft(
        "token.created",
        None,
        {
            "id": "t1",
            "name": "ci",
            "person": "token:ada",
            "groups": ["audit", "risk"],
            "grants": [{"role": "viewer", "models": "*"}],
            "created_at": NOW,
            "created_by": "token:ada",
            "expires_at": in_days(90),
            "revoked_at": None,
            "rotated_at": None,
        },
        subject="t1",
    )


@pytest.mark.parametrize(
    "given",
    [
        {"name": "x"},
        {"name": "x" * 128},
        {"grants": [VIEWER] * MAX_GRANTS},
        {"expires_in_days": 1},
        {"expires_in_days": 365},
    ],
)
def test_a_token_at_its_bounds_is_created(given: dict[str, Any]) -> None:
    assert created(**given).result.id == "t1"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": ""}, InvalidInputError),
        ({"name": "  "}, InvalidInputError),
        ({"name": "x" * 129}, InvalidInputError),
        ({"name": "a\nb"}, InvalidInputError),
        ({"name": "bootstrap"}, InvalidInputError),
        ({"grants": []}, InvalidInputError),
        ({"grants": [VIEWER] * (MAX_GRANTS + 1)}, InvalidInputError),
        ({"grants": [Grant("gone", "*")]}, InvalidInputError),
        ({"expires_in_days": 0}, InvalidInputError),
        ({"expires_in_days": 366}, InvalidInputError),
        ({"groups": ["no\tgroup"]}, InvalidNameError),
    ],
)
def test_a_token_out_of_bounds_is_refused(given: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        created(**given)


def test_a_token_holds_its_roles_until_it_expires() -> None:
    grants = [Grant("curator", "fraud"), Grant(Role.ADMIN, "*")]
    made = created(grants=grants, roles={"curator": CURATOR})
    assert made.changes[1:] == (Put(replace(CURATOR, holders={"token:t1": Holder(False, in_days(90))})),)
    assert isinstance(made.state, RegistryState)
    assert made.state.administrators == (Administrator("token:t1", ("admin",), in_days(90)),)


def test_a_rotated_token_accepts_its_old_secret_for_the_grace() -> None:
    token = created().result
    made = tokens.rotate(RegistryState(), token, "b" * 64, 60, stamp())
    ends = later(NOW, timedelta(seconds=60))
    rotated = replace(token, secret_hash="b" * 64, previous=(Previous("a" * 64, ends),), rotated_at=NOW)
    assert made.result == rotated and made.changes == (Put(rotated),) and made.subject == "t1"
    assert made.event == EventDraft(
        "token.rotated",
        {"rotated_at": None},
        {"rotated_at": NOW, "old_secret_ends_at": ends},
        subject="t1",
    )
    assert tokens.rotate(RegistryState(), token, "b" * 64, 0, stamp()).result.previous == ()


def test_a_second_rotation_never_prolongs_the_grace_of_older_secrets() -> None:
    soon, late = later(NOW, timedelta(seconds=10)), later(NOW, timedelta(seconds=600))
    token = replace(
        created().result, previous=(Previous("1" * 64, soon), Previous("2" * 64, late), Previous("3" * 64, NOW))
    )
    ends = later(NOW, timedelta(seconds=60))
    rotated = tokens.rotate(RegistryState(), token, "b" * 64, 60, stamp()).result
    assert rotated.previous == (Previous("a" * 64, ends), Previous("1" * 64, soon), Previous("2" * 64, ends))
    many = replace(token, previous=tuple(Previous(str(index) * 64, late) for index in range(MAX_PREVIOUS)))
    kept = tokens.rotate(RegistryState(), many, "b" * 64, 60, stamp()).result.previous
    assert [one.secret_hash[0] for one in kept] == ["a", "0", "1", "2", "3"]


@pytest.mark.parametrize("seconds", [-1, MAX_GRACE_SECONDS + 1])
def test_a_grace_is_at_most_a_day(seconds: int) -> None:
    with pytest.raises(InvalidInputError):
        tokens.rotate(RegistryState(), created().result, "b" * 64, seconds, stamp())
    assert len(tokens.rotate(RegistryState(), created().result, "b", MAX_GRACE_SECONDS, stamp()).result.previous) == 1


@pytest.mark.parametrize("inactive", [{"revoked_at": NOW}, {"expires_at": NOW}])
def test_a_token_that_is_revoked_or_expired_is_not_rotated(inactive: dict[str, Any]) -> None:
    with pytest.raises(TokenInactiveError):
        tokens.rotate(RegistryState(), replace(created().result, **inactive), "b" * 64, 60, stamp())


def test_a_revoked_token_releases_its_roles_and_administers_no_more() -> None:
    other = Administrator("grant:group:admins", ("admin",))
    made = created(
        RegistryState(administrators=(other,)),
        grants=[Grant("curator", "*"), Grant(Role.ADMIN, "*")],
        roles={"curator": CURATOR},
    )
    held = made.changes[1]
    assert isinstance(held, Put) and isinstance(held.record, CustomRole)
    revoked = changed(tokens.revoke(made.state, made.result, stamp(), {"curator": held.record}))
    assert revoked.result == replace(made.result, revoked_at=NOW)
    assert revoked.changes == (Put(revoked.result), Put(CURATOR))
    assert isinstance(revoked.state, RegistryState) and revoked.state.administrators == (other,)
    assert revoked.event == EventDraft("token.revoked", {"revoked_at": None}, {"revoked_at": NOW}, subject="t1")
    assert tokens.revoke(revoked.state, revoked.result, stamp()) == NoChange(revoked.result)


@pytest.mark.parametrize(
    ("given", "actor", "acting", "holder"),
    [
        ("oidc:okta:ada", "token:eve", "", "oidc:okta:ada"),
        (None, "token:eve", "", "token:eve"),
        (None, "token:eve", "oidc:okta:eve", "oidc:okta:eve"),
        (None, BOOTSTRAP, "", ""),
    ],
)
def test_a_token_is_held_by_the_person_who_is_named_or_else_by_its_creator(
    given: str | None, actor: str, acting: str, holder: str
) -> None:
    asked = {"name": "ci", "grants": [Grant(Role.VIEWER, "*")], "expires_in_days": 7}
    by = replace(stamp(actor=actor), person=acting)
    made = tokens.create(RegistryState(), "t1", "a" * 64, stamp=by, person=given, **asked)  # type: ignore[arg-type]  # one dict of all arguments
    assert made.result.person == holder
    assert made.event.after is not None and made.event.after["person"] == (holder or "token:ci")


@pytest.mark.parametrize("person", ["", "  ", "x" * 257, "a\nb"])
def test_a_person_has_a_printable_name(person: str) -> None:
    with pytest.raises(InvalidInputError, match="1 to 256 printable"):
        created(person=person)
