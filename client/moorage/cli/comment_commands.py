"""comment, changes: comments on a model, and the history of its fields."""

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import limit_option
from moorage.cli.references import MODEL, REFERENCE
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.references import Reference

_REQUEST = click.option(
    "--request", type=click.IntRange(min=1), metavar="N", help="List only those of this transition request."
)
_LIMIT = limit_option()
_COMMENTS = Columns(("comment", "time", "by", "reply to", "text"), spare=("reply to", "time"), prose=("text",))
_CHANGES = Columns(
    ("time", "version", "field", "before", "after", "by"), spare=("by", "time", "before"), prose=("before", "after")
)


@click.group("comment")
def comment() -> None:
    """Comment on models, versions and transition requests."""


@comment.command("add")
@click.argument("reference", type=REFERENCE)
@click.argument("text")
@click.option("--request", type=click.IntRange(min=1), metavar="N", help="Comment on this transition request.")
@click.option("--reply-to", metavar="COMMENT", help="Reply to this comment, given by its id.")
@command
def add(session: Session, reference: Reference, text: str, request: int | None, reply_to: str | None) -> None:
    """Add a comment to a model, a version or a transition request.

    For example: moorage comment add fraud/3 "Why is recall lower than last time?"
    """
    version = None if reference.version is None else session.number(reference)
    made = session.client.comments.add(reference.model, text, version=version, request=request, reply_to=reply_to)
    session.say(made, f"comment {made.id}")


@comment.command("list")
@click.argument("reference", type=REFERENCE)
@_REQUEST
@_LIMIT
@list_command
def list_comments(session: Session, reference: Reference, request: int | None, limit: int | None) -> None:
    """List the comments of a model or a version, oldest first."""
    version = None if reference.version is None else session.number(reference)
    client = session.client.comments
    listed = session.first(
        limit, lambda most: client.list(reference.model, version=version, request=request, limit=most)
    )
    rows = (
        (one.id, one.created_at, one.author, one.reply_to, "(deleted)" if one.deleted_at else one.text)
        for one in listed
    )
    session.rows(listed, _COMMENTS, rows)


@comment.command("edit")
@click.argument("model", type=MODEL)
@click.argument("comment_id", metavar="COMMENT")
@click.argument("text")
@command
def edit(session: Session, model: str, comment_id: str, text: str) -> None:
    """Change the text of your own comment."""
    session.say(session.client.comments.edit(model, comment_id, text), f"edited {comment_id}")


@comment.command("delete")
@click.argument("model", type=MODEL)
@click.argument("comment_id", metavar="COMMENT")
@yes_option
@command
def delete(session: Session, model: str, comment_id: str, yes: bool) -> None:
    """Delete your own comment, or any if you manage the model. Asks first.

    The events keep the text of the comment.
    """
    ask(f"This deletes the comment {comment_id} of {model}. It cannot be restored.", yes=yes)
    session.client.comments.delete(model, comment_id)
    session.say({"deleted": comment_id}, f"deleted {comment_id}")


@click.command("changes")
@click.argument("reference", type=REFERENCE)
@click.option(
    "--field", help="List only those of this field and everything in it, such as owner, tags, tags/team or card."
)
@_LIMIT
@list_command
def changes(session: Session, reference: Reference, field: str | None, limit: int | None) -> None:
    """List changes of a model's or version's fields, newest first."""
    version = None if reference.version is None else session.number(reference)
    client = session.client.changes
    listed = session.first(limit, lambda most: client.list(reference.model, version=version, field=field, limit=most))
    rows = ((one.time, one.version, one.field, one.before, one.after, one.actor) for one in listed)
    session.rows(listed, _CHANGES, rows)
