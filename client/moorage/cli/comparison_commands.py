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

_REASON = click.option("--reason", help="Recorded in the history.")
_EXPECT = click.option(
    "--expect", type=click.IntRange(min=1), metavar="VERSION", help="Only if this version is the challenger now."
)
_ROWS = ("parameters", "provenance", "datasets", "requirements", "framework", "signature")
_DIGEST_SHOWN = 12


class VersionKeyType(click.ParamType[VersionKey]):
    """A version of a model that another argument names: ``3`` or ``@champion``."""

    name = "version"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> VersionKey:
        text = str(value)
        if text.isascii() and text.isdigit():
            return int(text)
        if not text.startswith("@") or len(text) == 1:
            self.fail(f"{text!r} is not a version number such as 3 or an alias such as @champion", param, ctx)
        return text


@click.command("compare")
@click.argument("model")
@click.argument("versions", type=VersionKeyType(), nargs=-1, required=True, metavar="VERSION...")
@command
def compare(session: Session, model: str, versions: tuple[VersionKey, ...]) -> None:
    """Show two to five versions side by side.

    For example: moorage compare fraud 3 @champion

    Differences are relative to the first version. Metrics, evaluations and checks are shown in full, everything else
    only where the versions differ.
    """
    made = session.client.versions.compare(model, *versions)
    session.result(made, lambda console: _show(console, made))


@click.group("challenger")
def challenger() -> None:
    """Manage the version that may replace the champion."""


@challenger.command("set")
@click.argument("model")
@click.argument("version", type=click.IntRange(min=1))
@_EXPECT
@_REASON
@command
def set_challenger(session: Session, model: str, version: int, expect: int | None, reason: str | None) -> None:
    """Make a version the challenger."""
    expected: int | str | None = ANY if expect is None else expect
    entry = session.client.challengers.set(model, version, expected=expected, reason=reason)
    session.say(entry, f"version {entry.version} is the challenger of {model}")


@challenger.command("show")
@click.argument("model")
@command
def show_challenger(session: Session, model: str) -> None:
    """Compare the challenger with the champion."""
    result = session.client.challengers.get(model)
    if result.challenger is None:
        session.say(result, f"{model} has no challenger: see 'moorage challenger set'")
        return
    if result.comparison is None:
        session.say(result, f"version {result.challenger} is the challenger; {model} has no champion")
        return
    comparison = result.comparison
    session.result(result, lambda console: _show(console, comparison))


@challenger.command("promote")
@click.argument("model")
@_EXPECT
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
    """Remove the challenger. The champion stays."""
    session.client.challengers.retire(model, reason=reason)
    session.say({"retired": model}, f"{model} has no challenger any more")


def _show(console: Console, made: Comparison) -> None:
    columns = [f"version {version.number}" for version in made.versions]
    table = Table("", *columns, box=None, header_style="bold", pad_edge=False)
    for name, values in _overview(made):
        table.add_row(name, *(cell(value) for value in values))
    for title, rows in _sections(made):
        table.add_section()
        table.add_row(f"[bold]{escape(title)}[/]")
        for name, cells in rows:
            table.add_row(f"  {escape(name)}", *cells)
    console.print(table)
    for section in made.truncated:
        console.print(f"{section}: there are more than are shown", style="dim")


def _overview(made: Comparison) -> Iterator[tuple[str, Sequence[object]]]:
    yield "label", [version.label for version in made.versions]
    yield "stage", [version.stage for version in made.versions]
    yield "aliases", [version.aliases or None for version in made.versions]
    yield "created by", [version.created_by for version in made.versions]


def _sections(made: Comparison) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Every section that is not empty, with cells that are ready to print."""
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
