"""tokens: create, list, rotate and revoke tokens."""

import click

from moorage.cli.options import grace_option, limit_option
from moorage.cli.session import Session, command
from moorage.principals import Grant


@click.group("tokens")
def tokens() -> None:
    """Manage the tokens that people and programs log in with."""


@tokens.command("create")
@click.argument("name")
@click.option("--role", required=True, help="The role of the token: see 'moorage roles list'.")
@click.option(
    "--models",
    default="*",
    show_default=True,
    metavar="PATTERN",
    help="The models that the role applies to; * matches any text.",
)
@click.option(
    "--days", type=click.IntRange(1, 365), default=90, show_default=True, metavar="N", help="Days until it expires."
)
@click.option(
    "--group",
    "groups",
    multiple=True,
    help="A group that the token belongs to. It has the grants of the group. May be repeated.",
)
@click.option(
    "--person",
    metavar="NAME",
    help="Who holds the token, such as oidc:okta:ada. A person has one vote, however many tokens. The default is you.",
)
@command
def create(
    session: Session, name: str, role: str, models: str, days: int, groups: tuple[str, ...], person: str | None
) -> None:
    """Create a token.

    The token is shown only once.
    """
    grants = [Grant(role, models)]
    token = session.client.tokens.create(name, grants, expires_in_days=days, groups=groups, person=person)
    session.note(f"token {token.id} for {name}: {role} on {models}, valid for {days} days; it is not shown again")
    session.say(token, token.token or token.id)


@tokens.command("list")
@limit_option()
@command
def list_tokens(session: Session, limit: int) -> None:
    """List tokens, newest first, including expired and revoked ones."""
    listed = list(session.client.tokens.list(limit=limit))
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
        for token in listed
    )
    session.rows(listed, ("id", "name", "grants", "groups", "expires", "revoked", "last used"), rows)


@tokens.command("rotate")
@click.argument("token")
@grace_option("How long the old secret stays valid.")
@command
def rotate(session: Session, token: str, grace: int) -> None:
    """Give a token a new secret.

    TOKEN is the id of the token. The new secret is shown only once.
    """
    rotated = session.client.tokens.rotate(token, grace_seconds=grace)
    session.note(
        f"new secret of token {rotated.id} for {rotated.name}; it is not shown again, "
        f"and the old one stays valid for {grace} s"
    )
    session.say(rotated, rotated.token or rotated.id)


@tokens.command("revoke")
@click.argument("token")
@command
def revoke(session: Session, token: str) -> None:
    """Revoke a token.

    TOKEN is the id of the token.
    """
    session.client.tokens.revoke(token)
    session.say({"revoked": token}, f"revoked {token}")
