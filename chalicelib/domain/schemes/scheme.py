"""A promotion scheme: stages, the moves allowed between them, and what each move needs.

A scheme is a versioned document. A model is judged by the version of the scheme that it was assigned, and keeps a copy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.errors import StageNotFoundError, TransitionNotAllowedError
from chalicelib.domain.scanning.policy import ScanPolicy, policy_from
from chalicelib.domain.schemes.evidence_rules import EvidenceRule, rule_from_document
from chalicelib.domain.schemes.gates import ALL_TIERS, Gate, Tier, gate_from_document, tiers_from


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a scheme.

    ``exclusive``: it holds at most one version; a version that enters displaces the one before. ``protected``: versions
    enter by an executed request, an automatic transition or a roll-back, never by a direct call. ``terminal``: no
    transition leads out. ``holding``: a version in it cannot be deleted. ``aliases`` are moved to each version that
    enters. ``quarantined``: versions in quarantine may enter, as they may the initial stage and the archive.
    """

    name: str
    exclusive: bool = False
    protected: bool = False
    terminal: bool = False
    holding: bool = True
    aliases: tuple[str, ...] = ()
    description: str = ""
    quarantined: bool = False


@dataclass(frozen=True, slots=True)
class Approvals:
    """A number of people who must approve a move, and whose approval counts.

    It counts if they have one of ``roles`` on the model or are in one of ``groups``. Without roles and groups,
    everybody who may approve counts.
    """

    count: int
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    tiers: frozenset[Tier] = ALL_TIERS

    def accepts(self, roles: frozenset[str], groups: frozenset[str]) -> bool:
        """Whether the approval of somebody with these roles and groups counts."""
        if not self.roles and not self.groups:
            return True
        return not roles.isdisjoint(self.roles) or not groups.isdisjoint(self.groups)

    def described(self) -> str:
        """How many approvals are needed, and whose, for a person: ``2 approvals from role reviewer or group risk``."""
        who = [f"role {name}" for name in self.roles] + [f"group {name}" for name in self.groups]
        people = "approval" if self.count == 1 else "approvals"
        return f"{self.count} {people}" + (f" from {' or '.join(who)}" if who else "")


@dataclass(frozen=True, slots=True)
class Transition:
    """An allowed move from one stage to another.

    ``automatic``: the registry makes the move as soon as its gates hold; if it needs approvals, as soon as a request
    for it has them too. ``manual``: an approved request is executed by a call, not by the registry itself.
    """

    from_stage: str
    to_stage: str
    gates: tuple[Gate, ...] = ()
    approvals: tuple[Approvals, ...] = ()
    automatic: bool = False
    manual: bool = False

    def gates_for(self, tier: Tier) -> tuple[Gate, ...]:
        """The gates that apply to models of ``tier``."""
        return tuple(gate for gate in self.gates if tier in gate.tiers)

    def approvals_for(self, tier: Tier) -> tuple[Approvals, ...]:
        """The approvals that models of ``tier`` need."""
        return tuple(needed for needed in self.approvals if tier in needed.tiers)


@dataclass(frozen=True, slots=True)
class RollbackRule:
    """Whether an exclusive stage may be rolled back, whether a reason must be given, and which gates must hold."""

    allowed: bool = True
    reason_required: bool = False
    gates: tuple[Gate, ...] = ()

    def gates_for(self, tier: Tier) -> tuple[Gate, ...]:
        """The gates that apply to models of ``tier``."""
        return tuple(gate for gate in self.gates if tier in gate.tiers)


@dataclass(frozen=True, slots=True)
class SchemeRef:
    """The scheme that judges a model, by name and version, with its initial stage and its archive."""

    name: str
    version: int
    initial: str
    archive: str

    def document(self) -> dict[str, Any]:
        return {"name": self.name, "version": self.version}


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme, parsed. ``transitions`` are by the names of the two stages, from and to.

    New versions begin in ``initial``. A version that is displaced from an exclusive stage goes to ``archive``.
    ``evidence`` says whose reports count, and ``scanning`` which verdicts let a version out of quarantine.
    """

    name: str
    version: int
    initial: str
    archive: str
    stages: Mapping[str, Stage]
    transitions: Mapping[tuple[str, str], Transition]
    rollback: RollbackRule = field(default_factory=RollbackRule)
    description: str = ""
    evidence: tuple[EvidenceRule, ...] = ()
    scanning: ScanPolicy = field(default_factory=ScanPolicy)

    @property
    def ref(self) -> SchemeRef:
        return SchemeRef(self.name, self.version, self.initial, self.archive)

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gates of all transitions and of the roll-back rule."""
        moves = (gate for transition in self.transitions.values() for gate in transition.gates)
        return (*moves, *self.rollback.gates)

    def stage(self, name: str) -> Stage:
        """The stage called ``name``. Raises StageNotFoundError."""
        try:
            return self.stages[name]
        except KeyError:
            known = ", ".join(self.stages)
            raise StageNotFoundError(
                f"The scheme {self.name!r} has no stage {name!r}; its stages are {known}."
            ) from None

    def transition(self, from_stage: str, to_stage: str) -> Transition:
        """The move from one stage to another. Raises StageNotFoundError, TransitionNotAllowedError."""
        self.stage(to_stage)
        transition = self.transitions.get((from_stage, to_stage))
        if transition is None:
            allowed = ", ".join(self.next(from_stage)) or "no other stage"
            raise TransitionNotAllowedError(f"A version in {from_stage} may move to {allowed}, not to {to_stage}.")
        return transition

    def next(self, stage: str) -> tuple[str, ...]:
        """The stages that a version in ``stage`` may move to, in the scheme's order."""
        return tuple(to_stage for from_stage, to_stage in self.transitions if from_stage == stage)

    def leads_by_itself(self, from_stage: str, to_stage: str) -> bool:
        """Whether automatic moves alone can bring a version from one stage to the other."""
        reached, fresh = {from_stage}, [from_stage]
        while fresh:
            here = fresh.pop()
            there = {move.to_stage for move in self.leaving(here) if move.automatic} - reached
            reached |= there
            fresh += there
        return to_stage in reached

    def leaving(self, stage: str) -> Iterator[Transition]:
        """The transitions out of ``stage``, in the scheme's order."""
        return (transition for transition in self.transitions.values() if transition.from_stage == stage)


def scheme_from_document(document: Mapping[str, Any]) -> Scheme:
    """The scheme of a validated document. Its version is 0 until the registry has saved it and numbered it."""
    archive = document["archive"]
    stages = {stage["name"]: _stage(stage, (document["initial"], archive)) for stage in document["stages"]}
    rollback = document.get("rollback") or {}
    return Scheme(
        name=document["name"],
        version=document.get("version", 0),
        initial=document["initial"],
        archive=archive,
        stages=stages,
        transitions={
            (move.from_stage, move.to_stage): move
            for transition in document["transitions"]
            for move in _transitions(transition)
        },
        rollback=RollbackRule(
            rollback.get("allowed", True),
            rollback.get("reason_required", False),
            tuple(gate_from_document(gate) for gate in rollback.get("gates", ())),
        ),
        description=document.get("description", ""),
        evidence=tuple(rule_from_document(rule) for rule in document.get("evidence", ())),
        scanning=policy_from(document.get("scanning")),
    )


def _stage(document: Mapping[str, Any], ends: tuple[str, str]) -> Stage:
    """The stage of its document. ``ends`` are the names of the initial stage and the archive."""
    on_enter = document.get("on_enter") or {}
    return Stage(
        name=document["name"],
        exclusive=document.get("exclusive", False),
        protected=document.get("protected", False),
        terminal=document.get("terminal", False),
        # Versions that are new or archived can be deleted; versions in use cannot.
        holding=document["name"] not in ends,
        aliases=tuple(on_enter.get("aliases", ())),
        description=document.get("description", ""),
        quarantined=document["name"] in ends or document.get("quarantined", False),
    )


def _transitions(document: Mapping[str, Any]) -> Iterator[Transition]:
    """A transition for each stage that the document leads from."""
    origins = document["from"]
    for origin in [origins] if isinstance(origins, str) else origins:
        yield Transition(
            from_stage=origin,
            to_stage=document["to"],
            gates=tuple(gate_from_document(gate) for gate in document.get("gates", ())),
            approvals=tuple(_approvals(needed) for needed in document.get("approvals", ())),
            automatic=document.get("automatic", False),
            manual=document.get("execution", "automatic") == "manual",
        )


def _approvals(document: Mapping[str, Any]) -> Approvals:
    return Approvals(
        count=document["count"],
        roles=tuple(document.get("roles", ())),
        groups=tuple(document.get("groups", ())),
        tiers=tiers_from(document.get("tiers")),
    )
