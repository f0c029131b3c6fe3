"""Comments: what people write about a model, one of its versions, or a transition request."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self, TypeAlias

from chalicelib.domain.errors import CommentNotFoundError, InvalidInputError, Problem
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record

MAX_TEXT: Final = 10_000
Kind: TypeAlias = Literal["model", "version", "request"]

_LETTERS: Final[dict[str, Kind]] = {"m": "model", "v": "version", "r": "request"}
_ID = re.compile(r"(?P<subject>m|[vr][1-9][0-9]{0,8})-(?P<sequence>[1-9][0-9]{0,11})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a comment is about: the model, or one of its versions or transition requests by number.

    Raises InvalidInputError for a model with a number, or a version or request without one.
    """

    kind: Kind = "model"
    number: int | None = None

    def __post_init__(self) -> None:
        if (self.kind == "model") != (self.number is None):
            raise InvalidInputError("A comment on a version or a request needs its number; one on a model has none.")

    def __str__(self) -> str:
        """``m``, ``v3`` or ``r7``: the first part of a comment's id."""
        return self.kind[0] + ("" if self.number is None else str(self.number))


@dataclass(frozen=True, slots=True)
class Comment(Record, kind="comment"):
    """A comment. ``id`` is its subject and the sequence number of the event that made it: ``v3-17``.

    A deleted comment loses its text but stays in its thread, so that the replies still have their place. ``revision``
    is that of the model at the comment's last change.
    """

    id: str
    subject: Subject
    text: str
    author: str
    created_at: Instant
    revision: int = 0
    reply_to: str | None = None
    edited_at: Instant | None = None
    deleted_at: Instant | None = None
    deleted_by: str | None = None

    @property
    def identity(self) -> Identity:
        return (Comment, self.id)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, revision=stamp.revision)

    def document(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "version": self.subject.number if self.subject.kind == "version" else None,
            "request": self.subject.number if self.subject.kind == "request" else None,
            "text": self.text,
            "author": self.author,
            "created_at": self.created_at,
            "reply_to": self.reply_to,
            "edited_at": self.edited_at,
            "deleted_at": self.deleted_at,
            "deleted_by": self.deleted_by,
        }


def comment_id(subject: Subject, sequence: int) -> str:
    """The id of the comment that the event with this sequence number makes."""
    return f"{subject}-{sequence}"


def parse_id(text: str) -> tuple[Subject, int]:
    """The subject and the sequence number of a comment's id. Raises CommentNotFoundError for any other text."""
    match = _ID.fullmatch(text)
    if match is None:
        raise CommentNotFoundError(f"There is no comment {text!r}; ids of comments look like v3-17.")
    subject = match["subject"]
    kind = _LETTERS[subject[0]]
    return Subject(kind, int(subject[1:]) if subject[1:] else None), int(match["sequence"])


def comment_text(text: str) -> str:
    """The text of a comment: 1 to 10,000 characters of markdown, not blank. Raises InvalidInputError."""
    if not text.strip():
        raise InvalidInputError("A comment must not be blank.", [Problem("/text", "must not be blank")])
    if len(text) > MAX_TEXT:
        message = f"has more than {MAX_TEXT} characters"
        raise InvalidInputError(f"The comment {message}.", [Problem("/text", message)])
    return text
