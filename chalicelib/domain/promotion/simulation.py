"""Simulating a proposed scheme on a model's past: which past moves it would have refused, and why.

The past is rebuilt from the model's events (``domain/ledger/rebuilding.py``), so that gates see the state of the model
before each move.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.domain.cards.card import Card
from chalicelib.domain.classification import Classification, Level
from chalicelib.domain.errors import RegistryError
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.evidence.evaluation import Evaluation, Kind
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import place, unescaped
from chalicelib.domain.ledger.rebuilding import UNKNOWN, Readings, Rebuilt
from chalicelib.domain.models.health import Health
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.examination import examine, rivals_of
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.gate_results import judge
from chalicelib.domain.schemes.condition_results import Evaluate
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.readings import version_place
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


@dataclass(frozen=True, slots=True)
class _Past:
    """The model's past as gates see it, read off the state that the events so far tell.

    ``evaluations`` are the latest of each version by name, as their events have them: the state lacks zeros and digests
    what is long.
    """

    model: str
    state: Rebuilt
    evaluations: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def take(self, event: Mapping[str, Any]) -> None:
        """Apply the next event of the model."""
        self.state.take(event)
        if event["type"] == event_types.EVALUATION_RECORDED:
            recorded = event["after"]
            of_version = self.evaluations.setdefault(event["version"], {})
            of_version[recorded["evaluation"]] = {**_NO_EVALUATION, **recorded}
        elif event["type"] == event_types.EVALUATION_WITHDRAWN:
            self.evaluations.get(event["version"], {}).pop(event["before"]["evaluation"], None)

    def knows(self, number: int) -> bool:
        """Whether the registration of the version was among the events."""
        return "digest" in self.state.fields(version_place(number))

    def facts(self, number: int, stage: str, scheme: Scheme, now: Instant, evaluate: Evaluate) -> Facts:
        """The facts that gates would have seen of a version in ``stage``."""
        moves = tuple(gate for transition in scheme.transitions.values() for gate in transition.gates)
        gates = (*moves, *scheme.rollback.gates)
        card = self.state.fields(place(Card.kind))
        sections, writers = _named(card, "sections"), _named(card, "writers")
        return Facts(
            version=self._version(number, stage),
            tier=Tier(self._told().get("tier") or Tier.LOW),
            now=now,
            checks={name: _report(_NO_CHECK, told) for name, told in self._reports(Checks.kind, number).items()},
            evaluations=dict(self.evaluations.get(number, {})),
            card={
                "sections": {name: _section_text(told[""]) for name, told in sections.items() if told[""]},
                "writers": {name: told[""] for name, told in writers.items() if told[""]},
            },
            rivals={place: self._rival(holder) for place, holder in rivals_of(gates, self._pointers()).items()},
            monitors={name: _health(told) for name, told in _named(self._told(), "monitors").items()},
            evaluate=evaluate,
            rules=scheme.evidence,
            classification=self._classification(),
        )

    def _told(self) -> Mapping[str, Any]:
        return self.state.fields(place(Model.kind))

    def _classification(self) -> Classification | None:
        told = self._told()
        level = told.get("classification/level")
        return Classification(Level(level), bool(told.get("classification/personal_data"))) if level else None

    def _pointers(self) -> Model:
        """The model with what its aliases and stages pointed at."""
        pointers = {
            what: {
                name: Pointer(told.get("version"))
                for name, told in _named(self._told(), what).items()
                if told.get("version") not in (None, UNKNOWN)
            }
            for what in ("aliases", "stages")
        }
        return Model(self.model, aliases=pointers["aliases"], stages=pointers["stages"])

    def _reports(self, kind: str, number: int) -> dict[str, dict[str, Any]]:
        found = _named(self.state.fields(place(kind, number)), "by_name")
        # Of a report that was withdrawn, it is known that nothing is left.
        return {name: told for name, told in found.items() if any(told.values())}

    def _rival(self, holder: int | None) -> Rival | None:
        if holder is None or not self.knows(holder):
            return None
        metrics = self.state.fields(version_place(holder)).get("description/metrics") or {}
        return Rival(holder, metrics, dict(self.evaluations.get(holder, {})), self._version(holder, "").people)

    def _version(self, number: int, stage: str) -> Version:
        told = self.state.fields(version_place(number))
        said = {name: told.get(f"description/{name}") for name in Description.__dataclass_fields__}
        made, authors = told["created_at"], told.get("authors")
        return Version(
            model=self.model,
            number=number,
            uid="",
            description=Description(**{name: value for name, value in said.items() if value}),
            status=Status.READY,
            stage=stage,
            stage_since=made,
            digest=told["digest"],
            file_count=told.get("file_count") or 0,
            # Events of earlier releases do not have it.
            total_size=told.get("total_size") or 0,
            created_at=made,
            created_by=told["created_by"],
            # Of very many authors, the events have only the digest.
            authors=tuple(authors) if isinstance(authors, list) else (),
            updated_at=made,
            revised_at=made,
            upload_expires_at=made,
            ready_at=told.get("ready_at"),
        )


def simulate(
    model: str, events: Iterable[Mapping[str, Any]], scheme: Scheme, evaluate: Evaluate, readings: Readings
) -> tuple[PastMove, ...]:
    """Judge every past move of a model by ``scheme``. ``events`` are the model's, oldest first; so are the results.

    A roll-back is judged by the roll-back rule. Every other move is judged by the transition's gates, and by the number
    of people who approved it.
    """
    past, moves = _Past(model, Rebuilt(readings)), []
    for event in events:
        if event["type"] == event_types.VERSION_TRANSITIONED and past.knows(event["version"]):
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
    blockers = [result.blocker() for result in examination.failed if result.kind not in _NOT_RETOLD]
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
        if not result.holds and result.kind not in _NOT_RETOLD:
            yield result.blocker()


def _named(facts: Mapping[str, Any], what: str) -> dict[str, dict[str, Any]]:
    """The facts ``<what>/<name>/<field>`` by name and field. A fact ``<what>/<name>`` has an empty field."""
    found: dict[str, dict[str, Any]] = {}
    for path, value in facts.items():
        level, _, rest = path.partition("/")
        if level == what:
            name, _, field = rest.partition("/")
            found.setdefault(unescaped(name), {})[field] = value
    return found


def _health(told: Mapping[str, Any]) -> Health:
    return Health(told.get("verdict") or "", told.get("version"), told.get("since") or Instant(""))


def _report(empty: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """A report as gates see it: a field with an empty value is no fact."""
    return {**empty, **{name: value for name, value in told.items() if value and value is not UNKNOWN}}


# Events do not tell what these gates look at, so nobody knows how they would have judged.
_NOT_RETOLD: Final = frozenset({"licenses", "formats"})
_NO_CHECK: Final = Check(False, None, None, None, None).document()
_NO_EVALUATION: Final = Evaluation(Kind.OFFLINE, {}, (), None, Instant(""), Instant(""), "").document()
