"""doctor: find out why the registry cannot be used from here."""

import os

import click
from rich.text import Text

from moorage.cli import exits
from moorage.cli.doctor import FAILURE, Finding, cache_directory, examine
from moorage.cli.references import REFERENCE
from moorage.cli.session import Session, list_command
from moorage.cli.tables import Columns
from moorage.errors import NotConfiguredError
from moorage.login_lookup import find_login
from moorage.references import Reference

_FINDINGS = Columns(("", "check", "finding"), prose=("finding",))
_STYLES = {"ok": "green", "warning": "yellow", "failure": "red"}


@click.command("doctor")
@click.argument("reference", type=REFERENCE, required=False)
@list_command
def doctor(session: Session, reference: Reference | None) -> None:
    """Examine address, clock, token, rights, storage and versions.

    The storage is tried by fetching one byte of the version, of the model's newest one, or of any that a search finds.
    That counts as a use of it. Exits with 1 if something has to be mended.
    """
    findings = [*_from_here_to_the_registry(session, reference), cache_directory(os.environ)]
    session.rows(findings, _FINDINGS, (_row(one) for one in findings))
    if any(one.state == FAILURE for one in findings):
        raise click.exceptions.Exit(exits.OTHER)


def _from_here_to_the_registry(session: Session, tried: Reference | None) -> list[Finding]:
    try:
        login = find_login(session.chosen_url)
    except NotConfiguredError as error:
        return [Finding("address", FAILURE, str(error), "moorage login URL")]
    return list(examine(session.client, login, tried, os.environ))


def _row(finding: Finding) -> tuple[object, ...]:
    told = finding.message if finding.todo is None else f"{finding.message.rstrip('.')}; to do: {finding.todo}"
    return (Text(finding.state, style=_STYLES[finding.state]), finding.check, told)
