"""A model's past as the gates of a proposed scheme would have seen it, rebuilt from the model's events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.domain.cards.card import Card
from chalicelib.domain.classification import Classification, Level
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.evidence.evaluation import Evaluation, Kind
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import is_digest, named, place
from chalicelib.domain.ledger.rebuilding import UNKNOWN, Rebuilt
from chalicelib.domain.models.health import Health
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.examination import leaving_gates, rivals_of
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.retold import Retold, Stored, retell, scan_retold
from chalicelib.domain.schemes.condition_results import Evaluate
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.readings import version_place
from chalicelib.domain.versions.version import Description, Status, Version


@dataclass(frozen=True, slots=True)
class Past:
    """The model's past as ``scheme`` sees it, read off the state that the events so far tell.

    ``stored`` is what events tell only by its digest. ``evaluations`` are the latest of each version by name, as their
    events have them: the state lacks zeros and digests what is long.
    """

    model: str
    scheme: Scheme
    evaluate: Evaluate
    state: Rebuilt
    stored: Stored
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

    def is_protected(self, alias: str) -> bool:
        """Whether only those who may move protected aliases could move this one."""
        return alias in (self._told().get("protected_aliases") or ())

    def retold(self, number: int) -> Retold:
        """What of the version's content is known that the scheme's gates look at."""
        return retell(self.state, number, self.scheme, self.stored)

    @property
    def is_card_abridged(self) -> bool:
        """Whether only the length is known of a section of the card."""
        sections = named(self.state.fields(place(Card.kind)), "sections")
        return any(is_digest(told[""]) for told in sections.values())

    def facts(self, number: int, stage: str, now: Instant, retold: Retold, rolling_back: bool = False) -> Facts:
        """The facts that the gates of a move out of ``stage``, or of a roll-back, would have seen of a version."""
        card = self.state.fields(place(Card.kind))
        sections, writers = named(card, "sections"), named(card, "writers")
        model = self._pointers()
        gates = self.scheme.rollback.gates if rolling_back else leaving_gates(model, self.scheme, stage)
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
            rivals={place: self._rival(holder) for place, holder in rivals_of(gates, model).items()},
            monitors={name: _health(told) for name, told in named(self._told(), "monitors").items()},
            evaluate=self.evaluate,
            rules=self.scheme.evidence,
            classification=self._classification(),
            **retold.facts,
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
                for name, told in named(self._told(), what).items()
                if told.get("version") not in (None, UNKNOWN)
            }
            for what in ("aliases", "stages")
        }
        return Model(self.model, aliases=pointers["aliases"], stages=pointers["stages"])

    def _reports(self, kind: str, number: int) -> dict[str, dict[str, Any]]:
        found = named(self.state.fields(place(kind, number)), "by_name")
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
            scan=scan_retold(self.state, number, self.scheme.scanning),
        )


def _section_text(section: Any) -> str:
    """A section of the card, from its event.

    Of a long section the event holds only the length. That is enough for the gate that counts characters.
    """
    return "…" * int(section["$characters"]) if is_digest(section) else section


def _health(told: Mapping[str, Any]) -> Health:
    return Health(told.get("verdict") or "", told.get("version"), told.get("since") or Instant(""))


def _report(empty: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """A report as gates see it: a field with an empty value is no fact."""
    return {**empty, **{name: value for name, value in told.items() if value and value is not UNKNOWN}}


_NO_CHECK: Final = Check(False, None, None, None, None).document()
_NO_EVALUATION: Final = Evaluation(Kind.OFFLINE, {}, (), None, Instant(""), Instant(""), "").document()
