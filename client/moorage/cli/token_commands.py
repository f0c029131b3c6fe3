"""tokens: create, list, rotate, revoke."""

import click

from moorage.cli.session import Session, command
from moorage.principals import Grant


@click.group("tokens")
def tokens() -> None:
    """Secrets that people and programs call the registry with."""


@tokens.command("create")
@click.argument("name")
@click.option("--role", required=True, help="Built-in or custom: see 'moorage roles list'.")
@click.option("--models", default="*", show_default=True, help="Names, where * is any run of characters.")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True)
@click.option("--group", "groups", multiple=True, help="A group whose grants it has too; may be repeated.")
@command
def create(session: Session, name: str, role: str, models: str, days: int, groups: tuple[str, ...]) -> None:
    """Create a token. It is shown this once."""
    token = session.client.tokens.create(name, [Grant(role, models)], expires_in_days=days, groups=groups)
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
            token.groups,
            token.expires_at,
            token.revoked_at,
            token.last_used_at,
        )
        for token in found
    )
    session.rows(found, ("id", "name", "grants", "groups", "expires", "revoked", "last used"), rows)


@tokens.command("rotate")
@click.argument("token")
@click.option(
    "--grace",
    type=click.IntRange(0, 86_400),
    default=0,
    show_default=True,
    help="Seconds that the old one is good yet.",
)
@command
def rotate(session: Session, token: str, grace: int) -> None:
    """Give a token, by its id, a new secret. It is shown this once."""
    rotated = session.client.tokens.rotate(token, grace_seconds=grace)
    session.note(
        f"token {rotated.id} for {rotated.name}; it is not shown again, and the old one is good for {grace} s yet"
    )
    session.say(rotated, rotated.token or rotated.id)


@tokens.command("revoke")
@click.argument("token")
@command
def revoke(session: Session, token: str) -> None:
    """Revoke a token, by its id."""
    session.client.tokens.revoke(token)
    session.say({"revoked": token}, f"revoked {token}")
