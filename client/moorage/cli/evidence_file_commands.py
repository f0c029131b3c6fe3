"""evidence: plots and reports that are attached to a version."""

from pathlib import Path

import click

from moorage.cli.references import VERSION
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.references import Reference

_FILES = Columns(
    ("file", "bytes", "evaluation", "description", "attached", "by"),
    spare=("by", "attached", "bytes"),
    prose=("description",),
)


@click.group("evidence")
def evidence() -> None:
    """Attach, list and download plots and reports of a version."""


@evidence.command("attach")
@click.argument("version", type=VERSION)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", metavar="TEXT", help="The name in the registry. Default: the file's own.")
@click.option("--evaluation", metavar="NAME", help="The evaluation that it belongs to.")
@click.option("--description", help="What it shows, in a line.")
@command
def attach(
    session: Session, version: Reference, file: Path, name: str | None, evaluation: str | None, description: str | None
) -> None:
    """Attach a file of at most 100 MiB. The registry verifies its bytes."""
    attached = session.client.evidence_files.attach(
        version.model, session.key(version), file, name=name, evaluation=evaluation, description=description
    )
    session.say(attached, f"attached {attached.name} to {version}")


@evidence.command("list")
@click.argument("version", type=VERSION)
@click.option("--evaluation", metavar="NAME", help="Only files of this evaluation.")
@list_command
def list_files(session: Session, version: Reference, evaluation: str | None) -> None:
    """List the plots and reports of a version."""
    listed = session.client.evidence_files.list(version.model, session.key(version), evaluation=evaluation)
    rows = (
        (file.name, file.size, file.evaluation, file.description, file.attached_at, file.attached_by) for file in listed
    )
    session.rows(listed, _FILES, rows)


@evidence.command("download")
@click.argument("version", type=VERSION)
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@command
def download(session: Session, version: Reference, name: str, file: Path | None) -> None:
    """Download a file to FILE, which must not exist. Default: its name, in the current directory."""
    target = file or Path(name)
    if target.exists():
        raise click.UsageError(f"{target} exists: give another FILE")
    written = session.client.evidence_files.download(version.model, session.key(version), name, target)
    session.say({"file": str(written)}, f"downloaded {name} of {version} to {written}")


@evidence.command("withdraw")
@click.argument("version", type=VERSION)
@click.argument("name")
@command
def withdraw(session: Session, version: Reference, name: str) -> None:
    """Withdraw a file. Its bytes are removed; the events keep its digest."""
    session.client.evidence_files.withdraw(version.model, session.key(version), name)
    session.say({"withdrawn": name}, f"withdrew {name} of {version}")
