"""roles, grants, trust, access: who may do what."""

from typing import TextIO

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.grants import GRANT, grant_text
from moorage.cli.options import PAIR, limit_option
from moorage.cli.references import MODEL
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.principals import Grant, SignIn, Trust

_LIMIT = limit_option()
_ROLES = Columns(
    ("role", "built in", "actions", "description"),
    spare=("description", "built in"),
    folded=("actions",),
    prose=("description",),
)
_HELD = Columns(("id", "subject", "grants", "updated"), spare=("updated",), folded=("grants",))
_TRUSTS = Columns(
    ("trust", "kind", "issuer or ARNs", "conditions", "grants"),
    spare=("conditions", "issuer or ARNs"),
    folded=("issuer or ARNs", "conditions", "grants"),
)
_WAYS = Columns(
    ("principal", "groups", "grant", "source", "id", "expires"),
    spare=("groups", "expires", "source", "id"),
    folded=("groups",),
)
_GRANT = click.option(
    "--grant",
    "granted",
    type=GRANT,
    multiple=True,
    required=True,
    metavar="ROLE=MODELS[:WORDS]",
    help="A role and the models that it applies to, such as viewer=fraud*, or viewer=fraud*:unclassified,public for "
    "those of these classifications only. May be repeated.",
)


@click.group("roles")
def roles() -> None:
    """Manage roles: the sets of actions that grants refer to."""


@roles.command("list")
@list_command
def list_roles(session: Session) -> None:
    """List the built-in roles and the custom ones."""
    listed = session.client.roles.list()
    rows = ((role.name, "yes" if role.built_in else "no", role.actions, role.description) for role in listed)
    session.rows(listed, _ROLES, rows)


@roles.command("set")
@click.argument("role")
@click.option(
    "--action",
    "actions",
    multiple=True,
    required=True,
    metavar="ACTION",
    help="An action that the role allows. May be repeated.",
)
@click.option("--description", default="", help="A description of the role.")
@command
def set_role(session: Session, role: str, actions: tuple[str, ...], description: str) -> None:
    """Create a custom role, or change it for everybody who has it."""
    made = session.client.roles.set(role, actions, description=description)
    session.say(made, f"{made.name} allows {', '.join(made.actions)}")


@roles.command("delete")
@click.argument("role")
@yes_option
@command
def delete_role(session: Session, role: str, yes: bool) -> None:
    """Delete a custom role that is not in use. Asks first."""
    ask(f"This deletes the role {role}.", yes=yes)
    session.client.roles.delete(role)
    session.say({"deleted": role}, f"deleted {role}")


@click.group("grants")
def grants() -> None:
    """Manage grants: the roles of principals and groups.

    SUBJECT is a principal (token:NAME, oidc:TRUST:SUB or iam:ARN) or a group (group:NAME).
    """


@grants.command("list")
@click.option("--subject", help="List only the grants of this principal or group.")
@_LIMIT
@list_command
def list_grants(session: Session, subject: str | None, limit: int | None) -> None:
    """List the grants of principals and groups.

    Grants that belong to a token or a trust are not included: see 'moorage tokens list' and 'moorage trust list'.
    """
    if subject is None:
        listed = session.first(limit, lambda most: session.client.grants.list(limit=most))
    else:
        one = session.client.grants.of(subject)
        listed = [] if one is None else [one]
    rows = ((held.id, held.subject, _shown(held.grants), held.updated_at) for held in listed)
    session.rows(listed, _HELD, rows)


@grants.command("set")
@click.argument("subject")
@_GRANT
@command
def set_grants(session: Session, subject: str, granted: tuple[Grant, ...]) -> None:
    """Replace the grants of a principal or group."""
    held = session.client.grants.set(subject, granted)
    session.say(held, f"{held.subject}: {', '.join(_shown(held.grants))}")


@grants.command("delete")
@click.argument("grant", metavar="ID")
@yes_option
@command
def delete_grants(session: Session, grant: str, yes: bool) -> None:
    """Remove all grants of a principal or group. Asks first.

    ID is the id that 'moorage grants list' shows.
    """
    ask(f"This removes all grants in the record {grant}.", yes=yes)
    session.client.grants.delete(grant)
    session.say({"deleted": grant}, f"deleted {grant}")


@click.group("trust")
def trust() -> None:
    """Trust outside identities: OIDC issuers and AWS principals."""


@trust.command("list")
@_LIMIT
@list_command
def list_trusts(session: Session, limit: int | None) -> None:
    """List the trusted OIDC issuers and AWS principals."""
    listed = session.first(limit, lambda most: session.client.trusts.list(limit=most))
    rows = ((one.name, one.kind, one.issuer or one.arns, one.conditions, _shown(one.grants)) for one in listed)
    session.rows(listed, _TRUSTS, rows)


@trust.command("show")
@click.argument("name")
@command
def show_trust(session: Session, name: str) -> None:
    """Show a trust."""
    _show(session, session.client.trusts.get(name))


@trust.command("oidc")
@click.argument("name")
@click.option("--issuer", required=True, metavar="URL", help="The issuer, exactly as in the tokens' iss claim.")
@click.option("--audience", required=True, help="A value that the tokens' aud claim must contain.")
@click.option(
    "--condition",
    "conditions",
    type=PAIR,
    multiple=True,
    required=True,
    metavar="CLAIM=VALUE",
    help="A claim and its required value; * matches any text. May be repeated.",
)
@click.option(
    "--algorithm",
    "algorithms",
    multiple=True,
    help="A signature algorithm to accept, by default RS256 and ES256. May be repeated.",
)
@click.option("--groups-claim", metavar="CLAIM", help="The claim that lists the groups of the principal.")
@click.option("--sign-in", "label", metavar="LABEL", help="Let people sign in to the web interface; on the button.")
@click.option("--client-id", metavar="ID", help="What the issuer knows the registry by. Needed with --sign-in.")
@click.option(
    "--client-secret",
    "secret_file",
    type=click.File(),
    metavar="FILE",
    help="A file with the client's secret, or - for standard input. Without it, the secret stays as it is.",
)
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
    label: str | None,
    client_id: str | None,
    secret_file: TextIO | None,
    granted: tuple[Grant, ...],
) -> None:
    """Trust the tokens of an OIDC issuer.

    A token must meet the conditions on all claims. Several values for the same claim are alternatives.
    """
    if (label is None) != (client_id is None) or (label is None and secret_file is not None):
        raise click.UsageError("--sign-in and --client-id belong together, and --client-secret to both")
    values: dict[str, list[str]] = {}
    for claim, value in conditions:
        values.setdefault(claim, []).append(value)
    made = session.client.trusts.set_oidc(
        name,
        issuer,
        audience,
        values,
        granted,
        algorithms=algorithms or None,
        groups_claim=groups_claim,
        sign_in=None if label is None or client_id is None else SignIn(label, client_id),
        client_secret=None if secret_file is None else secret_file.read().strip(),
    )
    _show(session, made)


@trust.command("iam")
@click.argument("name")
@click.option(
    "--arn",
    "arns",
    multiple=True,
    required=True,
    help="The ARN of a user or role; * matches any text. May be repeated.",
)
@_GRANT
@command
def set_iam(session: Session, name: str, arns: tuple[str, ...], granted: tuple[Grant, ...]) -> None:
    """Trust AWS users and roles that sign their requests."""
    _show(session, session.client.trusts.set_iam(name, arns, granted))


@trust.command("delete")
@click.argument("name")
@yes_option
@command
def delete_trust(session: Session, name: str, yes: bool) -> None:
    """Delete a trust. Asks first."""
    ask(f"This deletes the trust {name}: whoever comes in by it is refused from now on.", yes=yes)
    session.client.trusts.delete(name)
    session.say({"deleted": name}, f"deleted {name}")


@click.group("access")
def access() -> None:
    """Find out who may do what."""


@access.command("who")
@click.argument("action")
@click.argument("model", type=MODEL, default="*")
@list_command
def who(session: Session, action: str, model: str) -> None:
    """List who may do ACTION on MODEL, and by which grant.

    Without MODEL, for the registry as a whole. 'moorage roles list' shows the actions.
    """
    paths = list(session.client.access.who_may(action, model))
    rows = ((path.principal, path.groups, grant_text(path), path.source, path.id, path.expires_at) for path in paths)
    session.rows(paths, _WAYS, rows)


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
            ("sign in", None if shown.sign_in is None else f"{shown.sign_in.label} as {shown.sign_in.client_id}"),
            ("arns", shown.arns),
            ("grants", _shown(shown.grants)),
        ],
    )


def _shown(grants: tuple[Grant, ...]) -> list[str]:
    return [grant_text(grant) for grant in grants]
