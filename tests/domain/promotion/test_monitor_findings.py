"""The gate that looks at a monitor: on this version, well, heard of, and for long enough."""

from typing import Any

import pytest

from chalicelib.domain.instants import Instant
from chalicelib.domain.models.health import Health
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import Finding
from chalicelib.domain.promotion.monitor_findings import monitor_finding
from chalicelib.domain.schemes.gates import MonitorGate, gate_from_document
from tests.domain.build import NOW, ready

EARLIER = Instant("2026-11-23T08:00:00.000Z")


def found(health: Health | None, **gate: Any) -> Finding:
    model, version = ready(Model("fraud"))
    facts = Facts(version, model.tier, NOW, monitors={} if health is None else {"drift": health})
    return monitor_finding(MonitorGate("drift", **gate), facts)


@pytest.mark.parametrize(
    ("health", "gate", "holds"),
    [
        (Health("ok", 1, EARLIER), {}, True),
        (Health("warning", 1, EARLIER), {}, False),
        (Health("warning", 1, EARLIER), {"warning_holds": True}, True),
        (Health("alarm", 1, EARLIER), {"warning_holds": True}, False),
        (Health("insufficient", 1, EARLIER), {"warning_holds": True}, False),
        (Health("silent", 1, EARLIER), {"warning_holds": True}, False),
        (Health("ok", 2, EARLIER), {}, False),
        (Health("insufficient", None, EARLIER), {}, False),
        (None, {}, False),
        (Health("ok", 1, EARLIER), {"for_hours": 1.5}, True),
        (Health("ok", 1, EARLIER), {"for_hours": 1.6}, False),
    ],
)
def test_the_gate_holds_while_the_version_is_found_well(
    health: Health | None, gate: dict[str, Any], holds: bool
) -> None:
    assert found(health, **gate).holds is holds


def test_a_warning_that_comes_and_goes_voids_no_approval_where_it_is_accepted() -> None:
    ok, warning = (found(Health(verdict, 1, EARLIER), warning_holds=True) for verdict in ("ok", "warning"))
    assert ok.seen == warning.seen
    assert found(Health("alarm", 1, EARLIER), warning_holds=True).seen != ok.seen


def test_a_finding_says_what_is_needed_and_why() -> None:
    finding = found(Health("silent", 1, EARLIER), for_hours=24)
    assert finding.needed == "the monitor drift at ok on this version for at least 24 hours"
    assert finding.reason == f"the monitor drift is at silent since {EARLIER}"
    assert found(Health("ok", 2, EARLIER)).reason == "the monitor drift has judged version 2"


def test_the_gate_is_read_from_a_scheme() -> None:
    gate = gate_from_document({"name": "steady", "kind": "monitor", "monitor": "drift", "for_hours": 2})
    assert gate.condition == MonitorGate("drift", for_hours=2)
