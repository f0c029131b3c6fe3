"""Reading lists page by page."""

from typing import Any

from tests.api.gateway import Caller


def every_item(caller: Caller, path: str, limit: int) -> list[Any]:
    """All items of a list, page by page."""
    items: list[Any] = []
    cursor = None
    while True:
        query = {"limit": limit} if cursor is None else {"limit": limit, "cursor": cursor}
        page = caller.get(path, query=query).document
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items
