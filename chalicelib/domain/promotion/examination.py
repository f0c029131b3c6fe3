"""A move examined: whether it may be made now, and the whole list of what stands in the way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.errors import StageNotFoundError, TransitionNotAllowedError
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion import gate_results
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.gate_results import GateResult
from chalicelib.domain.promotion.transition_request import ApprovalStatus, TransitionRequest, standing
from chalicelib.domain.schemes.gates import CompareGate, Gate
from chalicelib.domain.schemes.promotion_rule import rule_gate
from chalicelib.domain.schemes.scheme import Scheme, Stage, Transition
from chalicelib.domain.versions.version import Status


@dataclass(frozen=True, slots=True)
class Examination:
    """What judging a move found. ``binding`` stands for all that was looked at."""

    transition: Transition
    verdicts: tuple[GateResult, ...]
    standing: ApprovalStatus
    binding: str

    @property
    def failed(self) -> tuple[GateResult, ...]:
        return tuple(verdict for verdict in self.verdicts if not verdict.holds)

    @property
    def holds(self) -> bool:
        return not self.failed

    def record(self, facts: Facts, scheme: Scheme) -> dict[str, Any]:
        """What the event of the move says of how it was judged."""
        return {
            "scheme": scheme.ref.document(),
            "tier": facts.tier.value,
            "gates": [verdict.document() for verdict in self.verdicts],
            "approvals": sorted({name for tally in self.standing.tallies for name in tally.approved_by}),
        }


def examine(scheme: Scheme, transition: Transition, facts: Facts, request: TransitionRequest | None) -> Examination:
    """Judge every gate of a move for the model's tier, and the votes of the request for it, if there is one."""
    found = gate_results.judge(transition.gates_for(facts.tier), facts)
    needed = transition.approvals_for(facts.tier)
    bound = gate_results.binding(found, facts, scheme.ref.document())
    votes = () if request is None else request.votes
    return Examination(transition, found, standing(votes, needed, bound), bound)


def automatic_transitions(model: Model, scheme: Scheme, stage: str) -> Iterator[Transition]:
    """The moves out of ``stage`` that are made without anybody's call, the model's own rule among them."""
    for transition in scheme.leaving(stage):
        with_rule = _with_rule(model, scheme, transition)
        if with_rule.automatic:
            yield with_rule


def _with_rule(model: Model, scheme: Scheme, transition: Transition) -> Transition:
    rule = model.rule
    if rule is None or (transition.from_stage, transition.to_stage) != (scheme.initial, rule.to_stage):
        return transition
    return replace(transition, automatic=True, gates=(*transition.gates, rule_gate(rule)))


def rivals_of(gates: tuple[Gate, ...], model: Model) -> dict[str, int | None]:
    """Whom the gates compare with: ``stage:…`` and ``alias:…`` to the version that holds each, if any."""
    named = {gate.condition.rival for gate in gates if isinstance(gate.condition, CompareGate)}
    return {rival: _holder(rival, model) for rival in sorted(named)}


def leaving_gates(model: Model, scheme: Scheme, stage: str) -> tuple[Gate, ...]:
    """Every gate that a version in ``stage`` may meet."""
    return tuple(gate for transition in scheme.leaving(stage) for gate in _with_rule(model, scheme, transition).gates)


def dry_run(
    model: Model, scheme: Scheme, facts: Facts, to_stage: str, request: TransitionRequest | None
) -> tuple[Examination | None, list[str]]:
    """The examination of a move, if the scheme has it, and everything that keeps it from being made by a call now."""
    version, blockers = facts.version, []
    if version.status is not Status.READY:
        blockers.append(f"version {version.number} is {version.status}; upload its files and finalise it")
    blockers += _restrictions(model, scheme, version.number, to_stage)
    try:
        transition = scheme.transition(version.stage, to_stage)
    except (StageNotFoundError, TransitionNotAllowedError) as error:
        return None, [*blockers, error.detail]
    found = examine(scheme, transition, facts, request)
    blockers += [f"gate {verdict.gate}: {verdict.reason}; needed: {verdict.needed}" for verdict in found.failed]
    if found.standing.tallies and request is None:
        needed = " and ".join(tally.needed.said() for tally in found.standing.tallies)
        blockers.append(f"it takes {needed}: open a transition request")
    elif request is not None:
        blockers += found.standing.blockers()
    if not found.standing.tallies and scheme.stage(to_stage).protected:
        blockers.append(f"{to_stage} is protected: without approvals, a version enters it by its automatic move alone")
    return found, blockers


def _restrictions(model: Model, scheme: Scheme, number: int, to_stage: str) -> Iterator[str]:
    """What a freeze, and locks of the version and of those that it would put out or take an alias from, forbid."""
    if model.frozen is not None:
        yield f"the model was frozen by {model.frozen.by}: {model.frozen.reason}"
    stage = scheme.stages.get(to_stage, Stage(to_stage))
    touched = [number, *([model.holder(to_stage)] if stage.exclusive else [])]
    touched += [model.aliases[alias].version for alias in stage.aliases if alias in model.aliases]
    for one in dict.fromkeys(touched):
        if one in model.locked:
            yield f"version {one} is locked: nothing about it changes"


def _holder(rival: str, model: Model) -> int | None:
    kind, _, name = rival.partition(":")
    pointer = (model.stages if kind == "stage" else model.aliases).get(name)
    return None if pointer is None else pointer.version
