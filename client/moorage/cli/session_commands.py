"""sessions: list and end sessions of the web interface."""

import click

from moorage.cli.options import limit_option
from moorage.cli.session import Session, command


@click.group("sessions")
def sessions() -> None:
    """See who is signed in to the web interface, and end sessions."""


@sessions.command("list")
@limit_option()
@command
def list_sessions(session: Session, limit: int) -> None:
    """List who is signed in to the web interface."""
    listed = list(session.client.sessions.list(limit=limit))
    rows = (
        (one.id, one.principal, one.trust or f"token {one.token_id}", one.created_at, one.used_at, one.ends_at)
        for one in listed
    )
    session.rows(listed, ("id", "principal", "signed in by", "since", "last used", "ends"), rows)


@sessions.command("end")
@click.argument("ended", metavar="SESSION")
@command
def end(session: Session, ended: str) -> None:
    """End somebody's session.

    SESSION is the id that 'moorage sessions list' shows.
    """
    session.client.sessions.end(ended)
    session.say({"ended": ended}, f"ended {ended}")
