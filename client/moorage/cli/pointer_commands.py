"""alias, rollback, stages: which version an alias or a stage has."""

from collections.abc import Sequence

import click

from moorage.aliases import ANY
from moorage.cli.options import limit_option
from moorage.cli.session import Session, command
from moorage.results import Move

_LIMIT = limit_option()
_REASON = click.option("--reason", help="Recorded in the history.")
_TO = click.option("--to", type=click.IntRange(min=1), metavar="VERSION", help="Go back to this earlier version.")


@click.group("alias")
def alias() -> None:
    """Manage aliases: names of a version, such as champion."""


@alias.command("list")
@click.argument("model")
@command
def list_aliases(session: Session, model: str) -> None:
    """List a model's aliases."""
    listed = session.client.aliases.list(model)
    rows = ((entry.alias, entry.version, _yes(entry.protected), entry.updated_at, entry.updated_by) for entry in listed)
    session.rows(listed, ("alias", "version", "protected", "updated", "by"), rows)


@alias.command("set")
@click.argument("model")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.option(
    "--expect", type=click.IntRange(min=1), metavar="VERSION", help="Only if the alias points at this version now."
)
@click.option("--new", is_flag=True, help="Only if the alias does not exist yet.")
@_REASON
@command
def set_alias(
    session: Session, model: str, name: str, version: int, expect: int | None, new: bool, reason: str | None
) -> None:
    """Point an alias at a version."""
    if new and expect is not None:
        raise click.UsageError("--new and --expect cannot be combined")
    expected: int | str | None = None if new else ANY if expect is None else expect
    entry = session.client.aliases.set(model, name, version, expected=expected, reason=reason)
    session.say(entry, f"{model}@{entry.alias} is version {entry.version}")


@alias.command("delete")
@click.argument("model")
@click.argument("name")
@command
def delete_alias(session: Session, model: str, name: str) -> None:
    """Delete an alias."""
    session.client.aliases.delete(model, name)
    session.say({"deleted": f"{model}@{name}"}, f"deleted {model}@{name}")


@alias.command("rollback")
@click.argument("model")
@click.argument("name")
@_TO
@_REASON
@command
def roll_back_alias(session: Session, model: str, name: str, to: int | None, reason: str | None) -> None:
    """Point an alias at its previous version.

    With --to, at an earlier version.
    """
    entry = session.client.aliases.roll_back(model, name, to=to, reason=reason)
    session.say(entry, f"{model}@{entry.alias} is version {entry.version} again")


@alias.command("protect")
@click.argument("model")
@click.argument("name")
@command
def protect_alias(session: Session, model: str, name: str) -> None:
    """Protect an alias.

    Only principals with the action move_protected_alias can move, roll back or delete it then.
    """
    _protect(session, model, name, True)


@alias.command("unprotect")
@click.argument("model")
@click.argument("name")
@command
def unprotect_alias(session: Session, model: str, name: str) -> None:
    """Lift the protection of an alias."""
    _protect(session, model, name, False)


@alias.command("history")
@click.argument("model")
@click.argument("name")
@_LIMIT
@command
def alias_history(session: Session, model: str, name: str, limit: int) -> None:
    """Show which versions an alias pointed at, newest first."""
    _show_history(session, list(session.client.aliases.history(model, name, limit=limit)))


@click.command("rollback")
@click.argument("model")
@click.argument("stage", default="production")
@_TO
@_REASON
@command
def roll_back_stage(session: Session, model: str, stage: str, to: int | None, reason: str | None) -> None:
    """Move the previous version back into a stage.

    With --to, moves an earlier version. STAGE is production by default, and must be an exclusive stage.
    """
    holder = session.client.stages.roll_back(model, stage, to=to, reason=reason)
    session.say(holder, f"{holder.stage} of {model} is version {holder.number} again")


@click.command("stages")
@click.argument("model")
@click.option("--history", "stage", metavar="STAGE", help="Show the history of this stage instead.")
@_LIMIT
@command
def stages(session: Session, model: str, stage: str | None, limit: int) -> None:
    """Show a model's stages and the version in each."""
    if stage is not None:
        _show_history(session, list(session.client.stages.history(model, stage, limit=limit)))
        return
    listed = session.client.stages.list(model)
    rows = ((entry.name, entry.version, _yes(entry.exclusive), _yes(entry.protected), entry.next) for entry in listed)
    session.rows(listed, ("stage", "version", "exclusive", "protected", "next"), rows)


def _protect(session: Session, model: str, name: str, protected: bool) -> None:
    now = session.client.aliases.protect(model, name, protected=protected)
    document = {"alias": name, "model": model, "protected": now}
    session.say(document, f"{model}@{name} is {'protected' if now else 'not protected'}")


def _show_history(session: Session, moves: Sequence[Move]) -> None:
    rows = ((move.time, move.version, move.previous_version, move.actor, move.trigger, move.reason) for move in moves)
    session.rows(moves, ("time", "version", "before", "by", "trigger", "reason"), rows)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"
