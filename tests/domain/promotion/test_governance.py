"""Whoever does what, in whatever order: no version enters a stage but as the scheme has it."""

from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.domain.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion import request_decisions as requests
from chalicelib.domain.promotion import scheme_assignment
from chalicelib.domain.promotion import stage_decisions as stages
from chalicelib.domain.promotion.examination import automatic_transitions, leaving_gates, rivals_of
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.gate_results import judge
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.request_decisions import Voter
from chalicelib.domain.promotion.transition_request import State, TransitionRequest
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.gates import Gate, Tier
from chalicelib.domain.schemes.scheme import Scheme, scheme_from_document
from chalicelib.domain.versions.version import Version
from tests.domain.build import NOW, Kept, ready, stamp

_DOCUMENT: Final[dict[str, Any]] = {
    "name": "bank",
    "version": 1,
    "initial": "development",
    "archive": "archived",
    "stages": [
        {"name": "development"},
        {"name": "validation"},
        {"name": "production", "exclusive": True, "protected": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "archived"},
    ],
    "transitions": [
        {
            "from": "development",
            "to": "validation",
            "automatic": True,
            "gates": [{"name": "scan", "kind": "scan"}],
        },
        {
            "from": "validation",
            "to": "production",
            "gates": [
                {"name": "validation", "kind": "check", "check": "validation", "max_age_days": 5},
                {"name": "better", "kind": "compare", "metric": "auc", "stage": "production", "tiers": ["high"]},
            ],
            "approvals": [
                {"count": 1, "roles": ["reviewer"]},
                {"count": 1, "groups": ["risk"], "tiers": ["high"]},
            ],
        },
        {"from": "archived", "to": "production", "approvals": [{"count": 1}], "execution": "manual"},
        {"from": ["development", "validation"], "to": "archived"},
        {"from": ["production"], "to": "archived", "gates": [{"name": "scan", "kind": "scan"}]},
        {"from": ["validation", "archived"], "to": "development"},
    ],
    "rollback": {"reason_required": True, "gates": [{"name": "scan", "kind": "scan", "tiers": ["high"]}]},
}

# Who may vote, with what; the authors and requesters among them.
PEOPLE: Final = {
    "token:author": Voter("token:author", ("contributor", "reviewer"), ("risk",)),
    "token:requester": Voter("token:requester", ("maintainer", "reviewer"), ("risk",)),
    "token:reviewer": Voter("token:reviewer", ("reviewer",), ()),
    "token:second": Voter("token:second", ("reviewer",), ("risk",)),
    "token:risk": Voter("token:risk", ("viewer",), ("risk",)),
    "token:admin": Voter("token:admin", ("admin",), ()),
    "token:viewer": Voter("token:viewer", ("viewer",), ()),
}
actors = st.sampled_from(list(PEOPLE))
STAGES = st.sampled_from([stage["name"] for stage in _DOCUMENT["stages"]])
REFUSALS = (ConflictError, NotFoundError, InvalidInputError, PermissionDeniedError)


class Governance(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.document = _DOCUMENT
        self.kept = Kept(Model("fraud", scheme=self.scheme.ref))
        self.checks: dict[int, dict[str, Any]] = {}
        self.voted_on: dict[tuple[int, str], object] = {}
        self.said_void: dict[int, set[str]] = defaultdict(set)

    @property
    def model(self) -> Model:
        return self.kept.model

    @property
    def versions(self) -> dict[int, Version]:
        return self.kept.versions

    @property
    def requests(self) -> dict[int, TransitionRequest]:
        return {request.number: request for request in self.kept.all(TransitionRequest)}

    @property
    def scheme(self) -> Scheme:
        return scheme_from_document(self.document)

    # What the registry loads, and what it does with a decision.

    def transition_context(self, number: int, rolling_back: bool = False) -> TransitionContext:
        version = self.versions[number]
        gates: tuple[Gate, ...] = (
            self.scheme.rollback.gates if rolling_back else leaving_gates(self.model, self.scheme, version.stage)
        )
        return TransitionContext(
            self.model,
            self.scheme,
            self.facts(version, gates),
            {asked: self.requests[asked] for asked in self.model.open_requests},
        )

    def facts(self, version: Version, gates: tuple[Gate, ...]) -> Facts:
        rivals = {
            place: None if holder is None else Rival(holder, self.versions[holder].description.metrics)
            for place, holder in rivals_of(gates, self.model).items()
        }
        checks = self.checks.get(version.number, {})
        return Facts(version, self.model.tier, self.now, checks=checks, rivals=rivals)

    def by(self, actor: str) -> Stamp:
        return stamp(actor=actor, time=self.now)

    def commit(self, outcome: Outcome[Any]) -> None:
        if isinstance(outcome, NoChange):
            return
        assert isinstance(outcome, Decision)
        if outcome.event.type == event_types.VERSION_TRANSITIONED:
            self.check_entry(outcome)
        closed = {number: one for number, one in self.requests.items() if one.state.closed}
        self.kept.apply(outcome, self.now)
        assert closed.items() <= self.requests.items(), "a closed request never changes"

    def attempt(self, decide: Callable[..., Outcome[Any]], *arguments: Any) -> None:
        # A refusal changes nothing; the invariants are checked all the same.
        with suppress(*REFUSALS):
            self.commit(decide(*arguments))

    # What must be so of every move, judged here on its own, before it is applied.

    def check_entry(self, outcome: Decision[Any]) -> None:
        told, number = outcome.event, outcome.event.version
        assert number is not None and told.details is not None and told.after is not None
        version, to_stage = self.versions[number], told.after["stage"]
        assert told.details["scheme"] == self.scheme.ref.document()
        if told.trigger is Trigger.ROLLBACK:
            assert told.reason and self.scheme.rollback.allowed
            assert number in self.model.stages[to_stage].trail
            gates = self.scheme.rollback.gates_for(self.model.tier)
            assert all(result.holds for result in judge(gates, self.facts(version, gates)))
            return
        failed, needed = self.failed_and_needed(version, to_stage)
        if told.trigger is Trigger.OVERRIDE:
            assert told.reason
            overridden = told.details["overridden"]
            assert overridden[: len(failed)] == failed and len(overridden) == len(failed) + len(needed)
            return
        assert failed == []
        approved_by = told.details["approvals"]
        assert len(set(approved_by)) == sum(needed)
        if needed:
            self.check_approvals(told.details["request"], approved_by)

    def stated(self, from_stage: str, to_stage: str, what: str) -> list[dict[str, Any]]:
        """Gates or approvals of a move for the model's tier, read from the document without the code under test."""
        (move,) = (
            move
            for move in self.document["transitions"]
            if move["to"] == to_stage and from_stage in [move["from"], *move["from"]]
        )
        return [one for one in move.get(what, ()) if self.model.tier.value in one.get("tiers", list(Tier))]

    def failed_and_needed(self, version: Version, to_stage: str) -> tuple[list[str], list[int]]:
        failed = [
            gate["name"] for gate in self.stated(version.stage, to_stage, "gates") if not self.holds(version, gate)
        ]
        return failed, [one["count"] for one in self.stated(version.stage, to_stage, "approvals")]

    def holds(self, version: Version, gate: dict[str, Any]) -> bool:
        if gate["kind"] == "compare":
            rival = self.model.holder("production")
            return rival is None or self.auc(version.number) > self.auc(rival)
        check = self.checks.get(version.number, {}).get(gate.get("check", "scan"))
        if check is None or not check["passed"]:
            return False
        return "max_age_days" not in gate or self.now <= later(
            check["reported_at"], timedelta(days=gate["max_age_days"])
        )

    def auc(self, number: int) -> float:
        return self.versions[number].description.metrics["auc"]

    def inputs(self, request: TransitionRequest) -> object:
        """All that an approval is given for, as it is now."""
        gates = self.stated(request.from_stage, request.to_stage, "gates")
        rival = self.model.holder("production")
        compared = None if rival is None else (rival, self.auc(rival))
        reported = self.checks.get(request.version, {})
        seen = [compared if gate["kind"] == "compare" else reported.get(gate.get("check", "scan")) for gate in gates]
        return self.document["version"], self.model.tier, seen

    def check_approvals(self, number: int, approved_by: list[str]) -> None:
        request = self.requests[number]
        votes = {vote.principal: vote for vote in request.votes}
        for name in approved_by:
            assert name not in (request.author, request.requested_by)
            assert votes[name].approve and name not in self.said_void[number]
            assert self.voted_on[number, name] == self.inputs(request)
        for name, vote in votes.items():
            if self.voted_on[number, name] == self.inputs(request) and name not in self.said_void[number]:
                assert vote.approve, "a rejection stands against it"

    # What people and rules do.

    def any_version(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.versions)))

    def any_request(self, data: st.DataObject) -> TransitionRequest:
        return self.requests[data.draw(st.sampled_from(sorted(self.requests)))]

    @rule(auc=st.sampled_from([0.7, 0.8, 0.9]), author=st.sampled_from(["token:author", "token:second"]))
    def registers(self, auc: float, author: str) -> None:
        self.kept.model, version = ready(self.model, metrics={"auc": auc})
        self.kept.records[version.identity] = replace(version, created_by=author)

    @rule(auc=st.sampled_from([0.7, 0.8, 0.9]))
    def asks_for_a_sound_version(self, auc: float) -> None:
        """The usual way, at one go, so that much is tried behind it."""
        self.registers(auc, "token:author")
        number = self.model.last_version
        passed = {"passed": True, "reported_at": self.now, "reported_by": "token:ci", "expires_at": None}
        self.checks[number] = {"scan": dict(passed), "validation": dict(passed)}
        self.judges(number)
        assert self.versions[number].stage == "validation"
        self.attempt(
            requests.open_request,
            self.transition_context(number),
            "production",
            "ready",
            None,
            [],
            self.by("token:requester"),
        )

    @precondition(lambda self: self.model.open_requests)
    @rule(data=st.data())
    def all_who_are_asked_approve(self, data: st.DataObject) -> None:
        asked = self.requests[data.draw(st.sampled_from(sorted(self.model.open_requests)))]
        for actor in ("token:reviewer", "token:second"):
            self.casts(self.requests[asked.number], actor, True)

    @precondition(lambda self: self.versions)
    @rule(data=st.data(), check=st.sampled_from(["scan", "validation"]), passed=st.sampled_from([True, True, False]))
    def reports_a_check(self, data: st.DataObject, check: str, passed: bool) -> None:
        reported = {"passed": passed, "reported_at": self.now, "reported_by": "token:ci", "expires_at": None}
        self.checks.setdefault(self.any_version(data), {})[check] = reported

    @precondition(lambda self: self.versions)
    @rule(data=st.data(), actor=actors, stage=STAGES)
    def opens_a_request(self, data: st.DataObject, actor: str, stage: str) -> None:
        due_at = data.draw(st.sampled_from([None, later(self.now, timedelta(days=3))]))
        self.attempt(
            requests.open_request,
            self.transition_context(self.any_version(data)),
            stage,
            "please",
            due_at,
            [],
            self.by(actor),
        )

    @precondition(lambda self: self.requests)
    @rule(data=st.data(), actor=actors, approve=st.sampled_from([True, True, True, False]))
    def votes(self, data: st.DataObject, actor: str, approve: bool) -> None:
        self.casts(self.any_request(data), actor, approve)

    def casts(self, asked: TransitionRequest, actor: str, approve: bool) -> None:
        before = asked.votes
        found, cast = self.transition_context(asked.version), PEOPLE[actor]
        self.attempt(requests.vote, found, asked, cast, approve, "because", self.by(actor))
        votes = self.requests[asked.number].votes
        assert len({vote.principal for vote in votes}) == len(votes)
        if actor in (asked.author, asked.requested_by):
            assert votes == before
        if votes != before:
            self.voted_on[asked.number, actor] = self.inputs(asked)
            self.said_void[asked.number].discard(actor)

    @precondition(lambda self: self.requests)
    @rule(data=st.data(), actor=actors)
    def withdraws(self, data: st.DataObject, actor: str) -> None:
        asked = self.any_request(data)
        self.attempt(requests.withdraw, self.model, asked, actor == "token:admin", None, self.by(actor))

    @rule(tier=st.sampled_from(Tier))
    def sets_the_tier(self, tier: Tier) -> None:
        self.attempt(scheme_assignment.set_tier, self.model, tier, None)

    @rule(follows=st.booleans())
    def saves_the_scheme_anew(self, follows: bool) -> None:
        newer = {**self.document, "version": self.document["version"] + 1}
        present, wanted = AssignedScheme(self.document, True), AssignedScheme(newer, follows)
        self.attempt(scheme_assignment.assign, self.model, present, wanted, Trigger.REQUEST)
        self.document = newer if self.model.scheme.version == newer["version"] else self.document

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.now = later(self.now, timedelta(days=days))

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def executes(self, data: st.DataObject) -> None:
        asked = self.any_request(data)

        def decide() -> Decision[Version]:
            requests.check_open(asked, self.now)
            return stages.execute(
                self.transition_context(asked.version), asked, Trigger.REQUEST, None, self.by("token:requester")
            )

        self.attempt(decide)

    @rule()
    def the_keeper_expires_what_is_due(self) -> None:
        for asked in list(self.requests.values()):
            self.commit(requests.expire(self.model, asked, self.by("keeper")))
        assert not any(one.is_due(self.now) for one in self.requests.values() if not one.state.closed)

    @rule()
    def the_promoter_voids_votes(self) -> None:
        for number in list(self.model.open_requests):
            asked = self.requests[number]
            outcome = requests.void_votes(self.transition_context(asked.version), asked)
            self.commit(outcome)
            changed = {
                vote.principal for vote in asked.votes if self.voted_on[number, vote.principal] != self.inputs(asked)
            }
            fresh = changed - self.said_void[number]
            assert isinstance(outcome, NoChange) == (not fresh)
            if isinstance(outcome, Decision):
                assert outcome.event.after is not None and set(outcome.event.after["void"]) == fresh
            self.said_void[number] |= changed

    @precondition(lambda self: self.versions)
    @rule(data=st.data())
    def the_promoter_judges(self, data: st.DataObject) -> None:
        self.judges(self.any_version(data))

    def judges(self, number: int) -> None:
        found = self.transition_context(number)
        for move in automatic_transitions(self.model, self.scheme, found.version.stage):
            outcome, reason = stages.promote(found, move, self.by("rule:promotion"))
            assert reason
            self.commit(outcome)
            return

    @precondition(lambda self: self.versions)
    @rule(data=st.data(), actor=actors, stage=STAGES)
    def moves_directly(self, data: st.DataObject, actor: str, stage: str) -> None:
        self.attempt(
            stages.transition, self.transition_context(self.any_version(data)), stage, None, None, self.by(actor)
        )

    @precondition(lambda self: self.versions)
    @rule(data=st.data(), stage=STAGES)
    def breaks_glass(self, data: st.DataObject, stage: str) -> None:
        found = self.transition_context(self.any_version(data))
        self.attempt(stages.override, found, stage, None, "the old one is on fire", self.by("token:admin"))

    @rule(reason=st.sampled_from(["worse than before", None]))
    def rolls_back(self, reason: str | None) -> None:
        try:
            target = stages.roll_back_target(self.model, self.scheme, "production")
        except ConflictError:
            return
        found = self.transition_context(target, rolling_back=True)
        self.attempt(stages.roll_back, found, "production", reason, self.by("token:requester"))

    # What is so at all times.

    @invariant()
    def the_head_counts_the_versions_of_every_stage(self) -> None:
        assert dict(self.model.standing) == Counter(version.stage for version in self.versions.values())

    @invariant()
    def production_has_at_most_the_holder_that_the_model_names(self) -> None:
        standing = [version.number for version in self.versions.values() if version.stage == "production"]
        holder = self.model.holder("production")
        assert standing == ([] if holder is None else [holder])

    @invariant()
    def the_champion_is_who_entered_production_last(self) -> None:
        holder = self.model.holder("production")
        if holder is not None:
            assert self.model.alias("champion").version == holder

    @invariant()
    def the_head_names_exactly_the_requests_that_are_open(self) -> None:
        still = {one.number: (one.version, one.to_stage) for one in self.requests.values() if not one.state.closed}
        assert dict(self.model.open_requests) == still

    @invariant()
    def a_request_is_open_only_while_its_version_stands_where_it_stood(self) -> None:
        for asked in self.requests.values():
            if not asked.state.closed:
                assert self.versions[asked.version].stage == asked.from_stage

    @invariant()
    def what_is_closed_says_when_and_by_whom(self) -> None:
        for asked in self.requests.values():
            assert (asked.closed_at is not None) == asked.state.closed == (asked.closed_by is not None)
            assert asked.state is not State.EXPIRED or asked.due_at is not None


Governance.TestCase.settings = settings(max_examples=2 * settings.default.max_examples, stateful_step_count=50)
TestGovernance = Governance.TestCase
