"""alias, rollback, stages: which version an alias or a stage has."""

from collections.abc import Sequence

import click

from moorage.aliases import ANY
from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import limit_option
from moorage.cli.references import ALIAS, MODEL, VERSION, alias_of
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.errors import NotFoundError
from moorage.references import Reference
from moorage.results import Move

_LIMIT = limit_option()
_REASON = click.option("--reason", help="Recorded in the history.")
_TO = click.option("--to", type=click.IntRange(min=1), metavar="NUMBER", help="Go back to this earlier version.")
_ALIASES = Columns(("alias", "version", "protected", "updated", "by"), spare=("updated", "by", "protected"))
_STAGES = Columns(
    ("stage", "version", "exclusive", "protected", "next"), spare=("next", "protected", "exclusive"), folded=("next",)
)
_HISTORY = Columns(
    ("time", "version", "before", "by", "trigger", "reason"), spare=("reason", "before", "trigger"), prose=("reason",)
)


@click.group("alias")
def alias() -> None:
    """Manage aliases: names of a version, such as champion."""


@alias.command("list")
@click.argument("model", type=MODEL)
@list_command
def list_aliases(session: Session, model: str) -> None:
    """List a model's aliases."""
    listed = session.client.aliases.list(model)
    rows = ((entry.alias, entry.version, _yes(entry.protected), entry.updated_at, entry.updated_by) for entry in listed)
    session.rows(listed, _ALIASES, rows)


@alias.command("set")
@click.argument("version", type=VERSION)
@click.argument("name", metavar="ALIAS")
@click.option(
    "--expect", type=click.IntRange(min=1), metavar="NUMBER", help="Only if the alias points at this version now."
)
@click.option("--new", is_flag=True, help="Only if the alias does not exist yet.")
@_REASON
@command
def set_alias(
    session: Session, version: Reference, name: str, expect: int | None, new: bool, reason: str | None
) -> None:
    """Point an alias at a version.

    For example: moorage alias set fraud/3 champion --expect 2
    """
    if new and expect is not None:
        raise click.UsageError("--new and --expect cannot be combined")
    expected: int | str | None = None if new else ANY if expect is None else expect
    entry = session.client.aliases.set(version.model, name, session.number(version), expected=expected, reason=reason)
    session.say(entry, f"{entry.model}@{entry.alias} is version {entry.version}")


@alias.command("delete")
@click.argument("alias", type=ALIAS)
@yes_option
@command
def delete_alias(session: Session, alias: Reference, yes: bool) -> None:
    """Delete an alias. Asks first."""
    ask(f"This deletes the alias {alias}: whoever resolves it gets no version any more.", yes=yes)
    session.client.aliases.delete(alias.model, alias_of(alias))
    session.say({"deleted": str(alias)}, f"deleted {alias}")


@alias.command("rollback")
@click.argument("alias", type=ALIAS)
@_TO
@_REASON
@command
def roll_back_alias(session: Session, alias: Reference, to: int | None, reason: str | None) -> None:
    """Point an alias at its previous version.

    With --to, at an earlier version.
    """
    entry = session.client.aliases.roll_back(alias.model, alias_of(alias), to=to, reason=reason)
    session.say(entry, f"{alias} is version {entry.version} again")


@alias.command("protect")
@click.argument("alias", type=ALIAS)
@command
def protect_alias(session: Session, alias: Reference) -> None:
    """Protect an alias.

    Only principals with the action move_protected_alias can move, roll back or delete it then.
    """
    _protect(session, alias, True)


@alias.command("unprotect")
@click.argument("alias", type=ALIAS)
@command
def unprotect_alias(session: Session, alias: Reference) -> None:
    """Lift the protection of an alias."""
    _protect(session, alias, False)


@alias.command("history")
@click.argument("alias", type=ALIAS)
@_LIMIT
@list_command
def alias_history(session: Session, alias: Reference, limit: int | None) -> None:
    """Show which versions an alias pointed at, newest first."""
    client = session.client.aliases
    moves = session.first(limit, lambda most: client.history(alias.model, alias_of(alias), limit=most))
    if not moves:
        raise NotFoundError(f"{alias.model} has never had an alias {alias_of(alias)}", code="alias_not_found")
    _show_history(session, moves)


@click.command("rollback")
@click.argument("model", type=MODEL)
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
@click.argument("model", type=MODEL)
@click.option("--history", "stage", metavar="STAGE", help="Show the history of this stage instead.")
@_LIMIT
@list_command
def stages(session: Session, model: str, stage: str | None, limit: int | None) -> None:
    """Show a model's stages and the version in each."""
    if stage is not None:
        moves = session.first(limit, lambda most: session.client.stages.history(model, stage, limit=most))
        _show_history(session, moves)
        return
    listed = session.client.stages.list(model)
    rows = ((entry.name, entry.version, _yes(entry.exclusive), _yes(entry.protected), entry.next) for entry in listed)
    session.rows(listed, _STAGES, rows)


def _protect(session: Session, alias: Reference, protected: bool) -> None:
    now = session.client.aliases.protect(alias.model, alias_of(alias), protected=protected)
    document = {"alias": alias_of(alias), "model": alias.model, "protected": now}
    session.say(document, f"{alias} is {'protected' if now else 'not protected'}")


def _show_history(session: Session, moves: Sequence[Move]) -> None:
    rows = ((move.time, move.version, move.previous_version, move.actor, move.trigger, move.reason) for move in moves)
    session.rows(moves, _HISTORY, rows)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"
