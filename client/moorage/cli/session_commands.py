"""sessions: list and end sessions of the web interface."""

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import limit_option
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns

_SESSIONS = Columns(
    ("id", "principal", "signed in by", "since", "last used", "ends"),
    spare=("signed in by", "since", "ends", "last used"),
)


@click.group("sessions")
def sessions() -> None:
    """See who is signed in to the web interface, and end sessions."""


@sessions.command("list")
@limit_option()
@list_command
def list_sessions(session: Session, limit: int | None) -> None:
    """List who is signed in to the web interface."""
    listed = session.first(limit, lambda most: session.client.sessions.list(limit=most))
    rows = (
        (one.id, one.principal, one.trust or f"token {one.token_id}", one.created_at, one.used_at, one.ends_at)
        for one in listed
    )
    session.rows(listed, _SESSIONS, rows)


@sessions.command("end")
@click.argument("ended", metavar="SESSION")
@yes_option
@command
def end(session: Session, ended: str, yes: bool) -> None:
    """End somebody's session. Asks first.

    SESSION is the id that 'moorage sessions list' shows.
    """
    ask(f"This ends the session {ended}: that browser is signed out.", yes=yes)
    session.client.sessions.end(ended)
    session.say({"ended": ended}, f"ended {ended}")
