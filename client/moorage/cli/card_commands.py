"""card: show, edit, import, export, history."""

from pathlib import Path

import click

from moorage.cards import document
from moorage.cli.session import Session, command

_REVISION = click.option("--revision", type=click.IntRange(min=1), help="This revision instead of the last.")


@click.group("card")
def card() -> None:
    """Model cards: what a model is for, and what to beware of."""


@card.command("show")
@click.argument("model")
@_REVISION
@command
def show(session: Session, model: str, revision: int | None) -> None:
    """Show a model's card."""
    found = session.client.cards.get(model, revision=revision)
    text = document(found) if found.revision else f"nobody has written a card of {model} yet"
    session.result(found, lambda _: click.echo(text.rstrip("\n")))


@card.command("edit")
@click.argument("model")
@command
def edit(session: Session, model: str) -> None:
    """Change a model's card in your editor. Refused if somebody else was faster."""
    found = session.client.cards.get(model)
    before = document(found)
    after = click.edit(before, extension=".md")
    if after is None or after == before:
        session.say(found, f"the card of {model} stays at revision {found.revision}")
        return
    written = session.client.cards.import_document(model, after, if_match=found.etag)
    session.say(written, f"the card of {model} is at revision {written.revision}")


@card.command("import")
@click.argument("model")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@command
def import_card(session: Session, model: str, file: Path) -> None:
    """Write a model's card anew from a README.md as Hugging Face has it."""
    written = session.client.cards.import_document(model, file.read_text(encoding="utf-8"))
    session.say(written, f"the card of {model} is at revision {written.revision}")


@card.command("export")
@click.argument("model")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@_REVISION
@command
def export_card(session: Session, model: str, file: Path | None, revision: int | None) -> None:
    """Write a model's card as a README.md. To FILE or stdout, with front matter."""
    found = session.client.cards.get(model, revision=revision)
    text = document(found)
    if file is None:
        session.result(found, lambda _: click.echo(text, nl=False))
        return
    file.write_text(text, encoding="utf-8", newline="\n")
    session.say({"file": str(file), "revision": found.revision}, f"wrote revision {found.revision} to {file}")


@card.command("history")
@click.argument("model")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@command
def history(session: Session, model: str, limit: int) -> None:
    """List the revisions of a model's card, newest first."""
    found = list(session.client.cards.revisions(model, limit=limit))
    rows = ((one.revision, one.updated_at, one.updated_by, one.changed) for one in found)
    session.rows(found, ("revision", "time", "by", "changed"), rows)
