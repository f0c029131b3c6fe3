"""Which checks the registry opens by itself, when, and which it leaves alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.openings import Occasion, WantedCheck, open_wanted, wanted_checks
from chalicelib.domain.schemes.gates import OpenOn, Tier
from tests.domain.build import NOW, ready, register, stamp
from tests.domain.schemes.documents import scheme

ARRIVAL = Occasion(OpenOn.ARRIVAL)
TO_LIVE = Occasion(OpenOn.REQUEST, "live")
CI = {"name": "tests", "kind": "check", "check": "ci", "open_on": "arrival"}
DAY = timedelta(days=1)
PASSED = Check(True, None, None, NOW, "token:ci")


def wanted(
    *gates: dict[str, Any],
    occasion: Occasion = ARRIVAL,
    present: Check | None = None,
    later_by: timedelta = timedelta(),
    tier: Tier = Tier.LOW,
) -> dict[str, WantedCheck]:
    """What is opened for a READY version that stands in ``draft``; ``present`` is its check ``ci``."""
    moves = [{"from": "draft", "to": "live", "gates": list(gates)}, {"from": ["draft", "live"], "to": "gone"}]
    by = scheme(transitions=moves)
    model, version = ready(Model("fraud", scheme=by.ref))
    held = Checks(1, {} if present is None else {"ci": present})
    return wanted_checks(replace(model, tier=tier), by, version, held, occasion, later(NOW, later_by))


def test_a_check_that_a_gate_asks_for_is_opened_with_the_gates_deadline_and_reason() -> None:
    assert wanted({**CI, "due_in_minutes": 90}) == {
        "ci": WantedCheck("ci", 90, "the gate tests of the move to live asks for it")
    }


def test_a_gate_opens_its_check_only_on_its_own_occasion() -> None:
    on_request = {**CI, "open_on": "request"}
    assert wanted(on_request, occasion=TO_LIVE).keys() == {"ci"}
    assert wanted(on_request) == {} == wanted(CI, occasion=TO_LIVE)
    assert wanted(on_request, occasion=Occasion(OpenOn.REQUEST, "gone")) == {}
    assert wanted({"name": "tests", "kind": "check", "check": "ci"}) == {}


def test_a_scan_is_opened_too_and_a_check_of_two_gates_once() -> None:
    scan = {"name": "scan", "kind": "scan", "open_on": "arrival"}
    again = {**CI, "name": "again", "due_in_minutes": 5}
    found = wanted(CI, again, scan)
    assert found.keys() == {"ci", "scan"} and found["ci"].due_in_minutes is None


def test_a_gate_for_other_tiers_opens_nothing() -> None:
    assert wanted({**CI, "tiers": ["high"]}) == {}
    assert wanted({**CI, "tiers": ["high"]}, tier=Tier.HIGH).keys() == {"ci"}


@pytest.mark.parametrize(
    ("present", "gate", "later_by", "opened"),
    [
        (PASSED, CI, DAY, False),
        (replace(PASSED, passed=False), CI, DAY, False),
        (replace(PASSED, expires_at=later(NOW, DAY)), CI, DAY, True),
        (PASSED, {**CI, "max_age_days": 1}, DAY * 2, True),
        (PASSED, {**CI, "reporters": ["oidc:*"]}, DAY, True),
        (PASSED, {**CI, "reporters": ["token:*"]}, DAY, False),
        (replace(PASSED, opened_at=NOW, due_at=later(NOW, DAY)), CI, DAY / 2, False),
        (replace(PASSED, opened_at=NOW, due_at=later(NOW, DAY)), CI, DAY, True),
    ],
)
def test_a_check_is_opened_unless_a_report_counts_or_is_awaited(
    present: Check, gate: dict[str, Any], later_by: timedelta, opened: bool
) -> None:
    assert bool(wanted(gate, present=present, later_by=later_by)) is opened


def test_none_is_opened_for_a_version_that_takes_no_reports() -> None:
    by = scheme(transitions=[{"from": "draft", "to": "live", "gates": [CI]}, {"from": ["draft", "live"], "to": "gone"}])
    model, pending = register(Model("fraud", scheme=by.ref))
    assert wanted_checks(model, by, pending, Checks(1), ARRIVAL, NOW) == {}
    model, version = ready(Model("fraud", scheme=by.ref))
    locked = replace(model, locked=(1,))
    assert wanted_checks(locked, by, version, Checks(1), ARRIVAL, NOW) == {}


@given(st.none() | st.integers(1, 43_200))
def test_what_was_opened_is_not_wanted_again_until_its_deadline(minutes: int | None) -> None:
    model, version = ready(Model("fraud"))
    decision = open_wanted(model, version, Checks(1), WantedCheck("ci", minutes, "why"), stamp(actor="rule:promotion"))
    assert (decision.event.trigger, decision.event.reason) == (Trigger.RULE, "why")
    opened = decision.result
    assert wanted(CI, present=opened) == {}
    assert wanted(CI, present=opened, later_by=timedelta(minutes=minutes or 1_440)).keys() == {"ci"}
