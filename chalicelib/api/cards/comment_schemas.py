"""Schemas of comments."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.api.document import Body, Paging, Time, VersionNumber, View
from chalicelib.domain.cards import comment
from chalicelib.domain.cards.comment import Subject
from chalicelib.domain.errors import InvalidInputError

Text = Annotated[str, StringConstraints(min_length=1, max_length=comment.MAX_TEXT)]
CommentId = Annotated[str, StringConstraints(pattern=r"^(m|[vr][1-9][0-9]{0,8})-[1-9][0-9]{0,11}$")]
RequestNumber = Annotated[int, Field(ge=1, le=999_999_999)]


class CreateComment(Body):
    """A comment on a version or on a transition request. With neither, it is on the model itself."""

    text: Text
    version: VersionNumber | None = None
    request: RequestNumber | None = None
    reply_to: CommentId | None = None

    def subject(self) -> Subject:
        return subject(self.version, self.request)


class UpdateComment(Body):
    text: Text


class ListComments(Paging):
    """The comments on a version or on a transition request. With neither, those on the model itself."""

    version: int | None = Field(None, ge=1, le=999_999_999)
    request: int | None = Field(None, ge=1, le=999_999_999)

    def subject(self) -> Subject:
        return subject(self.version, self.request)


class CommentView(View):
    """A comment. ``text`` is markdown, and empty if the comment was deleted."""

    id: CommentId
    version: VersionNumber | None
    request: RequestNumber | None
    text: str
    author: str
    created_at: Time
    reply_to: CommentId | None
    edited_at: Time | None
    deleted_at: Time | None
    deleted_by: str | None


def subject(version: int | None, request: int | None) -> Subject:
    """Raises InvalidInputError if both are given."""
    if version is not None and request is not None:
        raise InvalidInputError("A comment is on a version or on a request, not on both.")
    if version is not None:
        return Subject("version", version)
    return Subject() if request is None else Subject("request", request)
