"""What an open request waits for, and of whom."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import StageNotFoundError
from chalicelib.domain.models.restrictions import Freeze
from chalicelib.domain.promotion.examination import examine
from chalicelib.domain.promotion.request_decisions import Voter
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.promotion.waiting import Wait, is_asked, waits_for
from chalicelib.domain.schemes.gates import Tier
from tests.domain.build import NOW
from tests.domain.promotion.test_request_decisions import CY, DAN, Desk
from tests.domain.schemes.documents import scheme

EVE = Voter("token:eve", ("reviewer",), ())


def waits(desk: Desk, voter: Voter | None = None, tier: Tier = Tier.LOW) -> set[Wait]:
    context, request = desk.transition_context(tier=tier), desk.requests[1]
    try:
        move = context.scheme.transition(request.from_stage, request.to_stage)
    except StageNotFoundError:
        return set(waits_for(context, request, None, voter))
    return set(waits_for(context, request, examine(context.scheme, move, context.facts, request), voter))


def asks(desk: Desk, voter: Voter, request: TransitionRequest | None = None) -> bool:
    context, asked = desk.transition_context(), request or desk.requests[1]
    move = context.scheme.transition(asked.from_stage, asked.to_stage)
    return is_asked(asked, voter, examine(context.scheme, move, context.facts, asked), NOW)


def test_it_waits_for_who_may_approve_until_they_have() -> None:
    desk = Desk()
    desk.asks()
    assert waits(desk) == {Wait.APPROVALS}
    assert waits(desk, CY) == {Wait.ME, Wait.APPROVALS}
    desk.votes(CY)
    assert waits(desk, CY) == waits(desk, EVE) == {Wait.EXECUTION}


def test_it_waits_for_nobody_whose_vote_would_be_refused_or_count_nowhere() -> None:
    desk = Desk()
    desk.asks()
    author, requester = (Voter(f"token:{name}", ("reviewer",), ()) for name in ("ada", "bob"))
    for voter in (author, requester, DAN, replace(CY, principal="token:x", person="token:ada")):
        assert waits(desk, voter) == {Wait.APPROVALS}


def test_with_named_reviewers_it_waits_only_for_them() -> None:
    desk = Desk()
    named = replace(desk.asks(), reviewers=("token:cy",))
    assert asks(desk, CY, named) and not asks(desk, EVE, named)


def test_a_vote_that_became_void_is_asked_for_again() -> None:
    desk = Desk()
    desk.asks()
    desk.votes(CY)
    assert waits(desk, CY, Tier.HIGH) == {Wait.ME, Wait.APPROVALS}


def test_a_rejection_is_waited_for_and_no_further_vote() -> None:
    desk = Desk()
    desk.asks()
    desk.votes(CY, approve=False)
    assert waits(desk, CY) == waits(desk, EVE) == {Wait.REJECTION}


def test_who_voted_for_one_of_two_approvals_is_not_asked_again() -> None:
    desk = Desk()
    desk.asks("gone")
    desk.votes(CY)
    assert waits(desk, CY) == {Wait.APPROVALS}
    assert waits(desk, EVE) == {Wait.ME, Wait.APPROVALS}


def test_an_approval_counts_if_another_can_take_the_other_place() -> None:
    both = [{"count": 1, "roles": ["reviewer"]}, {"count": 1, "roles": ["auditor"]}]
    desk = Desk(scheme(transitions=[{"from": "draft", "to": "live", "approvals": both}]))
    desk.asks()
    desk.votes(Voter("token:both", ("reviewer", "auditor"), ()))
    # The first vote took the place of a reviewer, and can take that of an auditor instead.
    assert asks(desk, CY)
    assert asks(desk, Voter("token:audit", ("auditor",), ()))


def test_gates_and_restrictions_are_waited_for_beside_approvals() -> None:
    gate = {"name": "auc", "kind": "metric", "metric": "auc", "at_least": 0.9}
    desk = Desk(scheme(transitions=[{"from": "draft", "to": "live", "gates": [gate], "approvals": [{"count": 1}]}]))
    desk.asks()
    desk.kept.model = replace(desk.model, frozen=Freeze("incident", "token:ada", NOW))
    assert waits(desk) == {Wait.APPROVALS, Wait.GATES, Wait.RESTRICTION}


@pytest.mark.parametrize("stages", [[{"name": "draft"}, {"name": "gone"}], None])
def test_it_waits_for_a_scheme_that_lets_a_call_make_the_move(stages: list[dict[str, object]] | None) -> None:
    desk = Desk()
    desk.asks()
    if stages is None:
        live = {"name": "live", "protected": True}
        desk.scheme = scheme(
            stages=[{"name": "draft"}, live, {"name": "gone"}], transitions=[{"from": "draft", "to": "live"}]
        )
    else:
        desk.scheme = scheme(stages=stages, transitions=[{"from": "draft", "to": "gone"}])
    assert waits(desk, CY) == {Wait.SCHEME}
