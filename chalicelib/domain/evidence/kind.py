"""Recording and withdrawing evidence: what the decisions on all kinds of it share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.evidence.reporting import ANYBODY, Reporting
from chalicelib.domain.ledger.decision import Decision, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.version import Version

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class EvidenceKind(Generic[E]):
    """A kind of evidence: its ``noun``, the types of its events, its error, and what its events say of an entry."""

    noun: str
    recorded: str
    withdrawn: str
    missing: type[NotFoundError]
    fields: Callable[[E], Mapping[str, object]]

    def record(
        self,
        model: Model,
        version: Version,
        present: Latest[E],
        name: str,
        latest: Latest[E],
        event_type: str | None = None,
        trigger: Trigger = Trigger.REQUEST,
        reason: str | None = None,
    ) -> Decision[E]:
        """Save ``latest``, in which the entry ``name`` takes the place of the one that is ``present``.

        The event says that it was recorded, if ``event_type`` does not say otherwise.
        """
        before = present.by_name.get(name)
        event = EventDraft(
            event_type or self.recorded,
            None if before is None else self._event_fields(name, before),
            self._event_fields(name, latest.by_name[name]),
            version=version.number,
            trigger=trigger,
            reason=reason,
        )
        decision = decided(latest, model, event, Put(latest), subject=str(version.number))
        return decision.map(lambda saved: saved.by_name[name])

    def withdraw(
        self,
        model: Model,
        version: Version,
        present: Latest[E],
        name: str,
        stamp: Stamp,
        reporting: Reporting = ANYBODY,
    ) -> Decision[None]:
        """Take the entry ``name`` back; its events stay. Raises the kind's error if there is none.

        Where the scheme's evidence rules say whose reports count, nobody else takes one back.
        """
        entry = self.existing(model.name, version.number, present, name)
        if reporting.expected.rules:
            reporting.checked(f"the {self.noun} {name!r} of {model.name!r}", version, stamp)
        check_not_locked(model, version.number)
        event = EventDraft(self.withdrawn, self._event_fields(name, entry), None, version=version.number)
        return decided(None, model, event, Put(present.without(name)))

    def existing(self, model: str, number: int, present: Latest[E], name: str) -> E:
        """The entry ``name``. Raises the kind's error if there is none."""
        entry = present.by_name.get(name)
        if entry is None:
            raise self.missing(f"Version {number} of {model!r} has no {self.noun} {name!r}.")
        return entry

    def _event_fields(self, name: str, entry: E) -> dict[str, object]:
        return {self.noun: name, **self.fields(entry)}
