"""The inbox: open transition requests of all models that the caller may read, and what each waits for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from itertools import islice
from typing import Any, TypeAlias

from chalicelib.aws import keys
from chalicelib.aws.promotion import request_items
from chalicelib.aws.promotion.open_requests import BudgetSpentError, OpenRequest, OpenRequestReader
from chalicelib.aws.services import Services
from chalicelib.aws.table import MAX_BATCH
from chalicelib.domain.access.principal import Action, Principal, person_of
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.promotion.request_decisions import Voter
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.promotion.waiting import Wait, may_be_asked, waits_for
from chalicelib.registry.access.classified import Sight, foresee
from chalicelib.registry.page import Page
from chalicelib.registry.promotion.contexts import load_for_requests_of_many, transition_context
from chalicelib.registry.promotion.requests import RequestExplanation, explained, voter


class Whose(StrEnum):
    """Which requests an inbox shows: those that wait for the caller's vote, those that the caller opened, or all."""

    ME = "me"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request, judged as of now. ``label`` is that of its version, and ``position`` its place in the list."""

    explanation: RequestExplanation
    label: str | None
    waits_for: tuple[Wait, ...]
    position: str


# A request with its place in the list.
_Candidate: TypeAlias = tuple[str, TransitionRequest]


def inbox(
    services: Services, principal: Principal, whose: Whose, limit: int, start: dict[str, Any] | None
) -> Page[Waiting]:
    """Open requests, the next due first; then those without a due time, the oldest first.

    Eventually consistent. A page reads within a budget, so it may be short. Its cursor tells of more requests that the
    caller may read, or of very many that it may not.
    """
    return _Inbox(services, principal, whose).page(limit, None if start is None else str(start["after"]))


class _Inbox:
    """One page of an inbox. ``_stopped``: the budget was spent before the end of the list."""

    def __init__(self, services: Services, principal: Principal, whose: Whose) -> None:
        self._services = services
        self._principal = principal
        self._whose = whose
        self._now = services.clock()
        self._shows = cache(self._may_show)
        self._stopped = False
        needed = (Action.APPROVE, Action.READ) if whose is Whose.ME else (Action.READ,)
        self._sights = [Sight(principal, action) for action in needed]

    def page(self, limit: int, after: str | None) -> Page[Waiting]:
        reader = OpenRequestReader(self._services.table, limit + 1)
        candidates = self._candidates(reader, after, limit)
        found: list[Waiting] = []
        while len(found) < limit and (batch := list(islice(candidates, limit - len(found)))):
            found += self._judged(reader, batch)
        if len(found) == limit:
            more = next(candidates, None) is not None or self._stopped
            return Page(tuple(found), {"after": found[-1].position} if more else None)
        stopped_at = reader.position if self._stopped else None
        return Page(tuple(found), None if stopped_at is None else {"after": stopped_at})

    def _candidates(self, reader: OpenRequestReader, after: str | None, limit: int) -> Iterator[_Candidate]:
        """The requests that the inbox may show, as far as can be told before they are judged."""
        size = MAX_BATCH if self._whose is not Whose.ALL else min(limit + 1, MAX_BATCH)
        entries = self._entries(reader, after, size)
        while batch := list(islice(entries, size)):
            wanted = [keys.request(entry.model, entry.number) for entry in batch]
            stored = self._services.table.load(wanted, reader.spent)
            for entry, key in zip(batch, wanted, strict=True):
                item = stored.get(key)
                request = None if item is None else request_items.request_from(item)
                if request is not None and self._is_candidate(request):
                    yield entry.position, request

    def _entries(self, reader: OpenRequestReader, after: str | None, size: int) -> Iterator[OpenRequest]:
        """The entries of requests that the caller may see, looked at ``size`` at a time."""
        entries, ended = reader.entries(after, self._now), False
        load = partial(self._services.table.load_all, spent=reader.spent)
        while not ended:
            ahead: list[OpenRequest] = []
            try:
                # What came before an error is kept.
                ahead.extend(islice(entries, size))
                ended = len(ahead) < size
            except BudgetSpentError:
                ended = self._stopped = True
            for sight in self._sights:
                foresee(sight, (entry.model for entry in ahead), load)
            yield from (entry for entry in ahead if self._shows(entry.model))

    def _may_show(self, model: str) -> bool:
        return all(sight(model) for sight in self._sights)

    def _is_candidate(self, request: TransitionRequest) -> bool:
        # The index may be behind the table.
        if request.state.closed or request.is_due(self._now):
            return False
        if self._whose is Whose.MINE:
            me = person_of(self._principal.person or self._principal.name)
            return person_of(request.requester or request.requested_by) == me
        return self._whose is Whose.ALL or may_be_asked(request, voter(self._principal, request.model))

    def _judged(self, reader: OpenRequestReader, candidates: Sequence[_Candidate]) -> Iterator[Waiting]:
        snapshots = load_for_requests_of_many(self._services, [request for _, request in candidates], reader.spent)
        for position, request in candidates:
            try:
                context = transition_context(
                    self._services, snapshots[request.model], request.model, request.version, self._now
                )
            except NotFoundError:
                # The model or version was deleted after the request was read.
                continue
            explanation = explained(context, request)
            waits = waits_for(context, request, explanation.examination, self._voter(request.model))
            if self._whose is not Whose.ME or Wait.ME in waits:
                yield Waiting(explanation, context.version.description.label, waits, position)

    def _voter(self, model: str) -> Voter | None:
        """The caller, if they may vote on the model's requests."""
        return voter(self._principal, model) if self._principal.may(Action.APPROVE, model) else None
