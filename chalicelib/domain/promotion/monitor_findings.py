"""Judging the gates that look at monitors."""

from datetime import timedelta

from chalicelib.domain.instants import later
from chalicelib.domain.monitoring.verdict import Verdict
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import Finding
from chalicelib.domain.schemes.gates import MonitorGate


def monitor_finding(gate: MonitorGate, facts: Facts) -> Finding:
    """What a gate finds that wants a monitor to find the version well."""
    accepted = {Verdict.OK, Verdict.WARNING} if gate.warning_holds else {Verdict.OK}
    words = " or ".join(sorted(accepted))
    lasting = "" if gate.for_hours is None else f" for at least {gate.for_hours:g} hours"
    needed = f"the monitor {gate.monitor} at {words} on this version{lasting}"
    health = facts.monitors.get(gate.monitor)
    if health is None:
        return Finding(False, None, needed, f"the model has no monitor {gate.monitor}", None)
    if health.version != facts.version.number:
        of = "no version" if health.version is None else f"version {health.version}"
        return Finding(False, None, needed, f"the monitor {gate.monitor} has judged {of}", [health.version])
    well = health.verdict in accepted
    # Not since when: a warning that comes and goes would void approvals where the gate accepts it.
    seen = [health.version, well]
    reason = f"the monitor {gate.monitor} is at {health.verdict} since {health.since}"
    settled = gate.for_hours is None or later(health.since, timedelta(hours=gate.for_hours)) <= facts.now
    return Finding(well and settled, health.verdict, needed, reason, seen)
