"""import: copy models from another registry into this one."""

from collections import Counter
from collections.abc import Sequence

import click
from rich.console import Console

from moorage.cli import exits
from moorage.cli.problems import print_folded
from moorage.cli.progress_bar import passing_bars
from moorage.cli.session import Session, command
from moorage.cli.tables import Columns
from moorage.cli.values import counted
from moorage.mlflow_import import Entry, MlflowImport, Outcome
from moorage.mlflow_source import MlflowSource, authorization
from moorage.retry import RetryPolicy

_SHOWN = tuple(Outcome)
_PLURALS = {"model": "models", "version": "versions", "tag": "tags", "alias": "aliases", "stage": "stages"}


@click.group("import")
def import_group() -> None:
    """Import models from another registry."""


@import_group.command("mlflow")
@click.argument("server", metavar="URL")
@click.option("--prefix", default="", help="Only models whose names begin with this text.")
@click.option("--dry-run", is_flag=True, help="Show what would be imported, without changing anything.")
@click.option("--follow", is_flag=True, help="Move aliases and stages that differ from MLflow's.")
@command
def import_mlflow(session: Session, server: str, prefix: str, dry_run: bool, follow: bool) -> None:
    """Import the models of an MLflow server, with their files.

    Imports versions, tags, aliases, stages and descriptions. What was imported before is skipped, so an interrupted
    import can simply be run again.

    Credentials for the server come from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or from
    MLFLOW_TRACKING_TOKEN. Exits with 1 if anything was left out.
    """
    entries: list[Entry] = []
    retry = RetryPolicy()
    with MlflowSource(server, authorization(), retry=retry) as source, passing_bars(session.errors) as progress:
        importing = MlflowImport(
            source, session.client, prefix=prefix, dry_run=dry_run, follow=follow, progress=progress
        )
        for entry in importing.run():
            entries.append(entry)
            session.note(_line(entry))
    session.result(_document(source.url, dry_run, entries), lambda console: _summary(session, console, entries))
    if not dry_run and any(entry.outcome is Outcome.LEFT_OUT for entry in entries):
        raise click.exceptions.Exit(exits.OTHER)


def _line(entry: Entry) -> str:
    item = entry.model if entry.kind == "model" else f"{entry.model} {entry.kind} {entry.name}"
    number = f" as version {entry.version}" if entry.kind == "version" and entry.version is not None else ""
    files = f" ({counted(entry.files, 'file')}, {entry.size} bytes)" if entry.files else ""
    why = f": {entry.reason}" if entry.reason else ""
    return f"{item}: {entry.outcome.value}{number}{files}{why}"


def _document(source: str, dry_run: bool, entries: Sequence[Entry]) -> dict[str, object]:
    return {
        "source": source,
        "dry_run": dry_run,
        "summary": {
            kind: {outcome.value: counts[outcome] for outcome in _SHOWN if counts[outcome]}
            for kind, counts in _counts(entries).items()
        },
        "entries": list(entries),
    }


def _summary(session: Session, console: Console, entries: Sequence[Entry]) -> None:
    if not entries:
        console.print("the server has no such models", style="dim")
        return
    counted_kinds = _counts(entries).items()
    rows = [(_PLURALS[kind], *(counts[outcome] for outcome in _SHOWN)) for kind, counts in counted_kinds]
    session.table(console, Columns(("", *(outcome.value for outcome in _SHOWN))), rows)
    left_out = [entry for entry in entries if entry.outcome is Outcome.LEFT_OUT]
    if left_out:
        console.print("\nnot imported:", style="bold")
    for entry in left_out:
        print_folded(console, f"  {_line(entry)}")


def _counts(entries: Sequence[Entry]) -> dict[str, Counter[Outcome]]:
    counts: dict[str, Counter[Outcome]] = {}
    for entry in entries:
        counts.setdefault(entry.kind, Counter())[entry.outcome] += 1
    return counts
