"""usage: who uses which versions."""

import click

from moorage.cli.address import ADDRESS, Address
from moorage.cli.options import limit_option
from moorage.cli.session import Session, command


@click.command("usage")
@click.argument("address", type=ADDRESS)
@limit_option()
@command
def usage(session: Session, address: Address, limit: int) -> None:
    """Show who resolved and downloaded a version, or all of a model."""
    listed = list(session.client.usage.list(address.model, address.version, limit=limit))
    rows = (
        (entry.version, entry.principal, entry.count, entry.first_at, entry.last_at, entry.last_alias)
        for entry in listed
    )
    session.rows(listed, ("version", "by", "uses", "first", "last", "last alias"), rows)
