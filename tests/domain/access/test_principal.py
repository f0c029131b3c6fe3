from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access.principal import ROLE_ACTIONS, Action, Grant, Principal, Role, matches
from chalicelib.domain.errors import InvalidInputError, PermissionDeniedError


def test_nobody_may_do_anything_without_a_grant() -> None:
    nobody = Principal("token:x", ())
    assert not any(nobody.may(action, "fraud") for action in Action)


def test_roles_grow_from_viewer_to_admin() -> None:
    ladder = (Role.VIEWER, Role.CONSUMER, Role.CONTRIBUTOR, Role.MAINTAINER, Role.ADMIN)
    assert all(smaller < larger for smaller, larger in pairwise(ROLE_ACTIONS[role] for role in ladder))
    assert ROLE_ACTIONS[Role.CONSUMER] < ROLE_ACTIONS[Role.REVIEWER] < ROLE_ACTIONS[Role.MAINTAINER]


def test_a_reviewer_approves_but_moves_nothing() -> None:
    reviewer = Principal("token:r", (Grant(Role.REVIEWER, "*"),))
    assert reviewer.may(Action.APPROVE, "fraud")
    assert not any(reviewer.may(action, "fraud") for action in (Action.REQUEST, Action.TRANSITION, Action.REGISTER))


def test_an_auditor_reads_everything_and_gets_no_bytes() -> None:
    auditor = Principal("token:a", (Grant(Role.AUDITOR, "*"),))
    assert {action for action in Action if auditor.may(action, "fraud")} == {Action.READ, Action.AUDIT}


def test_an_administrator_may_do_everything() -> None:
    assert ROLE_ACTIONS[Role.ADMIN] == frozenset(Action)


def test_a_viewer_sees_metadata_but_gets_no_bytes() -> None:
    viewer = Principal("token:v", (Grant(Role.VIEWER, "*"),))
    assert viewer.may(Action.READ, "fraud") and not viewer.may(Action.DOWNLOAD, "fraud")


def test_a_grant_holds_on_matching_models_only() -> None:
    maintainer = Principal("token:m", (Grant(Role.MAINTAINER, "fraud-*"),))
    assert maintainer.may(Action.TRANSITION, "fraud-eu")
    assert not maintainer.may(Action.READ, "credit")
    with pytest.raises(PermissionDeniedError):
        maintainer.check(Action.READ, "credit")


def test_administering_the_registry_takes_the_pattern_for_all_models() -> None:
    with pytest.raises(PermissionDeniedError):
        Principal("token:a", (Grant(Role.ADMIN, "fraud*"),)).check_registry(Action.ADMINISTER)
    Principal("token:a", (Grant(Role.ADMIN, "*"),)).check_registry(Action.ADMINISTER)


@given(st.text(max_size=20))
def test_a_pattern_without_a_star_matches_itself_only(text: str) -> None:
    plain = text.replace("*", "")
    assert matches(plain, plain)
    assert not matches(plain, plain + "x")


@given(st.text(max_size=10), st.text(max_size=10), st.text(max_size=10))
def test_a_star_stands_for_any_run_of_characters(start: str, middle: str, end: str) -> None:
    start, end = start.replace("*", ""), end.replace("*", "")
    assert matches(f"{start}*{end}", start + middle + end)


@given(st.text("ab*", min_size=1, max_size=5), st.text("ab", max_size=5), st.integers(0, 5))
def test_a_pattern_reaches_every_beginning_of_a_name_that_it_covers(pattern: str, name: str, length: int) -> None:
    grant = Grant(Role.VIEWER, pattern)
    assert grant.reaches(name[:length]) or not grant.covers(name)


def test_a_pattern_does_not_reach_beyond_what_stands_before_its_star() -> None:
    principal = Principal("token:x", (Grant(Role.VIEWER, "fr*"), Grant(Role.VIEWER, "churn")))
    reached = [
        prefix
        for prefix in ("f", "fra", "ch", "churn", "churn2", "s", "x")
        if principal.may_on_some(Action.READ, prefix)
    ]
    assert reached == ["f", "fra", "ch", "churn"]
    assert not principal.may_on_some(Action.DOWNLOAD, "f")


def test_a_pattern_of_many_stars_is_matched_in_no_time() -> None:
    assert not matches("*" * 200 + "b", "a" * 256)


def test_a_refusal_says_which_action_on_what_and_which_roles_allow_it() -> None:
    viewer = Principal("token:v", (Grant(Role.VIEWER, "fraud"),))
    viewer.check(Action.READ, "fraud")
    with pytest.raises(PermissionDeniedError) as refused:
        viewer.check(Action.REGISTER, "fraud")
    assert str(refused.value) == (
        "You (token:v) may not register versions of the model 'fraud': "
        "ask an administrator for a role that has register, such as contributor or maintainer or admin."
    )
    with pytest.raises(PermissionDeniedError, match=r"manage webhooks of the registry: .* manage_webhooks on '\*'"):
        viewer.check_registry(Action.MANAGE_WEBHOOKS)
    assert viewer.roles_on("fraud") == ("viewer",) and viewer.roles_on("credit") == ()
    twice = Principal("token:t", (Grant(Role.VIEWER, "*"), Grant("curator", "fr*"), Grant(Role.VIEWER, "fraud")))
    assert twice.roles_on("fraud") == ("curator", "viewer")


@pytest.mark.parametrize("pattern", ["", "x" * 257])
def test_the_pattern_of_a_grant_is_bounded(pattern: str) -> None:
    with pytest.raises(InvalidInputError):
        Grant(Role.VIEWER, pattern)
    assert Grant(Role.VIEWER, "x" * 256).covers("x" * 256)
