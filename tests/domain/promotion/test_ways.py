"""Whether a person may make a move, or must ask for it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.access.principal import ROLE_ACTIONS, Action, Grant, Principal, Role
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.ways import Way, way_of
from chalicelib.domain.schemes.gates import Tier
from tests.domain.schemes.documents import scheme

FRAUD = Model("fraud")
GUARDED = replace(FRAUD, protected_aliases=("champion",))
SERVING = {"aliases": ["champion"]}


def way(
    may: Role | frozenset[Action], model: Model = FRAUD, stage: dict[str, Any] | None = None, **move: Any
) -> Way | None:
    """The way into ``live`` for somebody with a role, or who may do these things."""
    live = {"name": "live", "exclusive": True, **(stage or {})}
    into = {"from": "draft", "to": "live", **move}
    judging = scheme(
        stages=[{"name": "draft"}, live, {"name": "gone"}],
        transitions=[into, {"from": ["draft", "live"], "to": "gone"}],
    )
    actions = ROLE_ACTIONS[may] if isinstance(may, Role) else may
    caller = Principal("token:ada", (Grant("own", "*"),), roles={"own": actions})
    return way_of(model, judging, judging.transition("draft", "live"), 1, caller)


def test_who_may_make_transitions_makes_a_move_that_needs_no_approval() -> None:
    assert way(Role.MAINTAINER) is Way.CALL


def test_who_may_only_ask_opens_a_request() -> None:
    assert way(Role.CONTRIBUTOR) is Way.REQUEST


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_who_may_do_neither_has_no_way(role: Role) -> None:
    assert way(role) is None


def test_a_move_with_approvals_takes_a_request_in_the_tiers_that_need_them() -> None:
    approvals = [{"count": 1, "tiers": ["high"]}]
    assert way(Role.MAINTAINER, approvals=approvals) is Way.CALL
    assert way(Role.MAINTAINER, replace(FRAUD, tier=Tier.HIGH), approvals=approvals) is Way.REQUEST


def test_only_the_registry_enters_a_protected_stage_without_approvals() -> None:
    assert way(Role.ADMIN, stage={"protected": True}, automatic=True) is None
    assert way(Role.ADMIN, stage={"protected": True}, approvals=[{"count": 1}]) is Way.REQUEST


def test_who_may_not_move_a_protected_alias_asks_for_the_move_that_moves_it() -> None:
    mover = frozenset({Action.TRANSITION, Action.REQUEST})
    assert way(mover, stage={"on_enter": SERVING}) is Way.CALL
    assert way(mover, GUARDED, {"on_enter": SERVING}) is Way.REQUEST
    assert way(Role.MAINTAINER, GUARDED, {"on_enter": SERVING}) is Way.CALL
    there = replace(GUARDED, aliases={"champion": Pointer(1)})
    assert way(mover, there, {"on_enter": SERVING}) is Way.CALL
