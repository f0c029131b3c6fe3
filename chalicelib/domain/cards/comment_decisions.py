"""Writing, editing and deleting comments."""

from dataclasses import replace

from chalicelib.domain.cards.comment import Comment, Subject, comment_id, comment_text
from chalicelib.domain.errors import CommentNotFoundError, PermissionDeniedError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.models.model import Model


def create(model: Model, subject: Subject, text: str, answered: Comment | None, stamp: Stamp) -> Decision[Comment]:
    """Add a comment; ``answered`` is the one that it replies to."""
    comment = Comment(
        id=comment_id(subject, stamp.revision),
        subject=subject,
        text=comment_text(text),
        author=stamp.actor,
        created_at=stamp.time,
        reply_to=None if answered is None else answered.id,
    )
    after: dict[str, object] = {"text": comment.text}
    if subject.kind == "request":
        after["request"] = subject.number
    if comment.reply_to is not None:
        after["reply_to"] = comment.reply_to
    event = _event(event_types.COMMENT_CREATED, comment, None, after)
    return decided(comment, model, event, Put(comment), subject=comment.id)


def update(model: Model, comment: Comment, text: str, stamp: Stamp) -> Outcome[Comment]:
    """Change the text of one's own comment; the event keeps the former one."""
    if comment.author != stamp.actor:
        raise PermissionDeniedError(
            f"{stamp.actor} may not edit the comment {comment.id}, which {comment.author} wrote; answer it instead."
        )
    if comment.text == comment_text(text):
        return NoChange(comment)
    edited = replace(comment, text=text, edited_at=stamp.time)
    event = _event(event_types.COMMENT_UPDATED, comment, {"text": comment.text}, {"text": text})
    return decided(edited, model, event, Put(edited), subject=comment.id)


def delete(model: Model, comment: Comment, may_manage: bool, stamp: Stamp) -> Outcome[None]:
    """Take a comment's text away: its author may, and who manages the model. The event keeps the text."""
    if comment.deleted_at is not None:
        return NoChange(None)
    if comment.author != stamp.actor and not may_manage:
        raise PermissionDeniedError(
            f"{stamp.actor} may not delete the comment {comment.id}, which {comment.author} wrote; "
            "that takes the right to manage the model."
        )
    gone = replace(comment, text="", deleted_at=stamp.time, deleted_by=stamp.actor)
    event = _event(event_types.COMMENT_DELETED, comment, {"text": comment.text}, None)
    return decided(None, model, event, Put(gone), subject=comment.id)


def existing(comment: Comment | None, comment_id: str) -> Comment:
    """The comment, unless there is none. Raises CommentNotFoundError."""
    if comment is None:
        raise CommentNotFoundError(f"There is no comment {comment_id!r}.")
    return comment


def standing(comment: Comment | None, comment_id: str) -> Comment:
    """The comment, unless there is none or it was deleted. Raises CommentNotFoundError."""
    found = existing(comment, comment_id)
    if found.deleted_at is not None:
        raise CommentNotFoundError(f"The comment {comment_id!r} was deleted.")
    return found


def _event(
    event_type: str, comment: Comment, before: dict[str, object] | None, after: dict[str, object] | None
) -> EventDraft:
    version = comment.subject.number if comment.subject.kind == "version" else None
    return EventDraft(event_type, before, after, version=version, subject=comment.id)
