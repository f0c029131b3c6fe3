"""quotas: what a principal has made today, and may make."""

import click

from moorage.cli.session import Session, list_command
from moorage.cli.tables import Columns

_QUOTAS = Columns(("quota", "made today", "limit"))


@click.command("quotas")
@click.option("--principal", help="Whose quotas, such as token:ci; by default your own.")
@list_command
def quotas(session: Session, principal: str | None) -> None:
    """Show what you have made today of everything that has a limit.

    A day begins at 00:00 UTC. Searches and bytes are counted by steps of a thousandth of their limit.
    """
    found = session.client.quotas.get(principal)
    session.rows(found.items, _QUOTAS, ((one.quota, one.made, one.limit) for one in found.items))
