"""Transition requests on the table: votes that meet, inputs that change, moves that are made once."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError, Table
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.errors import (
    ApprovalsMissingError,
    ContentionError,
    GatesNotMetError,
    InvalidInputError,
    RequestClosedError,
)
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.promotion import moves as making
from chalicelib.domain.promotion.transition_request import State
from chalicelib.domain.schemes.gates import Tier
from chalicelib.registry.aliases import aliases
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.lifecycle import restrictions, sweep
from chalicelib.registry.promotion import dry_runs, judgement, promotion, requests, scheme_assignment, stages
from chalicelib.registry.schemes import saving
from chalicelib.registry.versions import burials, versions
from tests.registry.build import model, ready, request
from tests.registry.governed import REVIEWED, approve, asked, by, governed, judge, last, saved, told


@pytest.fixture(autouse=True)
def fraud(registry: Services) -> str:
    return governed(registry)


def holder(registry: Services, stage: str = "live") -> int | None:
    return {found.name: found.version for found in stages.list_stages(registry, "fraud")}[stage]


def state(registry: Services, number: int = 1) -> State:
    return requests.get_request(registry, "fraud", number).state


def moves(registry: Services) -> list[dict[str, Any]]:
    return [event for event in told(registry) if event["type"] == event_types.VERSION_TRANSITIONED]


def test_of_two_who_approve_at_once_both_votes_count(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    number = asked(registry)
    transact, others = Table.transact, iter(["dan"])

    def after_another(table: Table, writes: list[Any]) -> None:
        for other in others:
            approve(registry, number, other)
        transact(table, writes)

    monkeypatch.setattr(Table, "transact", after_another)
    approve(registry, number, "cy")
    found = requests.get_request(registry, "fraud", number)
    assert (found.state, {vote.principal for vote in found.votes}) == (State.APPROVED, {"token:cy", "token:dan"})


def test_approving_after_it_was_withdrawn_is_refused(registry: Services) -> None:
    number = asked(registry)
    requests.withdraw(registry, request(), "fraud", number, "not yet")
    with pytest.raises(RequestClosedError, match="is withdrawn"):
        approve(registry, number, "cy")
    assert requests.list_open_requests(registry, "fraud", 50, None).items == ()


def test_executing_while_a_gate_fails_is_refused_with_what_would_satisfy_it(registry: Services) -> None:
    number = asked(registry, tags={})
    approve(registry, number, "cy", "dan")
    with pytest.raises(GatesNotMetError) as refused:
        requests.execute(registry, request(), "fraud", number, Trigger.REQUEST, None)
    (problem,) = refused.value.problems
    assert problem.pointer == "/gates/auc"
    assert "cannot be evaluated: there is no key 'ok'" in problem.message
    assert "metrics.auc > 0.5 && tags.ok == 'yes'" in problem.message


def test_executing_with_one_approval_of_two_is_refused(registry: Services) -> None:
    number = asked(registry)
    approve(registry, number, "cy")
    with pytest.raises(ApprovalsMissingError) as refused:
        requests.execute(registry, request(), "fraud", number, Trigger.REQUEST, None)
    assert "approved by token:cy" in refused.value.problems[0].message


def test_the_last_approval_makes_the_move_once_however_often_and_late_events_come(registry: Services) -> None:
    number = asked(registry)
    approve(registry, number, "cy", "dan")
    first, second = [event for event in told(registry) if event["type"] == event_types.REQUEST_VOTED]
    assert judge(registry, second)["request 1"].promoted
    for event in (second, first, second):
        assert "request 1" not in judge(registry, event)
    (move,) = moves(registry)
    assert move["actor"] == "rule:promotion" and move["reason"] == "ready"
    assert move["details"]["approvals"] == ["token:cy", "token:dan"]
    assert move["details"]["votes"] == [
        {"principal": vote["actor"], "person": vote["actor"], "at": vote["time"], "binding": vote["after"]["binding"]}
        for vote in (first, second)
    ]
    assert move["details"]["request"] == 1
    assert move["details"]["scheme"] == {"name": "reviewed", "version": 1}
    assert [gate["holds"] for gate in move["details"]["gates"]] == [True]
    assert state(registry) is State.EXECUTED and holder(registry) == 1


def test_a_scheme_that_changed_voids_the_votes_and_the_promoter_says_so_once(registry: Services) -> None:
    number = asked(registry)
    approve(registry, number, "cy", "dan")
    saving.save_scheme(registry, request(), {**REVIEWED, "description": "stricter"})
    assert scheme_assignment.hand_on(registry, saved(registry)) == (1, [])
    assigned = last(registry)
    assert assigned["type"] == event_types.MODEL_SCHEME_ASSIGNED
    for _ in range(2):
        assert not judge(registry, assigned)["request 1"].promoted
    voided = [event for event in told(registry) if event["type"] == event_types.REQUEST_VOTES_VOIDED]
    assert [event["after"]["void"] for event in voided] == [["token:cy", "token:dan"]]
    assert state(registry) is State.OPEN and moves(registry) == []
    approve(registry, number, "cy", "dan")
    assert judge(registry, last(registry))["request 1"].promoted


def test_a_scheme_that_lost_the_move_voids_the_votes_and_stops_nobody(registry: Services) -> None:
    number = asked(registry)
    approve(registry, number, "cy")
    without = [{"from": "draft", "to": "gone"}, {"from": "gone", "to": "live"}]
    saving.save_scheme(registry, request(), {**REVIEWED, "transitions": without})
    scheme_assignment.hand_on(registry, saved(registry))
    assert "may move to gone, not to live" in judge(registry, last(registry))["request 1"].reason
    assert last(registry)["type"] == event_types.REQUEST_VOTES_VOIDED
    assert requests.explain_request(registry, "fraud", number).examination is None


def test_an_annotation_that_a_gate_looks_at_voids_the_votes(registry: Services) -> None:
    number = asked(registry)
    approve(registry, number, "cy", "dan")
    versions.annotate_version(registry, request(), "fraud", "1", None, {"ok": "yes", "more": "x"})
    with pytest.raises(ApprovalsMissingError):
        requests.execute(registry, request(), "fraud", number, Trigger.REQUEST, None)
    assert len(requests.explain_request(registry, "fraud", number).blockers) == 3


def test_what_a_lower_tier_needs_no_approval_for_still_waits_for_who_may_make_transitions(registry: Services) -> None:
    tiered = {**REVIEWED["transitions"][0], "approvals": [{"count": 1, "tiers": ["high"]}], "gates": []}
    saving.save_scheme(registry, request(), {**REVIEWED, "transitions": [tiered, REVIEWED["transitions"][1]]})
    scheme_assignment.assign_scheme(registry, request(), "fraud", "reviewed", None)
    scheme_assignment.set_tier(registry, request(), "fraud", Tier.HIGH, None)
    number = asked(registry)
    scheme_assignment.set_tier(registry, request(), "fraud", Tier.LOW, "harmless")
    assert "takes no approvals" in judge(registry, last(registry))["request 1"].reason
    assert moves(registry) == []
    requests.execute(registry, request(), "fraud", number, Trigger.REQUEST, None)
    assert holder(registry) == number


def test_asking_for_a_move_that_takes_no_approvals_does_not_make_it(registry: Services) -> None:
    model(registry, "cards")
    ready(registry, "cards")
    contributor = Request(Principal("token:con", (Grant(Role.CONTRIBUTOR, "*"),)), "request-2")
    requests.open_request(registry, contributor, "cards", "1", "production", None, None, [])
    (event,) = [event for event in told(registry, "cards") if event["type"] == event_types.REQUEST_OPENED]
    assert not judge(registry, event)["request 1"].promoted
    with pytest.raises(ApprovalsMissingError):
        requests.execute(registry, Request(judgement.RULE, "r"), "cards", 1, Trigger.RULE, None)
    assert versions.get_version(registry, "cards", "1").stage == "development"


def test_what_a_person_is_to_execute_waits_for_a_call(registry: Services) -> None:
    manual = {**REVIEWED["transitions"][0], "execution": "manual"}
    saving.save_scheme(registry, request(), {**REVIEWED, "transitions": [manual, REVIEWED["transitions"][1]]})
    scheme_assignment.assign_scheme(registry, request(), "fraud", "reviewed", None)
    number = asked(registry)
    approve(registry, number, "cy", "dan")
    assert "leaves its execution to a person" in judge(registry, last(registry))["request 1"].reason
    requests.execute(registry, request(), "fraud", number, Trigger.REQUEST, "now")
    assert holder(registry) == 1 and moves(registry)[0]["trigger"] == "request"


def test_a_version_that_moves_otherwise_ends_its_requests(registry: Services) -> None:
    number = asked(registry)
    stages.transition(registry, request(), "fraud", "1", "gone", None, None)
    found = requests.get_request(registry, "fraud", number)
    assert (found.state, found.closing_reason) == (State.SUPERSEDED, "version 1 was moved otherwise")


def test_the_keeper_ends_what_is_due(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    requests.withdraw(registry, request(), "fraud", asked(registry), None)
    due = later(registry.clock(), timedelta(days=1))
    number = requests.open_request(registry, request(), "fraud", "1", "live", None, due, []).result.number
    assert sweep.sweep_due(registry, "sweep-1") == 0
    monkeypatch.setattr(registry, "clock", lambda: later(due, timedelta(seconds=1)))
    with pytest.raises(RequestClosedError, match="expired at"):
        approve(registry, number, "cy")
    assert sweep.sweep_due(registry, "sweep-2") == 1
    assert sweep.sweep_due(registry, "sweep-3") == 0
    assert state(registry, number) is State.EXPIRED
    assert (last(registry)["type"], last(registry)["trigger"]) == (event_types.REQUEST_EXPIRED, "keeper")


def test_entering_moves_aliases_and_rolling_back_returns_them(registry: Services) -> None:
    for number in (1, 2):
        approve(registry, asked(registry), "cy", "dan")
        requests.execute(registry, request(), "fraud", number, Trigger.REQUEST, None)
        assert aliases.get_alias(registry, "fraud", "champion").version == number
    assert moves(registry)[-1]["after"]["displaced"] == 1
    with pytest.raises(InvalidInputError, match="reason of a roll-back"):
        stages.roll_back_stage(registry, request(), "fraud", "live", None)
    stages.roll_back_stage(registry, request(), "fraud", "live", "worse")
    assert holder(registry) == 1
    assert versions.get_version(registry, "fraud", "@champion").number == 1
    assert versions.get_version(registry, "fraud", "2").stage == "gone"
    assert versions.get_version(registry, "fraud", "2").aliases == ()


def test_an_override_names_what_stood_against_it(registry: Services) -> None:
    asked(registry, tags={})
    stages.override(registry, request(), "fraud", "1", "live", None, "outage")
    (move,) = moves(registry)
    assert (move["trigger"], move["reason"]) == ("override", "outage")
    assert move["details"]["overridden"] == ["auc", "2 approvals from role reviewer"]
    assert state(registry) is State.SUPERSEDED


def test_a_promoter_that_lost_every_race_is_called_again(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    number = asked(registry)
    approve(registry, number, "cy", "dan")

    def busy(*_: Any) -> None:
        raise LostRaceError(None)

    event = last(registry)
    monkeypatch.setattr("chalicelib.registry.ledger.contention.RETRY_SECONDS", 0.0)
    with monkeypatch.context() as patched:
        patched.setattr(Table, "transact", busy)
        with pytest.raises(ContentionError):
            promotion.judge_event(registry, event)
    assert judge(registry, event)["request 1"].promoted


def test_a_dry_run_names_everything_that_stands_in_the_way(registry: Services) -> None:
    asked(registry, tags={})
    dry = dry_runs.explain_transition(registry, "fraud", "1", "live")
    assert dry.request == 1
    gate, approvals = dry.blockers
    assert gate.startswith("gate auc: the condition cannot be evaluated")
    assert approvals == "it takes 2 approvals from role reviewer; approved by nobody yet"


def test_a_vote_with_the_same_key_is_one_vote(registry: Services) -> None:
    number = asked(registry)
    first = requests.vote(registry, by("cy", "once"), "fraud", number, True, None)
    again = requests.vote(registry, by("cy", "once"), "fraud", number, True, None)
    assert (first.replayed, again.replayed) == (False, True)
    assert len(again.result.votes) == 1


def test_a_closed_request_is_said_to_be_closed_wherever_its_version_stands_now(registry: Services) -> None:
    number = asked(registry)
    approve(registry, number, "cy", "dan")
    rival = ready(registry)
    aliases.set_alias(registry, request(), "fraud", "best", rival.number, None, None)
    better = [{"name": "better", "kind": "compare", "metric": "auc", "alias": "best"}]
    leaving = [{"from": "draft", "to": "gone"}, {"from": "live", "to": "gone", "gates": better}]
    moves = [REVIEWED["transitions"][0], *leaving]
    saving.save_scheme(registry, request(), {**REVIEWED, "transitions": moves})
    scheme_assignment.hand_on(registry, saved(registry))
    approve(registry, number, "cy", "dan")
    requests.execute(registry, request(), "fraud", number, Trigger.REQUEST, None)
    with pytest.raises(RequestClosedError, match="is executed"):
        approve(registry, number, "eve")
    assert requests.void_votes(registry, request(), "fraud", number).result.state is State.EXECUTED


def test_why_not_names_a_freeze_and_the_lock_of_every_version_that_the_move_would_touch(registry: Services) -> None:
    approve(registry, asked(registry), "cy", "dan")
    requests.execute(registry, request(), "fraud", 1, Trigger.REQUEST, None)
    number = asked(registry)
    approve(registry, number, "cy", "dan")
    assert requests.explain_request(registry, "fraud", number).blockers == ()
    for version in ("1", "2"):
        restrictions.lock_version(registry, request(), "fraud", version, "evidence")
    restrictions.freeze_model(registry, request(), "fraud", "incident")
    said = (
        "the model was frozen by token:ada: incident",
        "version 2 is locked: nothing about it changes",
        "version 1 is locked: nothing about it changes",
    )
    assert requests.explain_request(registry, "fraud", number).blockers == said
    assert dry_runs.explain_transition(registry, "fraud", "2", "live").blockers == said
    assert "frozen" in judge(registry, last(registry))["request 2"].reason


def test_a_deleted_rival_voids_the_votes_for_good(registry: Services) -> None:
    better = [{"name": "better", "kind": "compare", "metric": "auc", "stage": "gone"}]
    gated = [{**REVIEWED["transitions"][0], "gates": better}, REVIEWED["transitions"][1]]
    saving.save_scheme(registry, request(), {**REVIEWED, "transitions": gated})
    scheme_assignment.hand_on(registry, saved(registry))
    rival = str(ready(registry, metrics={"auc": 0.5}).number)
    stages.transition(registry, request(), "fraud", rival, "gone", None, None)
    number = asked(registry)
    approve(registry, number, "cy", "dan")
    versions.delete_version(registry, request(), "fraud", rival)
    assert last(registry)["type"] in event_types.PROMOTER_EVENTS
    judge(registry, last(registry))
    burials.restore_version(registry, request(), "fraud", rival, None)
    with pytest.raises(ApprovalsMissingError):
        requests.execute(registry, request(), "fraud", number, Trigger.REQUEST, None)


def test_a_move_that_would_pass_a_limit_is_judged_as_refused_and_the_requests_after_it_are_judged(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MAX_ALIASES", 3)
    good = [{"name": "good", "kind": "metric", "metric": "auc", "at_least": 0.5}]
    by_itself = {"from": "draft", "to": "live", "automatic": True, "gates": good}
    saving.save_scheme(registry, request(), {**REVIEWED, "transitions": [by_itself, REVIEWED["transitions"][1]]})
    scheme_assignment.hand_on(registry, saved(registry))
    ready(registry)
    for number in range(3):
        aliases.set_alias(registry, request(), "fraud", f"alias{number}", 1, None, None)
    ready(registry, metrics={"auc": 0.9})
    requests.open_request(registry, request(), "fraud", "2", "gone", None, None, [])
    judged = judge(registry, next(event for event in told(registry) if event["type"] == event_types.REQUEST_OPENED))
    assert "more than 3 aliases" in judged["version 2"].reason
    assert "takes no approvals" in judged["request 1"].reason


@pytest.mark.parametrize("waiting", [1, 12])
def test_however_many_requests_wait_they_are_read_together(registry: Services, waiting: int) -> None:
    for _ in range(waiting):
        asked(registry)
    event = last(registry)
    reads: list[str] = []
    client = registry.client("dynamodb")
    client.meta.events.register("before-call.dynamodb", lambda model, **_: reads.append(model.name))
    judged = judge(registry, event)
    assert len([name for name in judged if name.startswith("request")]) == waiting
    # The version of the event costs two more.
    assert reads.count("BatchGetItem") <= 2 + 5
    assert not {"GetItem", "Query"} & set(reads)
