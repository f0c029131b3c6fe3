"""usage: who uses which versions."""

import click

from moorage.cli.options import limit_option
from moorage.cli.references import REFERENCE
from moorage.cli.session import Session, list_command
from moorage.cli.tables import Columns
from moorage.references import Reference

_USES = Columns(("version", "by", "uses", "first", "last", "last alias"), spare=("last alias", "first", "last"))


@click.command("usage")
@click.argument("reference", type=REFERENCE)
@limit_option()
@list_command
def usage(session: Session, reference: Reference, limit: int | None) -> None:
    """Show who resolved and downloaded a version or a whole model."""
    key = None if reference.version is None else session.key(reference)
    listed = session.first(limit, lambda most: session.client.usage.list(reference.model, key, limit=most))
    rows = (
        (entry.version, entry.principal, entry.count, entry.first_at, entry.last_at, entry.last_alias)
        for entry in listed
    )
    session.rows(listed, _USES, rows)
