"""Simulating a proposed scheme on a model's past: which past moves it would have refused, and why.

The past is rebuilt from the model's events (``domain/ledger/rebuilding.py``), so that gates see the state of the model
before each move.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.classification import covers
from chalicelib.domain.errors import RegistryError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.rebuilding import Readings, Rebuilt
from chalicelib.domain.monitoring.deeds import MONITORING
from chalicelib.domain.promotion.examination import examine
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.gate_results import GateResult, judge
from chalicelib.domain.promotion.looked_at import LookedAt, looked_at
from chalicelib.domain.promotion.past import Past
from chalicelib.domain.promotion.retold import Retold, Stored
from chalicelib.domain.schemes.condition_results import Evaluate
from chalicelib.domain.schemes.gates import ConditionGate, Gate, ScanGate
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.quarantine import obstacle

# What keeps versions out of stages as a gate does, though no gate says so.
_QUARANTINE: Final = "quarantine"


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A gate that could not be judged, and why: what it looks at is not known of that time."""

    gate: str
    reason: str


@dataclass(frozen=True, slots=True)
class PastMove:
    """A move that was made. ``blockers`` are the reasons why the proposed scheme would have refused it, if any.

    ``unjudged`` are the gates that may have refused it as well.
    """

    sequence: int
    time: str
    actor: str
    version: int
    from_stage: str
    to_stage: str
    trigger: str
    blockers: tuple[str, ...]
    unjudged: tuple[Unjudged, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulation:
    """The past moves of a model, oldest first. ``complete`` is False if there were too many events to read them all."""

    model: str
    moves: tuple[PastMove, ...]
    complete: bool


def simulate(
    model: str,
    events: Iterable[Mapping[str, Any]],
    scheme: Scheme,
    evaluate: Evaluate,
    readings: Readings,
    stored: Stored,
) -> tuple[PastMove, ...]:
    """Judge every past move of a model by ``scheme``. ``events`` are the model's, oldest first; so are the results.

    A roll-back is judged by the roll-back rule. Every other move is judged by the transition's gates, and by the number
    of people who approved it. ``stored`` is what is stored now of the versions that were moved.
    """
    past, moves = Past(model, scheme, evaluate, Rebuilt(readings), stored), []
    for event in events:
        if event["type"] == event_types.VERSION_TRANSITIONED and past.knows(event["version"]):
            moves.append(_judged(past, event))
        past.take(event)
    return tuple(moves)


def _judged(past: Past, event: Mapping[str, Any]) -> PastMove:
    retold = past.retold(event["version"])
    facts = past.facts(
        event["version"], event["before"]["stage"], event["time"], retold, rolling_back=event["trigger"] == "rollback"
    )
    unjudged = tuple(_unjudged(past, event, facts, retold))
    return PastMove(
        sequence=event["sequence"],
        time=event["time"],
        actor=event["actor"],
        version=event["version"],
        from_stage=event["before"]["stage"],
        to_stage=event["after"]["stage"],
        trigger=event["trigger"],
        blockers=tuple(_blockers(past, facts, event, {one.gate for one in unjudged})),
        unjudged=unjudged,
    )


def _gates(scheme: Scheme, event: Mapping[str, Any], facts: Facts) -> tuple[Gate, ...]:
    """The gates of the move; none if the scheme has no such move."""
    if event["trigger"] == "rollback":
        return scheme.rollback.gates_for(facts.tier)
    transition = scheme.transitions.get((event["before"]["stage"], event["after"]["stage"]))
    return () if transition is None else transition.gates_for(facts.tier)


def _unjudged(past: Past, event: Mapping[str, Any], facts: Facts, retold: Retold) -> Iterator[Unjudged]:
    for gate in _gates(past.scheme, event, facts):
        reason = _gap(gate, facts, retold) or _card_gap(gate, past)
        if reason is not None and covers(gate.classifications, facts.classification):
            yield Unjudged(gate.name, reason)
    if LookedAt.SCAN in retold.gaps and facts.version.scan is not None and _keeps_out(past, event):
        yield Unjudged(_QUARANTINE, retold.gaps[LookedAt.SCAN])


def _gap(gate: Gate, facts: Facts, retold: Retold) -> str | None:
    """Why it is not known what the gate would have seen; None if it is known."""
    what = looked_at(gate.condition)
    if isinstance(gate.condition, ScanGate) and (gate.condition.verdicts or facts.version.scan is None):
        # The verdict, or the check alone, decides.
        return None
    return None if what is None else retold.gaps.get(what)


def _card_gap(gate: Gate, past: Past) -> str | None:
    """Why it is not known what a condition would have read in the model's card; None if it is known."""
    if not isinstance(gate.condition, ConditionGate) or not past.is_card_abridged:
        return None
    # Late: most schemes have no conditions.
    from chalicelib.domain.schemes.conditions import names_in

    reads_card = "card" in names_in(gate.condition.expression)
    return "a section of the model's card is too long for an event" if reads_card else None


def _blockers(past: Past, facts: Facts, event: Mapping[str, Any], unjudged: set[str]) -> Iterator[str]:
    if event["trigger"] == "rollback":
        yield from _roll_back_blockers(facts, event, past.scheme, unjudged)
    else:
        yield from _move_blockers(facts, event, past.scheme, unjudged)
    held = obstacle(facts.version.number, facts.version.clearance, facts.now)
    if held is not None and _QUARANTINE not in unjudged and _keeps_out(past, event):
        yield held


def _keeps_out(past: Past, event: Mapping[str, Any]) -> bool:
    """Whether versions in quarantine may not enter the stage, which the scheme perhaps does not have."""
    stage = past.scheme.stages.get(event["after"]["stage"])
    if stage is None:
        return False
    return not stage.quarantined or any(past.is_protected(alias) for alias in stage.aliases)


def _move_blockers(facts: Facts, event: Mapping[str, Any], scheme: Scheme, unjudged: set[str]) -> Iterator[str]:
    try:
        transition = scheme.transition(event["before"]["stage"], event["after"]["stage"])
    except RegistryError as error:
        yield error.detail
        return
    examination = examine(scheme, transition, facts, None)
    yield from _failed(examination.verdicts, unjudged)
    needed = sum(tally.needed.count for tally in examination.approvals.tallies)
    approved = len((event["details"] or {}).get("approvals", ()))
    if approved < needed:
        yield f"it would have taken {needed} approvals; {approved} were given"
    if not needed and scheme.stage(transition.to_stage).protected and not _was_automatic(event):
        yield f"{transition.to_stage} is protected: only its automatic move would have entered it"


def _was_automatic(event: Mapping[str, Any]) -> bool:
    """Whether the scheme's rule moved the version. A monitor moves on its own word, as a caller does."""
    return bool(event["trigger"] == "rule" and event["actor"] != MONITORING)


def _roll_back_blockers(facts: Facts, event: Mapping[str, Any], scheme: Scheme, unjudged: set[str]) -> Iterator[str]:
    rule, stage = scheme.rollback, event["after"]["stage"]
    if not rule.allowed:
        yield f"the scheme {scheme.name!r} allows no roll-back"
    if stage not in scheme.stages or not scheme.stage(stage).exclusive:
        yield f"the scheme {scheme.name!r} has no exclusive stage {stage!r} to roll back"
    if rule.reason_required and not event["reason"]:
        yield "it would have taken a reason"
    yield from _failed(judge(rule.gates_for(facts.tier), facts), unjudged)


def _failed(results: Iterable[GateResult], unjudged: set[str]) -> Iterator[str]:
    for result in results:
        if not result.holds and result.gate not in unjudged:
            yield result.blocker()
