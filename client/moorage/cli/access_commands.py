"""roles, grants, trust, access: who may do what."""

import click

from moorage.cli.options import PAIR
from moorage.cli.session import Session, command
from moorage.principals import Grant, Trust

_LIMIT = click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
_GRANT = click.option(
    "--grant",
    "granted",
    type=PAIR,
    multiple=True,
    required=True,
    help="ROLE=MODELS, as viewer=fraud*; may be repeated.",
)


@click.group("roles")
def roles() -> None:
    """What a grant allows."""


@roles.command("list")
@command
def list_roles(session: Session) -> None:
    """List the built-in roles and the custom ones."""
    found = session.client.roles.list()
    rows = ((role.name, "yes" if role.built_in else "no", role.actions, role.description) for role in found)
    session.rows(found, ("role", "built in", "actions", "description"), rows)


@roles.command("set")
@click.argument("role")
@click.option("--action", "actions", multiple=True, required=True, help="What it allows; may be repeated.")
@click.option("--description", default="")
@command
def set_role(session: Session, role: str, actions: tuple[str, ...], description: str) -> None:
    """Make a custom role, or change it for everybody who has it."""
    made = session.client.roles.set(role, actions, description=description)
    session.say(made, f"{made.name} allows {', '.join(made.actions)}")


@roles.command("delete")
@click.argument("role")
@command
def delete_role(session: Session, role: str) -> None:
    """Delete a custom role that nothing names."""
    session.client.roles.delete(role)
    session.say({"deleted": role}, f"deleted {role}")


@click.group("grants")
def grants() -> None:
    """Roles given to principals and groups.

    A subject is token:NAME, oidc:TRUST:SUB, iam:ARN or group:NAME.
    """


@grants.command("list")
@click.option("--subject", help="Only of this principal or group.")
@_LIMIT
@command
def list_grants(session: Session, subject: str | None, limit: int) -> None:
    """List who was granted what. Grants that tokens and trust bring themselves are not here."""
    if subject is None:
        found = list(session.client.grants.list(limit=limit))
    else:
        one = session.client.grants.of(subject)
        found = [] if one is None else [one]
    rows = ((held.id, held.subject, _shown(held.grants), held.updated_at) for held in found)
    session.rows(found, ("id", "subject", "grants", "updated"), rows)


@grants.command("set")
@click.argument("subject")
@_GRANT
@command
def set_grants(session: Session, subject: str, granted: tuple[tuple[str, str], ...]) -> None:
    """Give a principal or group just these grants."""
    held = session.client.grants.set(subject, _grants(granted))
    session.say(held, f"{held.subject}: {', '.join(_shown(held.grants))}")


@grants.command("delete")
@click.argument("grant")
@command
def delete_grants(session: Session, grant: str) -> None:
    """Take all grants of a principal or group away, by the record's id."""
    session.client.grants.delete(grant)
    session.say({"deleted": grant}, f"deleted {grant}")


@click.group("trust")
def trust() -> None:
    """Identities from elsewhere: OIDC issuers and AWS principals."""


@trust.command("list")
@_LIMIT
@command
def list_trusts(session: Session, limit: int) -> None:
    """List whom the registry trusts."""
    found = list(session.client.trusts.list(limit=limit))
    rows = ((one.name, one.kind, one.issuer or one.arns, one.conditions, _shown(one.grants)) for one in found)
    session.rows(found, ("trust", "kind", "whom", "conditions", "grants"), rows)


@trust.command("show")
@click.argument("name")
@command
def show_trust(session: Session, name: str) -> None:
    """Show one trust."""
    _show(session, session.client.trusts.get(name))


@trust.command("oidc")
@click.argument("name")
@click.option("--issuer", required=True, help="As the tokens' iss says it.")
@click.option("--audience", required=True, help="What the tokens' aud must hold.")
@click.option(
    "--condition",
    "conditions",
    type=PAIR,
    multiple=True,
    required=True,
    help="CLAIM=VALUE, * for any run of characters.",
)
@click.option("--algorithm", "algorithms", multiple=True, help="Default: RS256 and ES256.")
@click.option("--groups-claim")
@_GRANT
@command
def set_oidc(
    session: Session,
    name: str,
    issuer: str,
    audience: str,
    conditions: tuple[tuple[str, str], ...],
    algorithms: tuple[str, ...],
    groups_claim: str | None,
    granted: tuple[tuple[str, str], ...],
) -> None:
    """Trust an OIDC issuer's tokens. Values given for one claim are alternatives; all claims must hold."""
    values: dict[str, list[str]] = {}
    for claim, value in conditions:
        values.setdefault(claim, []).append(value)
    made = session.client.trusts.set_oidc(
        name,
        issuer,
        audience,
        values,
        _grants(granted),
        algorithms=algorithms or None,
        groups_claim=groups_claim,
    )
    _show(session, made)


@trust.command("iam")
@click.argument("name")
@click.option("--arn", "arns", multiple=True, required=True, help="A user or role; * for any run of characters.")
@_GRANT
@command
def set_iam(session: Session, name: str, arns: tuple[str, ...], granted: tuple[tuple[str, str], ...]) -> None:
    """Trust AWS users and roles that sign their requests."""
    _show(session, session.client.trusts.set_iam(name, arns, _grants(granted)))


@trust.command("delete")
@click.argument("name")
@command
def delete_trust(session: Session, name: str) -> None:
    """Trust no longer."""
    session.client.trusts.delete(name)
    session.say({"deleted": name}, f"deleted {name}")


@click.group("access")
def access() -> None:
    """Who may do what."""


@access.command("who")
@click.argument("action")
@click.argument("model", default="*")
@command
def who(session: Session, action: str, model: str) -> None:
    """Say who may do ACTION on MODEL, and by which grant.

    Without MODEL: on the registry as a whole.
    """
    found = list(session.client.access.who_may(action, model))
    rows = (
        (way.principal, way.groups, f"{way.role} on {way.models}", way.source, way.id, way.expires_at) for way in found
    )
    session.rows(found, ("who", "groups", "by", "held in", "id", "until"), rows)


def _show(session: Session, shown: Trust) -> None:
    session.facts(
        shown,
        [
            ("trust", shown.name),
            ("kind", shown.kind),
            ("issuer", shown.issuer),
            ("audience", shown.audience),
            ("algorithms", shown.algorithms),
            ("conditions", shown.conditions),
            ("groups claim", shown.groups_claim),
            ("arns", shown.arns),
            ("grants", _shown(shown.grants)),
        ],
    )


def _grants(pairs: tuple[tuple[str, str], ...]) -> list[Grant]:
    return [Grant(role, models) for role, models in pairs]


def _shown(grants: tuple[Grant, ...]) -> list[str]:
    return [f"{grant.role} on {grant.models}" for grant in grants]
