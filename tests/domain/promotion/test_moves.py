"""What changes with a move: pointers, aliases, requests, and the version that it displaces."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.errors import LimitExceededError, PermissionDeniedError, VersionLockedError
from chalicelib.domain.ledger.decision import Decision, Put
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.models.model import MAX_ALIASES, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion import request_decisions as requests
from chalicelib.domain.promotion import stage_decisions as stages
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.request_decisions import Voter
from chalicelib.domain.promotion.transition_request import State, TransitionRequest
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.version import Displaced, Version
from tests.domain.build import NOW, Kept, changed, ready, stamp
from tests.domain.schemes.documents import scheme

NAMING = scheme(
    stages=[
        {"name": "draft"},
        {"name": "shared"},
        {"name": "live", "exclusive": True, "on_enter": {"aliases": ["champion", "stable"]}},
        {"name": "gone"},
    ],
    transitions=[
        {"from": ["draft", "shared"], "to": "live"},
        {"from": ["draft", "live"], "to": "shared"},
        {"from": ["draft", "shared", "live"], "to": "gone"},
        {"from": ["gone", "live"], "to": "draft"},
    ],
)


class Yard:
    """A model with READY versions; each move is applied as the commit applies it."""

    def __init__(self, versions: int, by: Scheme = NAMING) -> None:
        self.scheme = by
        self.kept = Kept(Model("fraud", scheme=by.ref))
        for _ in range(versions):
            self.kept.model, version = ready(self.model)
            self.kept.records[version.identity] = version

    @property
    def model(self) -> Model:
        return self.kept.model

    def decides(self, number: int, to_stage: str, mover: Principal | None = None) -> Decision[Version]:
        waiting = {one.number: one for one in self.kept.all(TransitionRequest) if not one.state.closed}
        facts = Facts(self.kept.versions[number], Tier.LOW, NOW)
        context = TransitionContext(self.model, self.scheme, facts, waiting, mover)
        return changed(stages.transition(context, to_stage, None, "because", stamp(actor="token:ada")))

    def moves(self, number: int, *to_stages: str) -> None:
        for to_stage in to_stages:
            self.kept.apply(self.decides(number, to_stage))


def test_a_displaced_version_is_the_last_to_enter_the_archive() -> None:
    yard = Yard(3)
    yard.moves(1, "live")
    yard.moves(3, "gone")
    yard.moves(2, "live")
    assert yard.kept.versions[1].stage == "gone"
    assert yard.model.stages["gone"] == Pointer(1, (3,))
    assert yard.model.stages["live"] == Pointer(2, (1,))


def test_a_move_says_which_version_it_displaced_and_where_to() -> None:
    yard = Yard(2)
    first = yard.decides(1, "live")
    assert not any(isinstance(change, Displaced) for change in first.changes)
    yard.kept.apply(first)
    second = yard.decides(2, "live")
    assert [change for change in second.changes if isinstance(change, Displaced)] == [Displaced(1, "live", "gone")]
    assert second.event.after == {
        "stage": "live",
        "digest": yard.kept.versions[2].digest,
        "displaced": 1,
        "displaced_to": "gone",
        "aliases": ["champion", "stable"],
    }
    assert second.subject == "2"


def test_entering_a_shared_stage_displaces_nobody() -> None:
    yard = Yard(2)
    yard.moves(1, "shared")
    yard.moves(2, "shared")
    assert [yard.kept.versions[number].stage for number in (1, 2)] == ["shared", "shared"]
    assert yard.model.stages == {"shared": Pointer(2, (1,))}


def test_a_shared_stage_that_is_left_points_at_the_version_that_entered_before() -> None:
    yard = Yard(2)
    yard.moves(1, "shared")
    yard.moves(2, "shared", "gone")
    assert yard.model.stages == {"shared": Pointer(1), "gone": Pointer(2)}


def test_an_exclusive_stage_that_is_left_remembers_its_holder() -> None:
    yard = Yard(1)
    yard.moves(1, "live", "gone")
    assert yard.model.stages == {"live": Pointer(None, (1,)), "gone": Pointer(1)}


def test_a_version_that_leaves_an_exclusive_stage_that_it_does_not_hold_changes_no_pointer() -> None:
    yard = Yard(2)
    yard.moves(2, "live")
    # The scheme has made the stage exclusive while version 1 stood in it.
    astray = replace(yard.kept.versions[1], stage="live")
    yard.kept.records[astray.identity] = astray
    assert yard.decides(1, "gone").state.stages["live"] == Pointer(2)


def test_a_version_can_leave_a_stage_that_the_scheme_no_longer_has() -> None:
    yard = Yard(1)
    yard.kept.model = replace(yard.model, stages={"former": Pointer(1)})
    context = TransitionContext(yard.model, yard.scheme, Facts(yard.kept.versions[1], Tier.LOW, NOW))
    rolled = replace(context.facts, version=replace(context.version, stage="former"))
    moved = replace(
        context, facts=rolled, model=replace(yard.model, stages={**yard.model.stages, "live": Pointer(2, (1,))})
    )
    assert stages.roll_back(moved, "live", None, stamp()).state.stages == {"live": Pointer(1), "gone": Pointer(2)}


def test_the_aliases_of_a_stage_move_to_each_version_that_enters() -> None:
    yard = Yard(2)
    yard.kept.model = replace(yard.model, aliases={"stable": Pointer(2), "shadow": Pointer(1)})
    yard.moves(1, "live")
    yard.moves(2, "live")
    assert yard.model.aliases == {
        "champion": Pointer(2, (1,)),
        "stable": Pointer(2, (1,)),
        "shadow": Pointer(1),
    }


def test_an_alias_that_points_at_the_version_already_stays_and_is_not_in_the_event() -> None:
    yard = Yard(1)
    yard.kept.model = replace(yard.model, aliases={"champion": Pointer(1), "stable": Pointer(1, (2,))})
    moved = yard.decides(1, "live")
    assert moved.event.after == {"stage": "live", "digest": yard.kept.versions[1].digest}
    assert moved.state.aliases == {"champion": Pointer(1), "stable": Pointer(1, (2,))}


def test_entering_a_stage_fills_a_model_with_as_many_aliases_as_it_may_have() -> None:
    yard = Yard(1)
    # An alias that points nowhere, such as after its version was deleted, is not counted.
    nowhere = {"former": Pointer(None, (1,))}
    held = {f"a{index}": Pointer(1) for index in range(MAX_ALIASES - 2)}
    yard.kept.model = replace(yard.model, aliases={**held, **nowhere})
    assert "champion" in yard.decides(1, "live").state.aliases
    yard.kept.model = replace(yard.model, aliases={**held, "more": Pointer(1)})
    with pytest.raises(LimitExceededError, match="Entering live"):
        yard.decides(1, "live")
    yard.kept.model = replace(yard.model, aliases={**held, "more": Pointer(1), "champion": Pointer(1)})
    with pytest.raises(LimitExceededError):
        yard.decides(1, "live")


@pytest.mark.parametrize("locked", [1, 2, 3])
def test_a_locked_version_is_neither_moved_nor_displaced_nor_does_it_lose_an_alias(locked: int) -> None:
    yard = Yard(4)
    yard.moves(2, "live")
    yard.kept.model = replace(yard.model, aliases={"stable": Pointer(3)})
    yard.decides(1, "live")
    yard.kept.model = replace(yard.model, locked=(locked,))
    with pytest.raises(VersionLockedError, match=f"Version {locked} "):
        yard.decides(1, "live")
    assert yard.decides(4, "shared").result.stage == "shared"


def test_a_caller_needs_the_right_to_move_the_protected_aliases_of_a_stage() -> None:
    yard = Yard(1)
    yard.kept.model = replace(yard.model, protected_aliases=("stable",))
    contributor = Principal("token:c", (Grant(Role.CONTRIBUTOR, "*"),))
    with pytest.raises(PermissionDeniedError, match="stable"):
        yard.decides(1, "live", contributor)
    maintainer = Principal("token:m", (Grant(Role.MAINTAINER, "*"),))
    assert yard.decides(1, "live", maintainer).result.stage == "live"
    assert yard.decides(1, "shared", contributor).result.stage == "shared"
    yard.kept.model = replace(yard.model, aliases={"stable": Pointer(1)})
    assert yard.decides(1, "live", contributor).result.stage == "live"


def reviewed_yard(versions: int) -> Yard:
    moves = [
        {"from": "draft", "to": "live", "approvals": [{"count": 1}]},
        {"from": ["draft", "live"], "to": "gone"},
        {"from": "live", "to": "draft"},
    ]
    stages_of = [
        {"name": "draft"},
        {"name": "live", "exclusive": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "gone"},
    ]
    return Yard(versions, scheme(stages=stages_of, transitions=moves))


def context_of(yard: Yard, number: int, **more: Any) -> TransitionContext:
    waiting = {one.number: one for one in yard.kept.all(TransitionRequest) if not one.state.closed}
    return TransitionContext(yard.model, yard.scheme, Facts(yard.kept.versions[number], Tier.LOW, NOW), waiting, **more)


def asks(yard: Yard, number: int, to_stage: str) -> TransitionRequest:
    opened = requests.open_request(
        context_of(yard, number), to_stage, f"request for {number}", None, [], stamp(actor="token:bob")
    )
    return yard.kept.apply(opened)


def approves(yard: Yard, request: TransitionRequest) -> TransitionRequest:
    cy = Voter("token:cy", (), ())
    return yard.kept.apply(requests.vote(context_of(yard, request.version), request, cy, True, None, stamp()))


def test_an_approved_move_may_take_a_protected_alias_whoever_executes_it() -> None:
    yard = reviewed_yard(1)
    yard.kept.model = replace(yard.model, protected_aliases=("champion",))
    request = asks(yard, 1, "live")
    request = yard.kept.apply(
        requests.vote(context_of(yard, 1), request, Voter("token:cy", (), ()), True, None, stamp())
    )
    contributor = Principal("token:c", (Grant(Role.CONTRIBUTOR, "*"),))
    made = stages.execute(context_of(yard, 1, mover=contributor), request, Trigger.REQUEST, None, stamp())
    assert made.result.aliases == () and made.state.alias("champion").version == 1


def test_a_move_closes_the_request_that_it_executes_and_supersedes_the_others() -> None:
    yard = reviewed_yard(3)
    first = asks(yard, 1, "live")
    first = approves(yard, first)
    yard.kept.apply(stages.execute(context_of(yard, 1), first, Trigger.REQUEST, None, stamp(actor="token:ada")))
    asks(yard, 1, "gone")
    third = asks(yard, 2, "live")
    asks(yard, 2, "gone")
    asks(yard, 3, "gone")
    third = approves(yard, third)
    made = stages.execute(context_of(yard, 2), third, Trigger.REQUEST, "go", stamp(actor="token:ada"))
    assert made.state.open_requests == {5: (3, "gone")}
    closed = [put.record for put in made.changes if isinstance(put, Put) and isinstance(put.record, TransitionRequest)]
    assert [(one.number, one.state, one.closed_at, one.closed_by, one.closing_reason) for one in closed] == [
        (2, State.SUPERSEDED, NOW, "token:ada", "version 1 was moved otherwise"),
        (3, State.EXECUTED, NOW, "token:ada", "go"),
        (4, State.SUPERSEDED, NOW, "token:ada", "version 2 was moved otherwise"),
    ]
