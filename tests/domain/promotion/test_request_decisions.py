"""What becomes of requests and votes when things change around them."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import (
    ApprovalsMissingError,
    LimitExceededError,
    PermissionDeniedError,
    RequestExistsError,
    SeparationOfDutiesError,
    TransitionNotAllowedError,
)
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
from chalicelib.domain.promotion.transition_request import MAX_OPEN, State, TransitionRequest
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.version import Version
from tests.domain.build import NOW, Kept, changed, ready, stamp
from tests.domain.schemes.documents import scheme

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
