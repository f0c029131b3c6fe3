"""One call of the API as a view sees it, and the answer that the view gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib import registry
from chalicelib.api import cursors
from chalicelib.api.document import Paging
from chalicelib.domain.access.principal import Action, Principal

if TYPE_CHECKING:
    from chalicelib.aws.services import Services
    from chalicelib.registry.ledger.commit import Changed, Idempotency, Request
    from chalicelib.registry.page import Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view answers: a JSON document, or a ``text`` whose Content-Type is among the headers.

    ``secret`` keeps it out of every cache.

    The ETag is the ``digest`` of bytes that are served, or the ``revision`` of an entity.
    """

    document: Any = None
    status: int = 200
    revision: int | None = None
    digest: str | None = None
    replayed: bool = False
    secret: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, on which conditions. ``query`` is what a cursor of this call is good for."""

    services: Services
    principal: Principal
    request_id: str
    idempotency: Idempotency | None
    if_match: str | None
    query: dict[str, Any]

    def change(self) -> Request:
        """What the use cases need to know of a request that changes something."""
        return registry.ledger.commit.Request(self.principal, self.request_id, self.idempotency, self.if_match)

    def may_read(self, model: str) -> bool:
        return self.principal.may(Action.READ, model)

    def start(self, paging: Paging) -> dict[str, Any] | None:
        """The position to go on from. Raises InvalidCursorError."""
        if paging.cursor is None:
            return None
        return cursors.open_cursor(paging.cursor, self.query, self.services.signing_key(), self.services.clock())

    def cursor(self, next_start: dict[str, Any] | None) -> str | None:
        if next_start is None:
            return None
        return cursors.seal(next_start, self.query, self.services.signing_key(), self.services.clock())

    def listing(self, page: Page[T], present: Callable[[T], Any], items: Iterable[T] | None = None) -> Answer:
        """A page of a list; ``items`` are those of the page to show, when not all."""
        shown = [present(item) for item in (page.items if items is None else items)]
        return Answer({"items": shown, "next_cursor": self.cursor(page.next_start)})


def changed(
    result: Changed[T],
    present: Callable[[T], Any],
    revision: Callable[[T], int] | None = None,
    status: int = 200,
) -> Answer:
    """The answer to a change: the thing as it now stands, its ETag, and whether it is a replay."""
    return Answer(
        present(result.result),
        status,
        revision=None if revision is None else revision(result.result),
        replayed=result.replayed,
    )


def gone(result: Changed[Any]) -> Answer:
    """The answer to a deletion."""
    return Answer(status=204, replayed=result.replayed)
