"""A call of the API as a view sees it, and the answer that the view returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from chalicelib import registry
from chalicelib.api import cursors
from chalicelib.api.document import Paging
from chalicelib.domain.access.principal import Principal

if TYPE_CHECKING:
    from chalicelib.aws.services import Services
    from chalicelib.registry.access.classified import Sight
    from chalicelib.registry.ledger.commit import Changed, Idempotency, Request
    from chalicelib.registry.page import Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a view: a JSON ``document``, or a ``text``, whose Content-Type is among the headers if not JSON.

    The ETag is the ``digest`` of the bytes that are served, or else the ``revision`` of the entity.
    No cache may keep a ``secret`` answer.
    """

    document: Any = None
    status: int = 200
    revision: int | None = None
    digest: str | None = None
    replayed: bool = False
    secret: bool = False
    headers: Mapping[str, str | list[str]] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """The caller and the conditions of a call. A cursor of this call is valid for the same ``query`` only.

    ``began`` is when the call arrived, by the services' clock that never goes back.
    """

    services: Services
    principal: Principal
    request_id: str
    idempotency: Idempotency | None
    if_match: str | None
    query: dict[str, Any]
    began: float

    def change(self) -> Request:
        """What a use case needs to know of a request that changes something."""
        return registry.ledger.commit.Request(
            self.principal, self.request_id, self.idempotency, self.if_match, self.began
        )

    @property
    def may_read(self) -> Sight:
        """Whether the caller may read a model, by its name."""
        return registry.access.classified.Sight(self.principal)

    def start(self, paging: Paging) -> dict[str, Any] | None:
        """The position in the list that the cursor names; None for the first page. Raises InvalidCursorError."""
        return self.start_at(paging.cursor)

    def start_at(self, cursor: str | None, asked: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """As ``start``, for a cursor in a body. ``asked`` is what else of the body the cursor is valid for."""
        if cursor is None:
            return None
        query = {**self.query, **(asked or {})}
        return cursors.open_cursor(cursor, query, self.services.signing_key(), self.services.clock())

    def cursor(self, next_start: dict[str, Any] | None, asked: Mapping[str, Any] | None = None) -> str | None:
        """The cursor to the next page; None after the last. ``asked`` is as in ``start_at``."""
        if next_start is None:
            return None
        query = {**self.query, **(asked or {})}
        return cursors.seal(next_start, query, self.services.signing_key(), self.services.clock())

    def listing(self, page: Page[T], present: Callable[[T], Any]) -> Answer:
        """A page of a list."""
        return Answer({"items": [present(item) for item in page.items], "next_cursor": self.cursor(page.next_start)})


class Revised(Protocol):
    """An entity that counts its changes."""

    @property
    def revision(self) -> int: ...


def revision_of(entity: Revised) -> int:
    return entity.revision


def whole_list(items: Iterable[T], present: Callable[[T], Any]) -> Answer:
    """A list that is not paged."""
    return Answer({"items": [present(item) for item in items]})


def changed(
    result: Changed[T],
    present: Callable[[T], Any],
    revision: Callable[[T], int] | None = None,
    status: int = 200,
) -> Answer:
    """The answer to a change: the entity in its new state, its ETag, and whether the request is replayed."""
    return Answer(
        present(result.result),
        status,
        revision=None if revision is None else revision(result.result),
        replayed=result.replayed,
    )


def gone(result: Changed[Any]) -> Answer:
    """The answer to a deletion."""
    return Answer(status=204, replayed=result.replayed)
