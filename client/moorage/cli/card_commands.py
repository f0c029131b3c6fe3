"""card: show, edit, import, export, history."""

from pathlib import Path

import click

from moorage.cards import document
from moorage.cli.options import limit_option
from moorage.cli.references import MODEL
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns

_REVISION = click.option(
    "--revision", type=click.IntRange(min=1), metavar="N", help="Use this revision instead of the latest."
)

_REVISIONS = Columns(("revision", "time", "by", "changed"), spare=("changed",), folded=("changed",))


@click.group("card")
def card() -> None:
    """Manage model cards: what a model is for, and its limits."""


@card.command("show")
@click.argument("model", type=MODEL)
@_REVISION
@command
def show(session: Session, model: str, revision: int | None) -> None:
    """Show a model's card."""
    shown = session.client.cards.get(model, revision=revision)
    text = document(shown) if shown.revision else f"{model} has no card yet"
    session.result(shown, lambda _: click.echo(text.rstrip("\n")))


@card.command("edit")
@click.argument("model", type=MODEL)
@command
def edit(session: Session, model: str) -> None:
    """Edit a model's card in your editor.

    The change is refused if somebody else changed the card meanwhile.
    """
    current = session.client.cards.get(model)
    before = document(current)
    after = click.edit(before, extension=".md")
    if after is None or after == before:
        session.say(current, f"the card of {model} stays at revision {current.revision}")
        return
    written = session.client.cards.import_document(model, after, if_match=current.etag)
    session.say(written, f"the card of {model} is at revision {written.revision}")


@card.command("import")
@click.argument("model", type=MODEL)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@command
def import_card(session: Session, model: str, file: Path) -> None:
    """Replace a model's card with a README.md in Hugging Face's format."""
    written = session.client.cards.import_document(model, file.read_text(encoding="utf-8"))
    session.say(written, f"the card of {model} is at revision {written.revision}")


@card.command("export")
@click.argument("model", type=MODEL)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@_REVISION
@command
def export_card(session: Session, model: str, file: Path | None, revision: int | None) -> None:
    """Export a model's card as a README.md with front matter.

    Without FILE, it goes to stdout.
    """
    exported = session.client.cards.get(model, revision=revision)
    text = document(exported)
    if file is None:
        session.result(exported, lambda _: click.echo(text, nl=False))
        return
    file.write_text(text, encoding="utf-8", newline="\n")
    session.say({"file": str(file), "revision": exported.revision}, f"wrote revision {exported.revision} to {file}")


@card.command("history")
@click.argument("model", type=MODEL)
@limit_option()
@list_command
def history(session: Session, model: str, limit: int | None) -> None:
    """List the revisions of a model's card, newest first."""
    revisions = session.first(limit, lambda most: session.client.cards.revisions(model, limit=most))
    rows = ((one.revision, one.updated_at, one.updated_by, one.changed) for one in revisions)
    session.rows(revisions, _REVISIONS, rows)
