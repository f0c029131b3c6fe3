"""comment: add, list, edit, delete; changes: what became of each field."""

import click

from moorage.cli.session import Session, command

_VERSION = click.option("--version", type=click.IntRange(min=1), help="Of this version.")
_REQUEST = click.option("--request", type=click.IntRange(min=1), help="Of this transition request.")
_LIMIT = click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)


@click.group("comment")
def comment() -> None:
    """What people say about models, versions and requests."""


@comment.command("add")
@click.argument("model")
@click.argument("text")
@_VERSION
@_REQUEST
@click.option("--reply-to", metavar="COMMENT", help="Answer this comment.")
@command
def add(
    session: Session, model: str, text: str, version: int | None, request: int | None, reply_to: str | None
) -> None:
    """Comment on a model, or on one of its versions or requests."""
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
    found = list(session.client.comments.list(model, version=version, request=request, limit=limit))
    rows = (
        (one.id, one.created_at, one.author, one.reply_to, "(deleted)" if one.deleted_at else one.text) for one in found
    )
    session.rows(found, ("comment", "time", "by", "answers", "text"), rows)


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
    """Delete your own comment, or any if you manage the model. The events keep its text."""
    session.client.comments.delete(model, comment_id)
    session.say({"deleted": comment_id}, f"deleted {comment_id}")


@click.command("changes")
@click.argument("model")
@_VERSION
@click.option("--field", help="Only this field and what is in it: owner, tags, tags/team, card.")
@_LIMIT
@command
def changes(session: Session, model: str, version: int | None, field: str | None, limit: int) -> None:
    """Show what changed of which field, newest first."""
    found = list(session.client.changes.list(model, version=version, field=field, limit=limit))
    rows = ((one.time, one.version, one.field, one.before, one.after, one.actor) for one in found)
    session.rows(found, ("time", "version", "field", "before", "after", "by"), rows)
