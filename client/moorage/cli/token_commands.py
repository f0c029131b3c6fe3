"""tokens: create, list, rotate and revoke tokens."""

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.grants import GRANT, grant_text
from moorage.cli.options import grace_option, limit_option
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.principals import Grant

_TOKENS = Columns(
    ("id", "name", "grants", "groups", "expires", "revoked", "last used"),
    spare=("groups", "last used", "revoked", "grants", "expires"),
    folded=("grants", "groups"),
)


@click.group("tokens")
def tokens() -> None:
    """Manage the tokens that people and programs log in with."""


@tokens.command("create")
@click.argument("name")
@click.option("--role", "roles", multiple=True, help="A role of the token: see 'moorage roles list'. May be repeated.")
@click.option(
    "--models",
    default="*",
    show_default=True,
    metavar="PATTERN",
    help="The models that each --role applies to; * matches any text.",
)
@click.option(
    "--grant",
    "granted",
    type=GRANT,
    multiple=True,
    metavar="ROLE=MODELS[:WORDS]",
    help="A role and the models that it applies to, such as viewer=fraud*, or viewer=fraud*:unclassified,public for "
    "those of these classifications only. May be repeated.",
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
    session: Session,
    name: str,
    roles: tuple[str, ...],
    models: str,
    granted: tuple[Grant, ...],
    days: int,
    groups: tuple[str, ...],
    person: str | None,
) -> None:
    """Create a token with one or several roles.

    The token is shown only once.
    """
    grants = [*(Grant(role, models) for role in roles), *granted]
    if not grants:
        raise click.UsageError("give the token a role: --role ROLE, or --grant ROLE=MODELS")
    token = session.client.tokens.create(name, grants, expires_in_days=days, groups=groups, person=person)
    held = ", ".join(map(grant_text, grants))
    session.note(f"token {token.id} for {name}: {held}, valid for {days} days; it is not shown again")
    session.say(token, token.token or token.id)


@tokens.command("list")
@limit_option()
@list_command
def list_tokens(session: Session, limit: int | None) -> None:
    """List tokens, newest first, including expired and revoked ones."""
    listed = session.first(limit, lambda most: session.client.tokens.list(limit=most))
    rows = (
        (
            token.id,
            token.name,
            [grant_text(grant) for grant in token.grants],
            token.groups,
            token.expires_at,
            token.revoked_at,
            token.last_used_at,
        )
        for token in listed
    )
    session.rows(listed, _TOKENS, rows)


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
@yes_option
@command
def revoke(session: Session, token: str, yes: bool) -> None:
    """Revoke a token. Asks first.

    TOKEN is the id of the token.
    """
    ask(f"This revokes the token {token}: whoever calls with it is refused from now on.", yes=yes)
    session.client.tokens.revoke(token)
    session.say({"revoked": token}, f"revoked {token}")
