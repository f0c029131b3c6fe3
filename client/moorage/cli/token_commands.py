"""tokens: create, list, revoke."""

import click

from moorage.cli.session import Session, command
from moorage.results import Grant

_ROLES = ("viewer", "consumer", "contributor", "maintainer", "admin")


@click.group("tokens")
def tokens() -> None:
    """Who may do what."""


@tokens.command("create")
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), required=True)
@click.option("--models", default="*", show_default=True, help="Names, where * is any run of characters.")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True)
@command
def create(session: Session, name: str, role: str, models: str, days: int) -> None:
    """Create a token. It is shown this once."""
    token = session.client.tokens.create(name, [Grant(role, models)], expires_in_days=days)
    session.note(f"token {token.id} for {name}: {role} on {models}, {days} days; it is not shown again")
    session.say(token, token.token or token.id)


@tokens.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@command
def list_tokens(session: Session, limit: int) -> None:
    """List tokens, newest first, expired and revoked ones too."""
    found = list(session.client.tokens.list(limit=limit))
    rows = (
        (
            token.id,
            token.name,
            [f"{grant.role} on {grant.models}" for grant in token.grants],
            token.expires_at,
            token.revoked_at,
        )
        for token in found
    )
    session.rows(found, ("id", "name", "grants", "expires", "revoked"), rows)


@tokens.command("revoke")
@click.argument("token")
@command
def revoke(session: Session, token: str) -> None:
    """Revoke a token, by its id."""
    session.client.tokens.revoke(token)
    session.say({"revoked": token}, f"revoked {token}")
