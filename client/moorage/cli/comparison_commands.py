"""compare, challenger: versions side by side."""

from collections.abc import Iterator, Sequence
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from moorage.aliases import ANY
from moorage.cli.session import Session, cell, command
from moorage.comparison import Comparison, Measure, Row
from moorage.paths import VersionKey
from moorage.results import Number

_REASON = click.option("--reason", help="Kept in the history.")
_ROWS = ("parameters", "provenance", "datasets", "requirements", "framework", "signature")
_DIGEST_SHOWN = 12


class VersionKeyType(click.ParamType[VersionKey]):
    """A version of a model that is named elsewhere: ``3`` or ``@champion``."""

    name = "version"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> VersionKey:
        text = str(value)
        if text.isascii() and text.isdigit():
            return int(text)
        if not text.startswith("@") or len(text) == 1:
            self.fail(f"{text!r} is neither a number such as 3 nor an alias such as @champion", param, ctx)
        return text


@click.command("compare")
@click.argument("model")
@click.argument("versions", type=VersionKeyType(), nargs=-1, required=True)
@command
def compare(session: Session, model: str, versions: tuple[VersionKey, ...]) -> None:
    """Show two to five versions side by side.

    As in 'moorage compare fraud 3 @champion'. Differences are from the first. Of parameters, provenance, signature and
    files, only what differs is shown.
    """
    made = session.client.versions.compare(model, *versions)
    session.result(made, lambda console: _show(console, made))


@click.group("challenger")
def challenger() -> None:
    """The version that is to take the champion's place."""


@challenger.command("set")
@click.argument("model")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--expect", type=click.IntRange(min=1), help="Only if this version is the challenger now.")
@_REASON
@command
def set_challenger(session: Session, model: str, version: int, expect: int | None, reason: str | None) -> None:
    """Make a version the challenger."""
    expected: int | str | None = ANY if expect is None else expect
    entry = session.client.challengers.set(model, version, expected=expected, reason=reason)
    session.say(entry, f"version {entry.version} challenges the champion of {model}")


@challenger.command("show")
@click.argument("model")
@command
def show_challenger(session: Session, model: str) -> None:
    """Show the challenger beside the champion."""
    found = session.client.challengers.get(model)
    if found.comparison is None:
        session.say(found, f"version {found.challenger} is the challenger; {model} has no champion")
        return
    comparison = found.comparison
    session.result(found, lambda console: _show(console, comparison))


@challenger.command("promote")
@click.argument("model")
@click.option("--expect", type=click.IntRange(min=1), help="Only if this version is the challenger now.")
@_REASON
@command
def promote_challenger(session: Session, model: str, expect: int | None, reason: str | None) -> None:
    """Make the challenger the champion."""
    entry = session.client.challengers.promote(model, expected=expect, reason=reason)
    session.say(entry, f"{model}@{entry.alias} is version {entry.version}")


@challenger.command("retire")
@click.argument("model")
@_REASON
@command
def retire_challenger(session: Session, model: str, reason: str | None) -> None:
    """Drop the challenger; the champion stays."""
    session.client.challengers.retire(model, reason=reason)
    session.say({"retired": model}, f"{model} has no challenger any more")


def _show(console: Console, made: Comparison) -> None:
    columns = [f"version {version.number}" for version in made.versions]
    table = Table("", *columns, box=None, header_style="bold", pad_edge=False)
    for name, values in _standing(made):
        table.add_row(name, *(cell(value) for value in values))
    for title, rows in _sections(made):
        table.add_section()
        table.add_row(f"[bold]{escape(title)}[/]")
        for name, cells in rows:
            table.add_row(f"  {escape(name)}", *cells)
    console.print(table)
    for section in made.truncated:
        console.print(f"{section}: too many to show all", style="dim")


def _standing(made: Comparison) -> Iterator[tuple[str, Sequence[object]]]:
    yield "label", [version.label for version in made.versions]
    yield "stage", [version.stage for version in made.versions]
    yield "aliases", [version.aliases or None for version in made.versions]
    yield "created by", [version.created_by for version in made.versions]


def _sections(made: Comparison) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Every section that has something to show, its cells ready to print."""
    sections = [("metrics", _measured(made.metrics))]
    for evaluation in made.evaluations:
        sections.append((f"evaluation {evaluation.name}", _measured(evaluation.metrics)))
        for part in evaluation.slices:
            group = ", ".join(f"{name}={value}" for name, value in part.group.items())
            sections.append((f"evaluation {evaluation.name}, {group}", _measured(part.metrics)))
    sections.append(("checks", _values(made.checks)))
    sections += [(name, _values(getattr(made, name))) for name in _ROWS]
    sections.append(("files", [(row.name, _contents(row)) for row in made.files]))
    return ((title, rows) for title, rows in sections if rows)


def _measured(measures: Sequence[Measure]) -> list[tuple[str, list[str]]]:
    return [
        (
            measure.name,
            [
                _value(value, None if column == 0 else difference)
                for column, (value, difference) in enumerate(zip(measure.values, measure.differences, strict=True))
            ],
        )
        for measure in measures
    ]


def _value(value: Number | None, difference: Number | None) -> str:
    return cell(value) if difference is None else f"{cell(value)} ({difference:+})"


def _values(rows: Sequence[Row]) -> list[tuple[str, list[str]]]:
    return [(row.name, [cell(value) for value in row.values]) for row in rows]


def _contents(row: Row) -> list[str]:
    return [cell(value if value is None else value[:_DIGEST_SHOWN]) for value in row.values]
