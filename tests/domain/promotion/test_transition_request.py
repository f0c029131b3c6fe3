"""How the votes on a request count."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.promotion.transition_request import (
    State,
    TransitionRequest,
    Vote,
    approval_status,
    request_document,
)
from chalicelib.domain.schemes.scheme import Approvals
from tests.domain.build import NOW, stamp
from tests.domain.stored import read_back

ROLES = ("reviewer", "maintainer", "admin")
GROUPS = ("risk", "legal")

people = st.builds(
    Vote,
    principal=st.sampled_from([f"token:{letter}" for letter in "abcdef"]),
    approve=st.booleans(),
    at=st.just(NOW),
    reason=st.none(),
    roles=st.lists(st.sampled_from(ROLES), unique=True).map(tuple),
    groups=st.lists(st.sampled_from(GROUPS), unique=True).map(tuple),
    binding=st.sampled_from(["now", "before"]),
    void=st.booleans(),
)
votes_of_people = st.lists(people, max_size=5, unique_by=lambda vote: vote.principal)
requirements = st.lists(
    st.builds(
        Approvals,
        count=st.integers(1, 2),
        roles=st.lists(st.sampled_from(ROLES), max_size=2, unique=True).map(tuple),
        groups=st.lists(st.sampled_from(GROUPS), max_size=1).map(tuple),
    ),
    max_size=3,
)


def vote(principal: str, *roles: str, approve: bool = True, groups: tuple[str, ...] = ()) -> Vote:
    return Vote(principal, approve, NOW, None, roles, groups, "now")


def request(*votes: Vote) -> TransitionRequest:
    return TransitionRequest(
        model="fraud",
        number=1,
        version=1,
        from_stage="draft",
        to_stage="live",
        author="token:ada",
        requested_by="token:bob",
        requested_at=NOW,
        reason="good",
        due_at=None,
        reviewers=("token:cy",),
        state=State.OPEN,
        votes=votes,
        revision=3,
    )


def most_filled(votes: list[Vote], places: list[Approvals]) -> int:
    """How many places the votes can fill at most, found by trying everything."""
    if not votes:
        return 0
    first, rest = votes[0], votes[1:]
    fitting = [at for at, place in enumerate(places) if place.accepts(frozenset(first.roles), frozenset(first.groups))]
    return max(
        most_filled(rest, places),
        *(1 + most_filled(rest, [*places[:at], *places[at + 1 :]]) for at in fitting),
        0,
    )


@given(votes_of_people, requirements)
def test_votes_fill_as_many_places_as_they_can_and_nobody_fills_two(votes: list[Vote], needed: list[Approvals]) -> None:
    status = approval_status(votes, needed, "now")
    seated = [name for tally in status.tallies for name in tally.approved_by]
    valid = [one for one in votes if one.approve and one.binding == "now" and not one.void]
    assert len(seated) == len(set(seated))
    assert set(seated) <= {one.principal for one in valid}
    by_name = {one.principal: one for one in valid}
    for tally in status.tallies:
        assert len(tally.approved_by) <= tally.needed.count
        for name in tally.approved_by:
            assert tally.needed.accepts(frozenset(by_name[name].roles), frozenset(by_name[name].groups))
    assert len(seated) == most_filled(valid, [one for one in needed for _ in range(one.count)])


@given(votes_of_people, requirements)
def test_a_request_is_approved_only_when_every_requirement_is_met_and_nobody_rejects(
    votes: list[Vote], needed: list[Approvals]
) -> None:
    status = approval_status(votes, needed, "now")
    valid = [one for one in votes if one.binding == "now" and not one.void]
    assert (status.state is State.REJECTED) == any(not one.approve for one in valid)
    assert set(status.void) == {one.principal for one in votes} - {one.principal for one in valid}
    if status.state is State.APPROVED:
        assert all(len(tally.approved_by) == tally.needed.count for tally in status.tallies)
    assert bool(status.blockers()) == (status.state is not State.APPROVED)


def test_one_who_fits_both_requirements_leaves_the_place_that_another_needs() -> None:
    needed = [Approvals(1, roles=("reviewer",)), Approvals(1, roles=("admin",))]
    both, one = vote("token:cy", "reviewer", "admin"), vote("token:dan", "reviewer")
    for votes in ([both, one], [one, both]):
        status = approval_status(votes, needed, "now")
        assert [tally.approved_by for tally in status.tallies] == [("token:dan",), ("token:cy",)]
    alone = approval_status([both], needed, "now")
    assert alone.state is State.OPEN
    assert sum(len(tally.approved_by) for tally in alone.tallies) == 1


def test_a_group_counts_as_a_role_does() -> None:
    needed = [Approvals(1, roles=("admin",), groups=("risk",))]
    assert approval_status([vote("token:cy", "viewer", groups=("risk",))], needed, "now").state is State.APPROVED
    assert approval_status([vote("token:cy", "viewer", groups=("legal",))], needed, "now").state is State.OPEN


def test_the_last_vote_of_each_person_counts() -> None:
    opened = request(vote("token:cy"), vote("token:dan"))
    revoted = opened.with_vote(vote("token:cy", approve=False))
    assert [(one.principal, one.approve) for one in revoted] == [("token:dan", True), ("token:cy", False)]


@given(votes_of_people)
def test_a_request_survives_being_stored(votes: list[Vote]) -> None:
    opened = request(*votes)
    assert read_back(opened, "fraud") == opened


def test_a_request_is_shown_with_its_votes() -> None:
    document = request_document(request(vote("token:cy", "reviewer", groups=("risk",))))
    assert document["reviewers"] == ["token:cy"] and document["state"] == "open"
    assert document["votes"] == [
        {
            "principal": "token:cy",
            "approve": True,
            "at": NOW,
            "reason": None,
            "roles": ["reviewer"],
            "groups": ["risk"],
            "binding": "now",
            "void": False,
            "person": "",
        }
    ]
    assert request().stamped(request(), stamp(revision=9)).revision == 9


def test_a_void_vote_matters_only_until_others_have_approved() -> None:
    needed = [Approvals(1, ("reviewer",))]
    gone = replace(vote("token:ada", "reviewer"), void=True)
    said = approval_status([gone], needed, "now").blockers()
    assert "the vote of token:ada is void: what was voted on has changed since" in said
    assert approval_status([gone, vote("token:bob", "reviewer")], needed, "now").blockers() == []
