"""Examining a move between stages: whether it may be made now, and everything that blocks it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.errors import StageNotFoundError, TransitionNotAllowedError
from chalicelib.domain.instants import Instant
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion import gate_results
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.gate_results import GateResult
from chalicelib.domain.promotion.transition_request import ApprovalStatus, TransitionRequest, approval_status
from chalicelib.domain.schemes.gates import BetterGate, CompareGate, Gate
from chalicelib.domain.schemes.promotion_rule import rule_gate
from chalicelib.domain.schemes.scheme import Scheme, Stage, Transition
from chalicelib.domain.versions.quarantine import obstacle
from chalicelib.domain.versions.version import Status, Version


@dataclass(frozen=True, slots=True)
class Examination:
    """The result of judging a move: ``verdicts`` are the results of its gates, ``approvals`` is their status.

    ``binding`` is the hash of all that approvals are given for; ``gate_results.binding`` makes it.
    """

    transition: Transition
    verdicts: tuple[GateResult, ...]
    approvals: ApprovalStatus
    binding: str

    @property
    def failed(self) -> tuple[GateResult, ...]:
        """The results of the gates that do not hold."""
        return tuple(result for result in self.verdicts if not result.holds)

    @property
    def holds(self) -> bool:
        """Whether all gates hold. Approvals are not looked at."""
        return not self.failed

    def record(self, facts: Facts, scheme: Scheme) -> dict[str, Any]:
        """How the move was judged, for the details of its event: scheme, tier, gates, and who approved."""
        return {
            "scheme": scheme.ref.document(),
            "tier": facts.tier.value,
            "gates": [result.document() for result in self.verdicts],
            "approvals": sorted({name for tally in self.approvals.tallies for name in tally.approved_by}),
        }


def examine(scheme: Scheme, transition: Transition, facts: Facts, request: TransitionRequest | None) -> Examination:
    """Judge the gates of a move that apply to the model's tier, and the votes of its request, if there is one."""
    results = gate_results.judge(transition.gates_for(facts.tier), facts)
    needed = transition.approvals_for(facts.tier)
    bound = gate_results.binding(results, facts, scheme.ref.document())
    votes = () if request is None else request.votes
    return Examination(transition, results, approval_status(votes, needed, bound), bound)


def automatic_transitions(model: Model, scheme: Scheme, stage: str) -> Iterator[Transition]:
    """The moves out of ``stage`` that need no call: the scheme's automatic ones, and that of the promotion rule."""
    for transition in scheme.leaving(stage):
        with_rule = _with_rule(model, scheme, transition)
        if with_rule.automatic:
            yield with_rule


def _with_rule(model: Model, scheme: Scheme, transition: Transition) -> Transition:
    """The transition; if the model's promotion rule makes it, then automatic and with the rule's gate."""
    rule = model.rule
    if rule is None or (transition.from_stage, transition.to_stage) != (scheme.initial, rule.to_stage):
        return transition
    return replace(transition, automatic=True, gates=(*transition.gates, rule_gate(rule)))


def rivals_of(gates: tuple[Gate, ...], model: Model) -> dict[str, int | None]:
    """The versions that the gates compare with.

    Maps each ``stage:<name>`` and ``alias:<name>`` that a gate names to the number of the version there, or None.
    """
    places = {gate.condition.rival for gate in gates if isinstance(gate.condition, CompareGate | BetterGate)}
    return {place: _holder(place, model) for place in sorted(places)}


def measured_rivals(gates: tuple[Gate, ...], model: Model) -> list[int]:
    """The versions whose evaluations the gates compare with, sorted."""
    places = {gate.condition.rival for gate in gates if isinstance(gate.condition, BetterGate)}
    holders = {_holder(place, model) for place in places}
    return sorted(holder for holder in holders if holder is not None)


def leaving_gates(model: Model, scheme: Scheme, stage: str) -> tuple[Gate, ...]:
    """The gates of all moves out of ``stage``, the promotion rule's among them."""
    return tuple(gate for transition in scheme.leaving(stage) for gate in _with_rule(model, scheme, transition).gates)


def dry_run(
    model: Model, scheme: Scheme, facts: Facts, to_stage: str, request: TransitionRequest | None
) -> tuple[Examination | None, list[str]]:
    """Examine a move without making it.

    Returns the examination (None if the scheme has no such move), and every reason why a call could not make the move
    now, as sentences for a person.
    """
    version, blockers = facts.version, []
    if version.status is not Status.READY:
        blockers.append(f"version {version.number} is {version.status}; upload its files and finalise it")
    blockers += restrictions(model, scheme, version, to_stage, facts.now)
    try:
        transition = scheme.transition(version.stage, to_stage)
    except (StageNotFoundError, TransitionNotAllowedError) as error:
        return None, [*blockers, error.detail]
    examination = examine(scheme, transition, facts, request)
    blockers += [result.blocker() for result in examination.failed]
    approvals = examination.approvals
    if approvals.tallies and request is None:
        needed = " and ".join(tally.needed.described() for tally in approvals.tallies)
        blockers.append(f"it takes {needed}: open a transition request")
    elif request is not None:
        blockers += approvals.blockers()
    if not approvals.tallies and scheme.stage(to_stage).protected:
        blockers.append(f"{to_stage} is protected: without approvals, only an automatic move enters it")
    return examination, blockers


def restrictions(model: Model, scheme: Scheme, version: Version, to_stage: str, now: Instant) -> Iterator[str]:
    """Why a freeze of the model, the quarantine of the version or a lock forbids the move.

    A move touches the version, the one that it displaces, and those that lose an alias to it. None may be locked.
    """
    number = version.number
    if model.frozen is not None:
        yield f"the model was frozen by {model.frozen.by}: {model.frozen.reason}"
    stage = scheme.stages.get(to_stage, Stage(to_stage))
    held = obstacle(number, version.clearance, now)
    protected = not set(stage.aliases).isdisjoint(model.protected_aliases)
    if held is not None and (protected or not stage.quarantined):
        yield held
    touched = [number, *([model.holder(to_stage)] if stage.exclusive else [])]
    touched += [model.aliases[alias].version for alias in stage.aliases if alias in model.aliases]
    for touched_number in dict.fromkeys(touched):
        if touched_number in model.locked:
            yield f"version {touched_number} is locked: nothing about it changes"


def _holder(place: str, model: Model) -> int | None:
    kind, _, name = place.partition(":")
    pointer = (model.stages if kind == "stage" else model.aliases).get(name)
    return None if pointer is None else pointer.version
