"""comment, changes: comments on a model, and the history of its fields."""

import click

from moorage.cli.options import limit_option
from moorage.cli.session import Session, command

_VERSION = click.option("--version", type=click.IntRange(min=1), metavar="N", help="List only those of this version.")
_REQUEST = click.option(
    "--request", type=click.IntRange(min=1), metavar="N", help="List only those of this transition request."
)
_LIMIT = limit_option()


@click.group("comment")
def comment() -> None:
    """Comment on models, versions and transition requests."""


@comment.command("add")
@click.argument("model")
@click.argument("text")
@click.option("--version", type=click.IntRange(min=1), metavar="N", help="Comment on this version.")
@click.option("--request", type=click.IntRange(min=1), metavar="N", help="Comment on this transition request.")
@click.option("--reply-to", metavar="COMMENT", help="Reply to this comment, given by its id.")
@command
def add(
    session: Session, model: str, text: str, version: int | None, request: int | None, reply_to: str | None
) -> None:
    """Add a comment to a model, a version or a transition request."""
    made = session.client.comments.add(model, text, version=version, request=request, reply_to=reply_to)
    session.say(made, f"comment {made.id}")


@comment.command("list")
@click.argument("model")
@_VERSION
@_REQUEST
@_LIMIT
@command
def list_comments(session: Session, model: str, version: int | None, request: int | None, limit: int) -> None:
    """List comments, oldest first."""
    listed = list(session.client.comments.list(model, version=version, request=request, limit=limit))
    rows = (
        (one.id, one.created_at, one.author, one.reply_to, "(deleted)" if one.deleted_at else one.text)
        for one in listed
    )
    session.rows(listed, ("comment", "time", "by", "reply to", "text"), rows)


@comment.command("edit")
@click.argument("model")
@click.argument("comment_id", metavar="COMMENT")
@click.argument("text")
@command
def edit(session: Session, model: str, comment_id: str, text: str) -> None:
    """Change the text of your own comment."""
    session.say(session.client.comments.edit(model, comment_id, text), f"edited {comment_id}")


@comment.command("delete")
@click.argument("model")
@click.argument("comment_id", metavar="COMMENT")
@command
def delete(session: Session, model: str, comment_id: str) -> None:
    """Delete your own comment, or any if you manage the model.

    The events keep the text of the comment.
    """
    session.client.comments.delete(model, comment_id)
    session.say({"deleted": comment_id}, f"deleted {comment_id}")


@click.command("changes")
@click.argument("model")
@_VERSION
@click.option(
    "--field", help="List only those of this field and everything in it, such as owner, tags, tags/team or card."
)
@_LIMIT
@command
def changes(session: Session, model: str, version: int | None, field: str | None, limit: int) -> None:
    """List the changes of a model's fields, newest first."""
    listed = list(session.client.changes.list(model, version=version, field=field, limit=limit))
    rows = ((one.time, one.version, one.field, one.before, one.after, one.actor) for one in listed)
    session.rows(listed, ("time", "version", "field", "before", "after", "by"), rows)
