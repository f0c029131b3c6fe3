"""usage: who uses which versions."""

import click

from moorage.cli.address import ADDRESS, Address
from moorage.cli.options import limit_option
from moorage.cli.session import Session, list_command
from moorage.cli.tables import Columns

_USES = Columns(("version", "by", "uses", "first", "last", "last alias"), spare=("last alias", "first", "last"))


@click.command("usage")
@click.argument("address", type=ADDRESS)
@limit_option()
@list_command
def usage(session: Session, address: Address, limit: int | None) -> None:
    """Show who resolved and downloaded a version or a whole model."""
    key = None if address.version is None else session.key(address)
    listed = session.first(limit, lambda most: session.client.usage.list(address.model, key, limit=most))
    rows = (
        (entry.version, entry.principal, entry.count, entry.first_at, entry.last_at, entry.last_alias)
        for entry in listed
    )
    session.rows(listed, _USES, rows)
