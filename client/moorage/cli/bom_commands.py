"""bom: export and import bills of materials."""

import json
from pathlib import Path

import click

from moorage.cli.references import VERSION
from moorage.cli.session import Session, command
from moorage.references import Reference


@click.group("bom")
def bom() -> None:
    """Export and import bills of materials (CycloneDX)."""


@bom.command("export")
@click.argument("version", type=VERSION)
@click.option(
    "-o", "--file", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file instead of stdout."
)
@command
def export_bom(session: Session, version: Reference, file: Path | None) -> None:
    """Export what a version is made of as CycloneDX 1.7.

    For example: moorage bom export fraud/3 -o fraud-3.cdx.json
    """
    document = session.client.bom.export(version.model, session.key(version))
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if file is None:
        session.result(document, lambda _: click.echo(text, nl=False))
        return
    file.write_text(text, encoding="utf-8", newline="\n")
    session.say({"file": str(file)}, f"wrote the bill of materials of {version} to {file}")


@bom.command("import")
@click.argument("version", type=VERSION)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--attach/--no-attach", default=True, show_default=True, help="Keep it among the evidence files too.")
@command
def import_bom(session: Session, version: Reference, file: Path, attach: bool) -> None:
    """Fill what the card lacks from a CycloneDX document.

    The document is about the version, and is refused if it lists other bytes.
    """
    try:
        imported = session.client.bom.import_file(version.model, session.key(version), file, attach=attach)
    except ValueError as error:
        raise click.UsageError(f"{file} is not JSON: {error}") from error
    session.say(imported, f"the card of {version.model} is at revision {imported.card_revision}")
    for said, names in (("filled", imported.taken), ("kept as it was", imported.kept), ("left out", imported.left)):
        for name in names:
            session.note(f"{said}: {name}")
