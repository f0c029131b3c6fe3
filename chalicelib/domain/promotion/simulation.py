"""Simulating a proposed scheme on a model's past: which past moves it would have refused, and why.

The past is replayed from the model's events, so that gates see the state of the model before each move.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.domain.errors import RegistryError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.models.model import CHALLENGER, CHAMPION, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.examination import examine, rivals_of
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.gate_results import judge
from chalicelib.domain.schemes.conditions import Evaluate
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.version import Description, Status, Version


@dataclass(frozen=True, slots=True)
class PastMove:
    """A move that was made. ``blockers`` are the reasons why the proposed scheme would have refused it, if any."""

    sequence: int
    time: str
    actor: str
    version: int
    from_stage: str
    to_stage: str
    trigger: str
    blockers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """The past moves of a model, oldest first. ``complete`` is False if there were too many events to read them all."""

    model: str
    moves: tuple[PastMove, ...]
    complete: bool


@dataclass(slots=True)
class _Past:
    """The model's state after the events replayed so far. Checks and evaluations are by version, then by name."""

    model: Model
    versions: dict[int, Version] = field(default_factory=dict)
    checks: dict[int, dict[str, Any]] = field(default_factory=dict)
    evaluations: dict[int, dict[str, Any]] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)

    def take(self, event: Mapping[str, Any]) -> None:
        """Apply an event."""
        after, before = event["after"] or {}, event["before"] or {}
        match event["type"]:
            case event_types.MODEL_CREATED:
                self.sections = {}
            case event_types.VERSION_CREATED:
                self.versions[event["version"]] = _version(event)
            case event_types.VERSION_READY if event["version"] in self.versions:
                self._finish(event["version"], event["time"], after)
            case event_types.VERSION_UPDATED:
                self._describe(event["version"], after)
            case event_types.VERSION_TRANSITIONED:
                self._move(event["version"], before["stage"], after)
            case event_types.MODEL_TIER_SET:
                self.model = replace(self.model, tier=Tier(after["tier"]))
            case _:
                self._take_pointer(event, after)
                self._take_report(event["type"], event["version"], before, after)

    def _take_pointer(self, event: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        match event["type"]:
            case event_types.ALIAS_SET:
                self._point(event["alias"], event["version"])
            case event_types.ALIAS_DELETED:
                self._point(event["alias"], None)
            case event_types.CHALLENGER_RETIRED:
                self._point(CHALLENGER, None)
            case event_types.CHALLENGER_PROMOTED:
                self._point(CHAMPION, after[CHAMPION])
                self._point(CHALLENGER, None)

    def _take_report(self, kind: str, version: int | None, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        report = after or before
        for what, kept in (("check", self.checks), ("evaluation", self.evaluations)):
            if version is not None and kind.startswith(f"{what}.") and what in report:
                of_version = kept.setdefault(version, {})
                if after:
                    of_version[report[what]] = dict(after)
                else:
                    of_version.pop(report[what], None)
        if kind.startswith("card."):
            self.sections |= {name: _section_text(section) for name, section in after.get("sections", {}).items()}

    def _finish(self, number: int, time: Instant, after: Mapping[str, Any]) -> None:
        """Mark a version READY. If the registry copied its files, only this event says what they are."""
        content = {name: after[name] for name in ("digest", "file_count", "total_size") if name in after}
        self.versions[number] = replace(self.versions[number], ready_at=time, **content)

    def _describe(self, number: int, after: Mapping[str, Any]) -> None:
        version = self.versions.get(number)
        if version is not None:
            known = {name: value for name, value in after.items() if name in ("description", "tags")}
            self.versions[number] = replace(version, description=replace(version.description, **known))

    def _move(self, number: int, from_stage: str, after: Mapping[str, Any]) -> None:
        to_stage = after["stage"]
        if number in self.versions:
            self.versions[number] = replace(self.versions[number], stage=to_stage)
        stages = {**self.model.stages, to_stage: Pointer(number)}
        if stages.get(from_stage, Pointer()).version == number:
            stages[from_stage] = Pointer()
        self.model = replace(self.model, stages=stages)
        for alias in after.get("aliases", ()):
            self._point(alias, number)

    def _point(self, alias: str | None, number: int | None) -> None:
        if alias is not None:
            self.model = replace(self.model, aliases={**self.model.aliases, alias: Pointer(number)})

    def facts(self, number: int, stage: str, scheme: Scheme, now: Instant, evaluate: Evaluate) -> Facts:
        """The facts that gates would have seen of a version in ``stage``."""
        moves = tuple(gate for transition in scheme.transitions.values() for gate in transition.gates)
        gates = (*moves, *scheme.rollback.gates)
        return Facts(
            # The event that displaced a version is another version's. So the replay does not know this one's stage.
            version=replace(self.versions[number], stage=stage),
            tier=self.model.tier,
            now=now,
            checks=self.checks.get(number, {}),
            evaluations=self.evaluations.get(number, {}),
            card={"sections": self.sections},
            rivals={place: self._rival(holder) for place, holder in rivals_of(gates, self.model).items()},
            evaluate=evaluate,
        )

    def _rival(self, holder: int | None) -> Rival | None:
        version = None if holder is None else self.versions.get(holder)
        return None if version is None else Rival(version.number, version.description.metrics)


def simulate(
    model: str, events: Iterable[Mapping[str, Any]], scheme: Scheme, evaluate: Evaluate
) -> tuple[PastMove, ...]:
    """Judge every past move of a model by ``scheme``. ``events`` are the model's, oldest first; so are the results.

    A roll-back is judged by the roll-back rule. Every other move is judged by the transition's gates, and by the number
    of people who approved it.
    """
    past, moves = _Past(Model(model)), []
    for event in events:
        if event["type"] == event_types.VERSION_TRANSITIONED and event["version"] in past.versions:
            moves.append(_judged(past, event, scheme, evaluate))
        past.take(event)
    return tuple(moves)


def _judged(past: _Past, event: Mapping[str, Any], scheme: Scheme, evaluate: Evaluate) -> PastMove:
    facts = past.facts(event["version"], event["before"]["stage"], scheme, event["time"], evaluate)
    return PastMove(
        sequence=event["sequence"],
        time=event["time"],
        actor=event["actor"],
        version=event["version"],
        from_stage=event["before"]["stage"],
        to_stage=event["after"]["stage"],
        trigger=event["trigger"],
        blockers=tuple(_blockers(facts, event, scheme)),
    )


def _blockers(facts: Facts, event: Mapping[str, Any], scheme: Scheme) -> list[str]:
    if event["trigger"] == "rollback":
        return list(_roll_back_blockers(facts, event, scheme))
    try:
        transition = scheme.transition(event["before"]["stage"], event["after"]["stage"])
    except RegistryError as error:
        return [error.detail]
    examination = examine(scheme, transition, facts, None)
    blockers = [result.blocker() for result in examination.failed]
    needed = sum(tally.needed.count for tally in examination.approvals.tallies)
    approved = len((event["details"] or {}).get("approvals", ()))
    if approved < needed:
        blockers.append(f"it would have taken {needed} approvals; {approved} were given")
    if not needed and scheme.stage(transition.to_stage).protected and event["trigger"] != "rule":
        blockers.append(f"{transition.to_stage} is protected: only its automatic move would have entered it")
    return blockers


def _section_text(section: Any) -> str:
    """A section of the card, from its event.

    Of a long section the event holds only the length. That is enough, since gates count characters.
    """
    return section if isinstance(section, str) else "…" * int(section["$characters"])


def _roll_back_blockers(facts: Facts, event: Mapping[str, Any], scheme: Scheme) -> Iterator[str]:
    rule, stage = scheme.rollback, event["after"]["stage"]
    if not rule.allowed:
        yield f"the scheme {scheme.name!r} allows no roll-back"
    if stage not in scheme.stages or not scheme.stage(stage).exclusive:
        yield f"the scheme {scheme.name!r} has no exclusive stage {stage!r} to roll back"
    if rule.reason_required and not event["reason"]:
        yield "it would have taken a reason"
    for result in judge(rule.gates_for(facts.tier), facts):
        if not result.holds:
            yield result.blocker()


def _version(event: Mapping[str, Any]) -> Version:
    after = event["after"]
    described = {name: after[name] for name in Description.__dataclass_fields__ if name in after}
    return Version(
        model=event["model"],
        number=event["version"],
        uid="",
        description=Description(**described),
        status=Status.READY,
        stage=after["stage"],
        stage_since=event["time"],
        digest=after["digest"],
        file_count=after["file_count"],
        # Events of earlier releases do not have it.
        total_size=after.get("total_size", 0),
        created_at=event["time"],
        created_by=event["actor"],
        updated_at=event["time"],
        revised_at=event["time"],
        revision=event["sequence"],
        upload_expires_at=event["time"],
    )
