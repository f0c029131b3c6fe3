"""usage."""

import click

from moorage.cli.address import ADDRESS, Address
from moorage.cli.session import Session, command


@click.command("usage")
@click.argument("address", type=ADDRESS, metavar="MODEL[/VERSION]")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@command
def usage(session: Session, address: Address, limit: int) -> None:
    """Show who resolved and downloaded a model's versions, or one."""
    found = list(session.client.usage.list(address.model, address.version, limit=limit))
    rows = (
        (entry.version, entry.principal, entry.count, entry.first_at, entry.last_at, entry.last_alias)
        for entry in found
    )
    session.rows(found, ("version", "by", "uses", "first", "last", "last alias"), rows)
