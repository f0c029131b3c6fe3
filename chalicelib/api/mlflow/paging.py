"""Pages of experiments, runs, logged models and metrics."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from chalicelib.api import cursors
from chalicelib.api.answer_size import size
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import invalid
from chalicelib.domain.errors import InvalidCursorError

T = TypeVar("T")


def start(call: MlflowCall, token: str | None) -> dict[str, Any] | None:
    """The position that a page token names; None for the first page. Raises MlflowError."""
    if not token:
        return None
    try:
        return cursors.open_cursor(token, call.query, call.services.signing_key(), call.services.clock())
    except InvalidCursorError:
        raise invalid("Invalid page token, could not base64-decode") from None


def check_limit(limit: int, maximum: int) -> None:
    """Raise MlflowError unless the size of a page is between 1 and ``maximum``."""
    if not 1 <= limit <= maximum:
        raise invalid(
            f"Invalid value {limit} for parameter 'max_results' supplied. It must be a positive integer of at most "
            f"{maximum}."
        )


def listed(name: str, items: list[Any], token: str | None) -> dict[str, Any]:
    """A page as MLflow shows it: without an empty list, and without a token after the last page."""
    page: dict[str, Any] = {name: items} if items else {}
    return page if token is None else {**page, "next_page_token": token}


def rest(found: Sequence[T], start: dict[str, Any] | None, limit: int) -> Sequence[T]:
    """The items that a page may hold: at most ``limit``, from its start on."""
    first = _first(start)
    return found[first : first + limit]


def slice_of(
    items: Iterable[dict[str, Any]], start: dict[str, Any] | None, total: int, max_bytes: int
) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """A page of the items that it may hold, of ``total`` in all, and the start of the next page.

    The page has at least one item, and further ones while they fit in ``max_bytes``.
    """
    page: list[dict[str, Any]] = []
    taken = 0
    for item in items:
        taken += size(json.dumps(item))
        if page and taken > max_bytes:
            break
        page.append(item)
    end = _first(start) + len(page)
    return page, {"offset": end} if end < total else None


def _first(start: dict[str, Any] | None) -> int:
    return 0 if start is None else int(start["offset"])
