"""What becomes of requests and votes when things change around them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import (
    ApprovalsMissingError,
    InvalidInputError,
    LimitExceededError,
    PermissionDeniedError,
    RequestClosedError,
    RequestExistsError,
    RequestNotFoundError,
    SeparationOfDutiesError,
    StageChangedError,
    TransitionNotAllowedError,
    VersionNotReadyError,
)
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.decision import Decision, NoChange, Put
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.ledger.record import Record
from chalicelib.domain.models.model import MAX_ALIASES, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion import request_decisions as requests
from chalicelib.domain.promotion import stage_decisions as stages
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.request_decisions import Voter
from chalicelib.domain.promotion.transition_request import (
    MAX_OPEN,
    MAX_OPEN_OF_VERSION,
    MAX_REVIEWERS,
    MAX_VOTES,
    State,
    TransitionRequest,
    Vote,
)
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.version import Status, Version
from tests.domain.build import NOW, Kept, changed, ready, stamp
from tests.domain.schemes.documents import evaluation, scheme

REVIEWED = scheme(
    transitions=[
        {"from": "draft", "to": "live", "approvals": [{"count": 1, "roles": ["reviewer"]}]},
        {"from": ["draft", "live"], "to": "gone", "approvals": [{"count": 2}]},
    ]
)
CY = Voter("token:cy", ("reviewer",), ())
DAN = Voter("token:dan", ("viewer",), ())


class Desk:
    """A model, its versions and its requests, each decision applied."""

    def __init__(self, judged_by: Scheme = REVIEWED, versions: int = 1) -> None:
        self.scheme = judged_by
        self.kept = Kept(Model("fraud", scheme=judged_by.ref))
        for _ in range(versions):
            self.kept.model, version = ready(self.model)
            self.keep(replace(version, created_by="token:ada"))

    @property
    def model(self) -> Model:
        return self.kept.model

    @property
    def versions(self) -> dict[int, Version]:
        return self.kept.versions

    @property
    def requests(self) -> dict[int, TransitionRequest]:
        return {request.number: request for request in self.kept.all(TransitionRequest)}

    def transition_context(self, number: int = 1, tier: Tier = Tier.LOW) -> TransitionContext:
        open_requests = {asked: self.requests[asked] for asked in self.model.open_requests}
        return TransitionContext(
            self.model, self.scheme, Facts(self.versions[number], tier, NOW), open_requests=open_requests
        )

    def keep(self, record: Record) -> None:
        self.kept.records[record.identity] = record

    def take(self, outcome: Any) -> Any:
        decision = changed(outcome)
        self.kept.apply(decision)
        return decision

    def asks(self, to_stage: str = "live", number: int = 1) -> TransitionRequest:
        opened = requests.open_request(
            self.transition_context(number), to_stage, None, None, [], stamp(actor="token:bob")
        )
        return self.take(opened).result

    def votes(self, voter: Voter, approve: bool = True, request: int = 1, tier: Tier = Tier.LOW) -> TransitionRequest:
        asked = self.requests[request]
        context = self.transition_context(asked.version, tier)
        return self.take(requests.vote(context, asked, voter, approve, None, stamp(actor=voter.principal))).result

    def voids(self, request: int = 1, tier: Tier = Tier.LOW) -> Any:
        asked = self.requests[request]
        return requests.void_votes(self.transition_context(asked.version, tier), asked)

    def executes(self, request: int = 1, tier: Tier = Tier.LOW) -> Decision[Any]:
        asked = self.requests[request]
        return stages.execute(self.transition_context(asked.version, tier), asked, Trigger.REQUEST, None, stamp())


def test_who_registered_the_version_and_who_asked_do_not_judge() -> None:
    desk = Desk()
    desk.asks()
    for name in ("token:ada", "token:bob"):
        with pytest.raises(SeparationOfDutiesError, match="somebody else must judge it"):
            desk.votes(Voter(name, ("reviewer",), ()))


def test_a_vote_that_would_count_nowhere_is_refused() -> None:
    desk = Desk()
    desk.asks()
    with pytest.raises(PermissionDeniedError, match="1 approval from role reviewer"):
        desk.votes(DAN)


def test_the_same_vote_again_changes_nothing() -> None:
    desk = Desk()
    desk.asks()
    assert desk.votes(CY).state is State.APPROVED
    again = requests.vote(desk.transition_context(), desk.requests[1], CY, True, None, stamp())
    assert isinstance(again, NoChange)


def test_a_rejection_holds_until_its_voter_thinks_otherwise() -> None:
    desk = Desk()
    desk.asks()
    assert desk.votes(CY, approve=False).state is State.REJECTED
    with pytest.raises(ApprovalsMissingError):
        desk.executes()
    assert desk.votes(CY).state is State.APPROVED
    assert desk.executes().result.stage == "live"


def test_votes_stay_void_once_that_was_said_even_when_the_past_returns() -> None:
    desk = Desk()
    desk.asks()
    desk.votes(CY)
    voided = desk.take(desk.voids(tier=Tier.HIGH))
    assert voided.event.after["void"] == ["token:cy"] and voided.result.state is State.OPEN
    assert isinstance(desk.voids(tier=Tier.HIGH), NoChange), "it is said once"
    with pytest.raises(ApprovalsMissingError):
        desk.executes(tier=Tier.LOW)
    assert desk.votes(CY).state is State.APPROVED


def test_votes_that_leave_a_request_open_are_said_to_be_void_too() -> None:
    desk = Desk()
    desk.asks("gone")
    assert desk.votes(CY).state is State.OPEN
    assert desk.take(desk.voids(tier=Tier.HIGH)).event.after["void"] == ["token:cy"]


def test_a_scheme_without_the_move_voids_every_vote() -> None:
    desk = Desk()
    desk.asks()
    desk.votes(CY)
    desk.scheme = scheme(transitions=[{"from": "draft", "to": "gone"}, {"from": "gone", "to": "live"}])
    voided = desk.take(desk.voids())
    assert voided.result.state is State.OPEN and voided.event.after["void"] == ["token:cy"]
    with pytest.raises(TransitionNotAllowedError):
        desk.executes()


def test_a_move_ends_the_requests_of_its_version_and_of_the_one_that_it_puts_out() -> None:
    desk = Desk(versions=2)
    desk.asks()
    desk.votes(CY)
    desk.take(desk.executes())
    assert desk.asks("gone", 1).number == 2
    desk.asks("live", 2)
    desk.asks("gone", 2)
    desk.votes(CY, request=3)
    moved = desk.executes(3)
    assert moved.state.open_requests == {}
    ended = [change.record for change in moved.changes if isinstance(change, Put)]
    ends = {one.number: one.state for one in ended if isinstance(one, TransitionRequest)}
    assert ends == {2: State.SUPERSEDED, 3: State.EXECUTED, 4: State.SUPERSEDED}


def test_a_move_is_asked_for_once_at_a_time_and_a_model_has_so_many_open_requests() -> None:
    desk = Desk(versions=MAX_OPEN // 2 + 1)
    desk.asks()
    with pytest.raises(RequestExistsError, match="Request 1"):
        desk.asks()
    for number in range(2, MAX_OPEN + 1):
        desk.asks("live" if number % 2 else "gone", (number + 1) // 2)
    with pytest.raises(LimitExceededError, match="execute or withdraw some first"):
        desk.asks("live", MAX_OPEN // 2 + 1)


def test_entering_a_stage_never_gives_a_model_more_aliases_than_it_may_have() -> None:
    naming = scheme(
        stages=[
            {"name": "draft"},
            {"name": "live", "exclusive": True, "on_enter": {"aliases": ["champion"]}},
            {"name": "gone"},
        ]
    )
    model, version = ready(Model("fraud", scheme=naming.ref))
    full = replace(model, aliases={f"a{index}": Pointer(1) for index in range(MAX_ALIASES)})
    with pytest.raises(LimitExceededError):
        stages.override(
            TransitionContext(full, naming, Facts(version, Tier.LOW, NOW)), "live", None, "because", stamp()
        )


def test_a_subject_who_comes_through_two_trusts_of_an_issuer_is_one_person() -> None:
    desk = Desk()
    desk.asks("gone")
    for trust in ("cli", "web"):
        desk.votes(Voter(f"oidc:{trust}:auth0|eve", ("reviewer",), ()))
    assert [vote.principal for vote in desk.requests[1].votes] == ["oidc:web:auth0|eve"]
    assert desk.requests[1].state is State.OPEN
    desk.keep(replace(desk.versions[1], created_by="oidc:cli:fay"))
    desk.keep(replace(desk.requests[1], author="oidc:cli:fay", requested_by="oidc:cli:gil"))
    for barred in ("fay", "gil"):
        with pytest.raises(SeparationOfDutiesError):
            desk.votes(Voter(f"oidc:web:{barred}", ("reviewer",), ()))
    desk.votes(CY)
    assert desk.requests[1].state is State.APPROVED


def test_the_tokens_of_one_person_have_one_vote() -> None:
    desk = Desk()
    desk.asks("gone")
    for token in ("laptop", "phone"):
        desk.votes(Voter(f"token:{token}", ("reviewer",), (), person="eve"))
    assert [vote.principal for vote in desk.requests[1].votes] == ["token:phone"]
    assert desk.requests[1].state is State.OPEN
    desk.votes(CY)
    assert desk.requests[1].state is State.APPROVED


def test_no_token_of_the_author_or_the_requester_has_a_vote() -> None:
    desk = Desk()
    desk.keep(replace(desk.versions[1], authors=("oidc:okta:fay",)))
    desk.asks("gone")
    desk.keep(replace(desk.requests[1], requester="gil"))
    for person, match in (("oidc:web:fay", "registered version 1"), ("token:ada", "registered"), ("gil", "opened")):
        with pytest.raises(SeparationOfDutiesError, match=match):
            desk.votes(Voter("token:laptop", ("reviewer",), (), person=person))
    with pytest.raises(SeparationOfDutiesError):
        desk.votes(Voter("oidc:web:fay", ("reviewer",), ()))


def opened(desk: Desk, **given: Any) -> Decision[TransitionRequest]:
    asked = {"to_stage": "live", "reason": None, "due_at": None, "reviewers": [], **given}
    return requests.open_request(desk.transition_context(), **asked, stamp=stamp(actor="token:bob"))


def test_a_request_says_what_it_asks_for_of_whom_and_until_when() -> None:
    desk = Desk()
    due_at = later(NOW, timedelta(days=1))
    made = opened(desk, reason="better", due_at=due_at, reviewers=["token:cy", "token:dan", "token:cy"])
    request = made.result
    assert request == TransitionRequest(
        model="fraud",
        number=1,
        version=1,
        from_stage="draft",
        to_stage="live",
        author="token:ada",
        requested_by="token:bob",
        requested_at=NOW,
        reason="better",
        due_at=due_at,
        reviewers=("token:cy", "token:dan"),
        state=State.OPEN,
        votes=(),
    )
    assert made.state.last_request == 1 and made.state.open_requests == {1: (1, "live")}
    assert made.subject == "1" and made.changes == (Put(request),)
    event = made.event
    assert (event.type, event.before, event.version, event.subject) == ("request.opened", None, 1, "1")
    assert event.reason == "better"
    assert event.after == {
        "request": 1,
        "to_stage": "live",
        "from_stage": "draft",
        "due_at": due_at,
        "reviewers": ["token:cy", "token:dan"],
        "state": "open",
    }
    assert event.details == {
        "scheme": {"name": "own", "version": 1},
        "tier": "low",
        "gates": [],
        "approvals": [],
    }


def test_a_request_that_takes_no_approvals_is_approved_at_once() -> None:
    desk = Desk(scheme())
    made = opened(desk)
    assert made.result.state is State.APPROVED
    assert made.event.after is not None and made.event.after["state"] == "approved"


def test_a_move_is_asked_for_of_a_ready_version_that_is_elsewhere() -> None:
    desk = Desk()
    with pytest.raises(StageChangedError, match="stands in draft already"):
        opened(desk, to_stage="draft")
    desk.keep(replace(desk.versions[1], status=Status.PENDING))
    with pytest.raises(VersionNotReadyError):
        opened(desk)


@pytest.mark.parametrize(("due_in", "refused"), [(-1, True), (0, True), (1, False)])
def test_a_request_is_due_in_the_future(due_in: int, refused: bool) -> None:
    due_at = later(NOW, timedelta(milliseconds=due_in))
    if refused:
        with pytest.raises(InvalidInputError) as error:
            opened(Desk(), due_at=due_at)
        assert [problem.pointer for problem in error.value.problems] == ["/due_at"]
    else:
        assert opened(Desk(), due_at=due_at).result.due_at == due_at


def test_a_request_has_at_most_twenty_reviewers() -> None:
    reviewers = [f"token:{number}" for number in range(MAX_REVIEWERS)]
    assert len(opened(Desk(), reviewers=reviewers).result.reviewers) == MAX_REVIEWERS
    with pytest.raises(InvalidInputError, match="at most 20 reviewers"):
        opened(Desk(), reviewers=[*reviewers, "token:more"])


def test_a_version_has_at_most_fifteen_open_requests_at_a_time() -> None:
    desk = Desk(versions=2)
    others = {number: (1, f"stage{number}") for number in range(100, 100 + MAX_OPEN_OF_VERSION - 1)}
    desk.kept.model = replace(desk.model, open_requests={**others, 90: (2, "live"), 91: (2, "gone")})
    context = TransitionContext(desk.model, desk.scheme, Facts(desk.versions[1], Tier.LOW, NOW))
    made = requests.open_request(context, "live", None, None, [], stamp(actor="token:bob"))
    context = replace(context, model=made.state)
    with pytest.raises(LimitExceededError, match="Version 1 of 'fraud' has 15 open requests already"):
        requests.open_request(context, "gone", None, None, [], stamp(actor="token:bob"))


def test_a_vote_is_recorded_with_what_its_voter_is_and_what_it_is_given_for() -> None:
    desk = Desk()
    desk.asks()
    cy = Voter("token:cy", ("reviewer", "viewer"), ("risk",))
    made = desk.take(
        requests.vote(desk.transition_context(), desk.requests[1], cy, False, "too early", stamp(actor="token:cy"))
    )
    (vote,) = made.result.votes
    assert vote == Vote("token:cy", False, NOW, "too early", ("reviewer", "viewer"), ("risk",), vote.binding)
    event = made.event
    assert (event.type, event.version, event.subject, event.reason) == ("request.voted", 1, "1", "too early")
    assert event.before == {"state": "open"}
    assert event.after == {
        "request": 1,
        "to_stage": "live",
        "vote": "reject",
        "state": "rejected",
        "roles": ["reviewer", "viewer"],
        "groups": ["risk"],
        "binding": vote.binding,
    }
    assert event.details is not None and event.details["approvals"] == []
    assert made.subject == "1"
    approved = desk.take(requests.vote(desk.transition_context(), desk.requests[1], cy, True, None, stamp()))
    assert approved.event.after["vote"] == "approve" and approved.event.before == {"state": "rejected"}
    assert approved.event.details["approvals"] == ["token:cy"]


@pytest.mark.parametrize(
    "again",
    [
        {"approve": False},
        {"reason": "looked again"},
        {"voter": Voter("token:cy", ("reviewer", "maintainer"), ())},
        {"voter": Voter("token:cy", ("reviewer",), ("risk",))},
    ],
)
def test_a_vote_that_differs_from_the_earlier_one_replaces_it(again: dict[str, Any]) -> None:
    desk = Desk()
    desk.asks()
    desk.votes(CY)
    cast = {"voter": CY, "approve": True, "reason": None, "stamp": stamp(), **again}
    revoted = requests.vote(desk.transition_context(), desk.requests[1], **cast)
    assert isinstance(revoted, Decision) and len(revoted.result.votes) == 1


def test_the_same_vote_is_recognised_among_those_of_others() -> None:
    desk = Desk()
    desk.asks("gone")
    desk.votes(DAN)
    desk.votes(CY)
    late = stamp(time=later(NOW, timedelta(hours=1)))
    again = requests.vote(desk.transition_context(), desk.requests[1], CY, True, None, late)
    assert again == NoChange(desk.requests[1])


def test_a_request_has_at_most_a_hundred_votes() -> None:
    desk = Desk()
    desk.asks("gone")
    voted = desk.requests[1]
    for number in range(MAX_VOTES):
        voter = Voter(f"token:{number}", (), ())
        voted = requests.vote(desk.transition_context(), voted, voter, True, None, stamp()).result
    assert len(voted.votes) == MAX_VOTES
    with pytest.raises(LimitExceededError, match="at most 100 votes"):
        requests.vote(desk.transition_context(), voted, CY, True, None, stamp())


def test_a_vote_is_void_once_an_evaluation_is_measured_again_even_with_equal_metrics() -> None:
    measured = scheme(
        transitions=[
            {
                "from": "draft",
                "to": "live",
                "gates": [{"name": "held", "kind": "evaluation", "evaluation": "holdout"}],
                "approvals": [{"count": 1}],
            },
            {"from": ["draft", "live"], "to": "gone"},
        ]
    )
    desk = Desk(measured)

    def after(measured_at: Instant) -> TransitionContext:
        context = desk.transition_context()
        return replace(context, facts=replace(context.facts, evaluations={"holdout": evaluation(measured_at, auc=0.9)}))

    again = later(NOW, timedelta(hours=1))
    asked = desk.take(requests.open_request(after(NOW), "live", None, None, [], stamp(actor="token:bob"))).result
    voted = desk.take(requests.vote(after(NOW), asked, CY, True, None, stamp())).result
    assert isinstance(requests.void_votes(after(NOW), voted), NoChange)
    voided = changed(requests.void_votes(after(again), voted))
    assert voided.result.state is State.OPEN and voided.event.after == {
        "request": 1,
        "to_stage": "live",
        "state": "open",
        "void": ["token:cy"],
    }
    with pytest.raises(ApprovalsMissingError):
        stages.execute(after(again), voted, Trigger.REQUEST, None, stamp())


def test_voiding_votes_is_recorded_as_the_rules_doing_and_leaves_the_other_votes() -> None:
    desk = Desk()
    desk.asks("gone")
    desk.votes(CY)
    desk.votes(DAN, tier=Tier.HIGH)
    made = desk.take(desk.voids(tier=Tier.HIGH))
    assert [(vote.principal, vote.void) for vote in made.result.votes] == [("token:cy", True), ("token:dan", False)]
    event = made.event
    assert (event.type, event.version, event.subject) == ("request.votes_voided", 1, "1")
    assert event.trigger is Trigger.RULE and event.reason == "what the votes were given for has changed"
    assert event.before == {"state": "open"} and made.subject == "1"


def closing(desk: Desk, **given: Any) -> Any:
    asked = {"may_manage": False, "reason": None, "stamp": stamp(actor="token:bob"), **given}
    return requests.withdraw(desk.model, desk.requests[1], **asked)


def test_a_request_is_withdrawn_by_who_asked_or_by_who_manages_the_model() -> None:
    desk = Desk(versions=2)
    desk.asks()
    desk.asks(number=2)
    with pytest.raises(PermissionDeniedError, match="withdrawn by token:bob or by somebody who may manage"):
        closing(desk, stamp=stamp(actor="token:eve"))
    managed = changed(closing(desk, stamp=stamp(actor="token:eve"), may_manage=True))
    assert managed.result.closed_by == "token:eve"
    made = desk.take(closing(desk, reason="not yet"))
    request, event = made.result, made.event
    assert (request.state, request.closed_at, request.closed_by) == (State.WITHDRAWN, NOW, "token:bob")
    assert request.closing_reason == event.reason == "not yet"
    assert made.state.open_requests == {2: (2, "live")}
    assert (event.type, event.trigger) == ("request.withdrawn", Trigger.REQUEST)
    assert (event.version, event.subject, made.subject) == (1, "1", "1")
    assert event.before == {"state": "open"}
    assert event.after == {"request": 1, "to_stage": "live", "state": "withdrawn"}
    assert isinstance(closing(desk), NoChange)


def test_a_request_expires_at_the_very_instant_and_is_then_neither_voted_on_nor_withdrawn() -> None:
    desk = Desk()
    due_at = later(NOW, timedelta(days=1))
    desk.take(opened(desk, due_at=due_at))
    just_before, at = stamp(time=later(due_at, -timedelta(milliseconds=1)), actor="token:bob"), stamp(time=due_at)
    assert isinstance(requests.expire(desk.model, desk.requests[1], just_before), NoChange)
    assert isinstance(closing(desk, stamp=just_before), Decision)
    for attempt in (
        lambda: closing(desk, stamp=stamp(time=due_at, actor="token:bob")),
        lambda: requests.vote(desk.transition_context(), desk.requests[1], CY, True, None, at),
    ):
        with pytest.raises(RequestClosedError, match=f"expired at {due_at}"):
            attempt()
    ended = desk.take(requests.expire(desk.model, desk.requests[1], at))
    assert (ended.result.state, ended.event.type) == (State.EXPIRED, "request.expired")
    assert ended.event.trigger is Trigger.KEEPER and ended.event.reason == f"it was due at {due_at}"
    assert isinstance(requests.expire(desk.model, desk.requests[1], at), NoChange)


def test_a_closed_request_is_neither_voted_on_nor_withdrawn_nor_are_its_votes_void() -> None:
    desk = Desk()
    desk.asks()
    desk.votes(CY)
    desk.take(desk.executes())
    done = desk.requests[1]
    with pytest.raises(RequestClosedError, match="is executed; open a new one"):
        closing(desk)
    with pytest.raises(RequestClosedError):
        requests.vote(desk.transition_context(), done, DAN, True, None, stamp())
    assert requests.void_votes(desk.transition_context(tier=Tier.HIGH), done) == NoChange(done)
    assert isinstance(requests.expire(desk.model, replace(done, due_at=NOW), stamp()), NoChange)


def test_a_request_that_is_not_there_is_named() -> None:
    with pytest.raises(RequestNotFoundError, match="no transition request 7"):
        requests.existing("fraud", 7, None)
