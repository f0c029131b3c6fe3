"""Which checks the registry opens by itself, because the gates of a scheme ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.classification import covers
from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.finding import too_old
from chalicelib.domain.schemes.evidence_rules import EvidenceRule, naming_check
from chalicelib.domain.schemes.gates import CheckGate, OpenOn
from chalicelib.domain.schemes.reporters import accepts, objection
from chalicelib.domain.schemes.scheme import Scheme, Transition
from chalicelib.domain.versions.version import Status, Version


@dataclass(frozen=True, slots=True)
class WantedCheck:
    """A check to open: its name, how long its report is awaited, and which gate of which move asks for it."""

    name: str
    due_in_minutes: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """When checks are opened: a version has arrived in its stage, or the move to ``to_stage`` was requested for it."""

    on: OpenOn
    to_stage: str | None = None

    def concerns(self, move: Transition) -> bool:
        """Whether a move out of the version's stage begins on this occasion."""
        return self.on is OpenOn.ARRIVAL or move.to_stage == self.to_stage


def wanted_checks(
    model: Model, scheme: Scheme, version: Version, present: Latest[Check], occasion: Occasion, now: Instant
) -> dict[str, WantedCheck]:
    """The checks to open, by name: gates ask for them, and no report of them counts or is awaited.

    A failed check is not opened again: the failure is a verdict on bytes that do not change. A version that is not
    READY or is locked takes no reports, so none is opened for it.
    """
    if version.status is not Status.READY or version.number in model.locked:
        return {}
    wanted: dict[str, WantedCheck] = {}
    for move in filter(occasion.concerns, scheme.leaving(version.stage)):
        for gate in move.gates_for(model.tier):
            asked = gate.condition
            if not covers(gate.classifications, model.classification):
                continue
            if not isinstance(asked, CheckGate) or asked.open_on is not occasion.on or asked.check in wanted:
                continue
            rules = naming_check(scheme.evidence, model.tier, asked.check)
            if _lacks_report(asked, rules, present.by_name.get(asked.check), version, now):
                reason = f"the gate {gate.name} of the move to {move.to_stage} asks for it"
                wanted[asked.check] = WantedCheck(asked.check, asked.due_in_minutes, reason)
    return wanted


def open_wanted(
    model: Model, version: Version, present: Latest[Check], wanted: WantedCheck, stamp: Stamp
) -> Decision[Check]:
    """Open a check on the registry's own account. Raises LimitExceededError."""
    # Late: it is seldom that one is to be opened.
    from chalicelib.domain.evidence.check_decisions import CheckOpening, open_check

    opening = CheckOpening(due_in_minutes=wanted.due_in_minutes)
    return open_check(model, version, present, wanted.name, opening, stamp, Trigger.RULE, wanted.reason)


def _lacks_report(
    gate: CheckGate, rules: Sequence[EvidenceRule], check: Check | None, version: Version, now: Instant
) -> bool:
    if check is None:
        return True
    if check.pending(now):
        return False
    if not check.valid(now) or check.reported_at is None:
        return True
    reporter = Reporter(check.reported_by or "", check.person, check.roles, check.claims)
    return (
        not accepts(gate.reporters, check.reported_by)
        or objection(rules, reporter, version.people) is not None
        or too_old(check.reported_at, gate.max_age_days, now)
    )
