"""Events: the history of a model or of the registry itself, and whether it is intact."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from moorage import paths
from moorage.audit import ChainBrokenError, ChainHead, verify_chain
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.listing import Listing
from moorage.metadata import TIMES
from moorage.state_check import ledger_of


@dataclass(frozen=True, slots=True)
class Event:
    """One committed change.

    ``before`` and ``after`` have the changed fields as they were and as they became. ``before`` is None if something
    was created, ``after`` if it was deleted. Times in their metadata are datetimes. ``correlation_id`` is the same
    for a call and for all that followed from it. ``document`` is the event exactly as the registry sent it: the hash
    covers it.
    """

    id: str
    ledger: str
    sequence: int
    type: str
    time: datetime
    previous_hash: str
    hash: str
    before: dict[str, Any] | None = field(default=None, metadata=TIMES)
    after: dict[str, Any] | None = field(default=None, metadata=TIMES)
    actor: str | None = None
    model: str | None = None
    version: int | None = None
    alias: str | None = None
    subject: str | None = None
    trigger: str | None = None
    reason: str | None = None
    details: dict[str, Any] | None = None
    correlation_id: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where the registry found its chain broken, and why."""

    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of the registry checking its own ledger.

    ``checked`` events up to ``through_sequence`` were read. ``fault`` is set if the chain is broken.
    """

    ledger: str
    checked: int
    through_sequence: int
    head_hash: str
    complete: bool
    intact: bool
    from_sequence: int | None = None
    fault: ChainFault | None = None


class Events:
    """The events of a model. ``model=None`` means the registry's own ledger, such as events of tokens and webhooks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str | None = None, *, order: str = "newest", limit: int | None = None) -> Listing[Event]:
        """List events. ``order`` is ``newest`` or ``oldest``: whichever comes first."""
        documents = self._connection.pages(_path(model), limit, order=order)
        return Listing(Event, (replace(decode(Event, document), document=document) for document in documents))

    def verify(
        self,
        model: str | None = None,
        *,
        anchored: ChainHead | None = None,
        each: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> ChainHead:
        """Read the whole ledger and verify it locally: its chain, that it is this ledger, and that it ends at its head.

        ``anchored`` is the last event that an anchor names (``client.anchors.head``): the ledger must have it. ``each``
        is called with every event that was read, oldest first. Raises ChainBrokenError.
        """
        ledger = ledger_of(model)
        listed = self._connection.pages(_path(model), order="oldest")
        last = verify_chain(_shown_to(each, _with_anchored(listed, anchored)), ledger=ledger)
        if anchored is not None and anchored.sequence > last.sequence:
            raise ChainBrokenError(
                anchored.sequence, f"an anchor names this event, but the ledger ends at event {last.sequence}"
            )
        while True:
            said = self._connection.get(Verification, f"{_path(model)}/verify", after=last.sequence)
            if not said.intact:
                raise _broken(said)
            if said.head_hash == last.hash:
                return last
            if said.checked == 0:
                raise ChainBrokenError(last.sequence, "the ledger's head has another hash than its last event")
            # Events were added meanwhile.
            added = added_since(self._connection, _path(model), last.sequence)
            last = verify_chain(_shown_to(each, iter(added)), last, ledger=ledger)

    def verified_by_registry(self, model: str | None = None) -> Verification:
        """Have the registry verify its own ledger, up to the first fault or the end."""
        after = 0
        checked = 0
        while True:
            result = self._connection.get(Verification, f"{_path(model)}/verify", after=after)
            checked += result.checked
            if result.complete or not result.intact or result.through_sequence <= after:
                return replace(result, checked=checked)
            after = result.through_sequence


def added_since(connection: Connection, path: str, sequence: int) -> list[Mapping[str, Any]]:
    """The events of the list at ``path`` after the one with ``sequence``, oldest first."""
    added = takewhile(lambda event: event["sequence"] > sequence, connection.pages(path, order="newest"))
    return list(added)[::-1]


def _path(model: str | None) -> str:
    return "events" if model is None else f"{paths.model(model)}/events"


def _with_anchored(events: Iterator[Mapping[str, Any]], anchored: ChainHead | None) -> Iterator[Mapping[str, Any]]:
    """The events, while the one that an anchor names is compared with it."""
    for event in events:
        if anchored is not None and event.get("sequence") == anchored.sequence and event.get("hash") != anchored.hash:
            raise ChainBrokenError(anchored.sequence, "an anchor has another hash for this event: it was rewritten")
        yield event


def _shown_to(
    each: Callable[[Mapping[str, Any]], None] | None, events: Iterator[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """The events, each shown to ``each`` when it is read."""
    for event in events:
        if each is not None:
            each(event)
        yield event


def _broken(said: Verification) -> ChainBrokenError:
    if said.fault is None:
        return ChainBrokenError(said.through_sequence, "the registry gave no reason")
    return ChainBrokenError(said.fault.sequence, said.fault.reason)
