"""Comments on a model, its versions and its transition requests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.listing import Listing


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment. ``text`` is Markdown, and empty once the comment is deleted."""

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
    """Comments on a model. ``version`` or ``request`` selects comments on one version or one transition request."""

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
        """Add a comment. ``reply_to`` is the id of the comment that it answers."""
        given: dict[str, Any] = {"text": text, "version": version, "request": request, "reply_to": reply_to}
        body = {name: value for name, value in given.items() if value is not None}
        return self._connection.post(Comment, _path(model), body)

    def list(
        self, model: str, *, version: int | None = None, request: int | None = None, limit: int | None = None
    ) -> Listing[Comment]:
        """Comments, oldest first. A deleted comment stays in the list without its text."""
        return self._connection.items(Comment, _path(model), limit, version=version, request=request)

    def get(self, model: str, comment: str) -> Comment:
        return self._connection.get(Comment, _path(model, comment))

    def edit(self, model: str, comment: str, text: str, *, if_match: str | None = None) -> Comment:
        """Change the text of your own comment."""
        written = self._connection.write("PATCH", _path(model, comment), {"text": text}, if_match=if_match)
        return decode(Comment, written)

    def delete(self, model: str, comment: str) -> None:
        """Delete your own comment, or any comment if you may manage the model. The events keep its text."""
        self._connection.write("DELETE", _path(model, comment))


def _path(model: str, comment: str | None = None) -> str:
    collection = f"{paths.model(model)}/comments"
    return collection if comment is None else f"{collection}/{paths.segment(comment)}"
