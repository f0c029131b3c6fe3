"""What grants come to: nothing by default, the union of what they allow, and never more than a role's actions."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access import role_decisions as decisions
from chalicelib.domain.access.administrators import Administrator
from chalicelib.domain.access.principal import ROLE_ACTIONS, Action, Grant, Principal, Role, custom_roles
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.roles import (
    MAX_HOLDERS,
    MAX_ROLES,
    CustomRole,
    Holder,
    role_description,
    role_name,
)
from chalicelib.domain.errors import (
    BuiltInRoleError,
    InvalidInputError,
    InvalidNameError,
    LastAdministratorError,
    LimitExceededError,
    RoleInUseError,
)
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Decision, NoChange, Put, Remove
from chalicelib.domain.ledger.events import EventDraft
from tests.domain.build import NOW, changed, stamp
from tests.domain.stored import read_back

ACTIONS = st.frozensets(st.sampled_from(list(Action)))
CUSTOM = st.dictionaries(st.sampled_from(["curator", "steward", "viewer", "admin"]), ACTIONS)
MODELS = st.sampled_from(["fraud", "credit", "frog"])
GRANTS = st.lists(
    st.builds(
        Grant,
        st.sampled_from([*(role.value for role in Role), "curator", "steward", "gone"]),
        st.sampled_from(["*", "fr*", "fraud", "credit"]),
    ),
    max_size=6,
)


@given(GRANTS, CUSTOM, st.sampled_from(list(Action)), MODELS)
def test_what_a_principal_may_do_is_the_union_of_its_grants_and_nothing_else(
    grants: list[Grant], custom: dict[str, frozenset[Action]], action: Action, model: str
) -> None:
    built_in = {role.value: actions for role, actions in ROLE_ACTIONS.items()}
    allowed = set()
    for grant in grants:
        if grant.covers(model):
            allowed |= built_in.get(grant.role, custom.get(grant.role, frozenset()))
    together = Principal("token:x", tuple(grants), roles=custom)
    assert together.may(action, model) == (action in allowed)
    alone = [Principal("token:x", (grant,), roles=custom).may(action, model) for grant in grants]
    assert together.may(action, model) == any(alone)


@given(ACTIONS, st.sampled_from(list(Action)), MODELS)
def test_a_custom_role_never_allows_more_than_its_actions(
    actions: frozenset[Action], action: Action, model: str
) -> None:
    principal = Principal("token:x", (Grant("curator", "*"),), roles={"curator": actions})
    assert principal.may(action, model) == (action in actions)


@given(ACTIONS)
def test_no_custom_role_can_take_the_place_of_a_built_in_one(actions: frozenset[Action]) -> None:
    principal = Principal("token:x", (Grant(Role.VIEWER, "*"),), roles={"viewer": actions})
    assert {action for action in Action if principal.may(action, "fraud")} == ROLE_ACTIONS[Role.VIEWER]


@given(GRANTS)
def test_a_role_that_is_not_there_allows_nothing(grants: list[Grant]) -> None:
    principal = Principal("token:x", tuple(grant for grant in grants if grant.role in custom_roles(grants)))
    assert not any(principal.may(action, "fraud") for action in Action)


def curator(*actions: Action, holders: dict[str, Holder] | None = None) -> CustomRole:
    return CustomRole("curator", frozenset(actions), "", NOW, "token:ada", NOW, 1, holders or {})


def test_a_role_is_kept_as_it_is() -> None:
    role = curator(Action.READ, holders={"token:t": Holder(True, NOW), "grant:group:g": Holder(False)})
    assert read_back(role) == role


@pytest.mark.parametrize("name", ["", "Curator", "1st", "a" * 65, "a b", "rôle"])
def test_a_role_has_a_plain_name(name: str) -> None:
    with pytest.raises(InvalidNameError):
        role_name(name)


@pytest.mark.parametrize("name", Role)
def test_a_built_in_role_cannot_be_made_anew(name: str) -> None:
    with pytest.raises(BuiltInRoleError):
        role_name(name)


def test_setting_a_role_to_what_it_is_changes_nothing() -> None:
    role = curator(Action.READ)
    assert isinstance(decisions.set_role(RegistryState(), role, "curator", ["read"], "", stamp()), NoChange)
    with pytest.raises(InvalidInputError):
        decisions.set_role(RegistryState(), None, "curator", [], "", stamp())


def test_the_number_of_roles_is_bounded() -> None:
    full = RegistryState(counts={"ROLE": MAX_ROLES})
    with pytest.raises(LimitExceededError):
        decisions.set_role(full, None, "curator", ["read"], "", stamp())
    freed = decisions.delete_role(full, curator(Action.READ), stamp()).state
    assert isinstance(freed, RegistryState)
    assert isinstance(decisions.set_role(freed, None, "curator", ["read"], "", stamp()), Decision)


def test_a_role_that_something_names_is_not_deleted() -> None:
    with pytest.raises(RoleInUseError, match="grant:group:risk"):
        decisions.delete_role(RegistryState(), curator(holders={"grant:group:risk": Holder(False)}), stamp())


def test_a_role_that_only_expired_tokens_name_is_deleted() -> None:
    role = curator(Action.READ, holders={"token:old": Holder(True, NOW)})
    assert decisions.delete_role(RegistryState(), role, stamp()).result is None


def test_the_holders_of_a_role_are_bounded() -> None:
    role = curator(Action.READ, holders={f"token:{number}": Holder(False) for number in range(MAX_HOLDERS)})
    with pytest.raises(LimitExceededError, match="group"):
        role.held_by("token:more", Holder(False), NOW)
    assert role.held_by("token:1", Holder(True), NOW).holders["token:1"].everywhere


def test_a_role_that_comes_to_administer_makes_administrators_of_those_that_hold_it_everywhere() -> None:
    role = curator(Action.READ, holders={"grant:group:a": Holder(True), "grant:group:b": Holder(False)})
    gained = changed(decisions.set_role(RegistryState(), role, "curator", ["administer"], "", stamp()))
    assert isinstance(gained.state, RegistryState)
    assert [one.source for one in gained.state.administrators] == ["grant:group:a"]
    assert isinstance(gained.result, CustomRole)
    with pytest.raises(LastAdministratorError):
        decisions.set_role(gained.state, gained.result, "curator", ["read"], "", stamp())


def test_a_role_is_made_and_changed_and_its_events_record_both() -> None:
    made = changed(decisions.set_role(RegistryState(), None, "curator", ["read", "annotate"], "tidies", stamp()))
    role = CustomRole("curator", frozenset({Action.READ, Action.ANNOTATE}), "tidies", NOW, "token:ada", NOW, 1)
    shown = {
        "name": "curator",
        "actions": ["annotate", "read"],
        "description": "tidies",
        "created_at": NOW,
        "created_by": "token:ada",
        "updated_at": NOW,
    }
    assert made.result == role and made.changes == (Put(role),) and made.subject == "curator"
    assert made.state == RegistryState(counts={"ROLE": 1})
    assert made.event == EventDraft("role.set", None, shown, subject="curator")
    held = replace(role, holders={"token:t": Holder(True)})
    described = changed(decisions.set_role(made.state, held, "curator", ["read", "annotate"], "x", stamp(revision=5)))
    assert described.result == replace(held, description="x", revision=5)
    assert described.state == made.state
    assert (described.event.before, described.event.after) == (shown, {**shown, "description": "x"})
    deleted = decisions.delete_role(made.state, role, stamp())
    assert deleted.changes == (Remove(role),) and deleted.state == RegistryState(counts={"ROLE": 0})
    assert deleted.event == EventDraft("role.deleted", shown, None, subject="curator")


def test_a_description_of_a_role_is_bounded() -> None:
    assert len(role_description("x" * 500)) == 500
    with pytest.raises(InvalidInputError):
        role_description("x" * 501)


def test_a_role_that_administers_no_more_leaves_who_administers_by_another() -> None:
    both = Administrator("token:a", ("admin", "curator"))
    role = curator(Action.ADMINISTER, holders={"token:a": Holder(True), "token:b": Holder(True)})
    expired = Administrator("token:old", ("admin",), NOW)
    registry = RegistryState(administrators=(both, Administrator("token:b", ("curator",)), expired))
    lost = changed(decisions.set_role(registry, role, "curator", ["read"], "", stamp()))
    assert lost.state == RegistryState(administrators=(Administrator("token:a", ("admin",)),))
    alone = replace(registry, administrators=registry.administrators[1:])
    with pytest.raises(LastAdministratorError):
        decisions.set_role(alone, role, "curator", ["read"], "", stamp())


def test_a_role_that_comes_to_administer_is_added_to_those_by_which_its_holders_do_already() -> None:
    soon = Instant("2027-01-01T00:00:00.000Z")
    role = curator(Action.READ, holders={"token:a": Holder(True, soon), "token:old": Holder(True, NOW)})
    registry = RegistryState(administrators=(Administrator("token:a", ("admin",), soon),))
    gained = changed(decisions.set_role(registry, role, "curator", ["administer"], "", stamp()))
    assert gained.state == RegistryState(administrators=(Administrator("token:a", ("admin", "curator"), soon),))


def test_a_holder_that_has_expired_at_the_very_instant_is_forgotten() -> None:
    later = Instant("2026-11-23T09:30:00.001Z")
    holders = {"token:now": Holder(True, NOW), "token:later": Holder(True, later), "token:ever": Holder(False)}
    role = curator(holders=holders)
    assert set(role.standing(NOW)) == {"token:later", "token:ever"}
    assert set(role.held_by("token:new", Holder(False), NOW).holders) == {"token:later", "token:ever", "token:new"}
    assert set(role.released_by("token:ever", NOW).holders) == {"token:later"}
