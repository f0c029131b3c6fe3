"""Comments on a model, its versions and its transition requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment. ``text`` is markdown; a deleted comment has none."""

    id: str
    text: str
    author: str
    created_at: datetime
    version: int | None = None
    request: int | None = None
    reply_to: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    etag: str | None = None


class Comments:
    """A comment is on the version or the request that is named, or, with neither, on the model itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        model: str,
        text: str,
        *,
        version: int | None = None,
        request: int | None = None,
        reply_to: str | None = None,
    ) -> Comment:
        given: dict[str, Any] = {"text": text, "version": version, "request": request, "reply_to": reply_to}
        body = {name: value for name, value in given.items() if value is not None}
        return self._connection.post(Comment, _path(model), body)

    def list(
        self, model: str, *, version: int | None = None, request: int | None = None, limit: int | None = None
    ) -> Iterator[Comment]:
        """Oldest first. One that was deleted keeps its place, without its text."""
        return self._connection.items(Comment, _path(model), limit, version=version, request=request)

    def get(self, model: str, comment: str) -> Comment:
        return self._connection.get(Comment, _path(model, comment))

    def edit(self, model: str, comment: str, text: str, *, if_match: str | None = None) -> Comment:
        """Change one's own comment."""
        written = self._connection.write("PATCH", _path(model, comment), {"text": text}, if_match=if_match)
        return decode(Comment, written)

    def delete(self, model: str, comment: str) -> None:
        """Take the text of one's own comment away; who manages the model may of any. Events keep it."""
        self._connection.write("DELETE", _path(model, comment))


def _path(model: str, comment: str | None = None) -> str:
    collection = f"{paths.model(model)}/comments"
    return collection if comment is None else f"{collection}/{paths.segment(comment)}"
