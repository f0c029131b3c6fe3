"""compare, challenger: versions side by side."""

from collections.abc import Iterator, Sequence

import click
from rich.console import Console

from moorage.aliases import ANY
from moorage.cli.references import MODEL, VERSION, same_model
from moorage.cli.session import Session, command
from moorage.cli.tables import Columns, Heading
from moorage.cli.tables import Row as ShownRow
from moorage.cli.values import flat
from moorage.comparison import Comparison, MetricRow, Row
from moorage.references import Reference
from moorage.results import Number

_REASON = click.option("--reason", help="Recorded in the history.")
_EXPECT = click.option(
    "--expect", type=click.IntRange(min=1), metavar="NUMBER", help="Only if this version is the challenger now."
)
_ROWS = ("parameters", "provenance", "datasets", "requirements", "framework", "signature")
_DIGEST_SHOWN = 12


@click.command("compare")
@click.argument("versions", type=VERSION, nargs=-1, required=True, metavar="MODEL/VERSION...")
@command
def compare(session: Session, versions: tuple[Reference, ...]) -> None:
    """Show two to five versions of a model side by side.

    For example: moorage compare fraud/3 fraud@champion

    Differences are relative to the first version. Metrics, evaluations and checks are shown in full, everything else
    only where the versions differ.
    """
    model = same_model(versions)
    made = session.client.versions.compare(model, *(session.key(version) for version in versions))
    session.result(made, lambda console: _show(session, console, made))


@click.group("challenger")
def challenger() -> None:
    """Manage the version that may replace the champion."""


@challenger.command("set")
@click.argument("version", type=VERSION)
@_EXPECT
@_REASON
@command
def set_challenger(session: Session, version: Reference, expect: int | None, reason: str | None) -> None:
    """Make a version the challenger."""
    expected: int | str | None = ANY if expect is None else expect
    number = session.number(version)
    entry = session.client.challengers.set(version.model, number, expected=expected, reason=reason)
    session.say(entry, f"version {entry.version} is the challenger of {version.model}")


@challenger.command("show")
@click.argument("model", type=MODEL)
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
    session.result(result, lambda console: _show(session, console, comparison))


@challenger.command("promote")
@click.argument("model", type=MODEL)
@_EXPECT
@_REASON
@command
def promote_challenger(session: Session, model: str, expect: int | None, reason: str | None) -> None:
    """Make the challenger the champion."""
    entry = session.client.challengers.promote(model, expected=expect, reason=reason)
    session.say(entry, f"{model}@{entry.alias} is version {entry.version}")


@challenger.command("retire")
@click.argument("model", type=MODEL)
@_REASON
@command
def retire_challenger(session: Session, model: str, reason: str | None) -> None:
    """Remove the challenger. The champion stays."""
    session.client.challengers.retire(model, reason=reason)
    session.say({"retired": model}, f"{model} has no challenger any more")


def _show(session: Session, console: Console, made: Comparison) -> None:
    rows: list[ShownRow] = [(name, *values) for name, values in _overview(made)]
    for title, listed in _sections(made):
        rows += [Heading(title), *((f"  {name}", *cells) for name, cells in listed)]
    session.table(console, Columns(("", *(f"version {version.number}" for version in made.versions))), rows)
    if made.files:
        session.note("digests are shortened; 'moorage files MODEL/VERSION' shows them whole")
    for section in made.truncated:
        session.note(f"{section}: there are more than are shown")


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


def _measured(measures: Sequence[MetricRow]) -> list[tuple[str, list[str]]]:
    return [
        (
            measure.name,
            [
                _judged(_value(value, None if column == 0 else difference), measure, column)
                for column, (value, difference) in enumerate(zip(measure.values, measure.differences, strict=True))
            ],
        )
        for measure in measures
    ]


def _judged(cell: str, measure: MetricRow, column: int) -> str:
    """The cell with its verdict. Where a verdict would need more than is known, there is none."""
    verdict = measure.verdicts[column] if column < len(measure.verdicts) else None
    return cell if verdict is None or verdict.verdict == "insufficient" else f"{cell} {verdict}"


def _value(value: Number | None, difference: Number | None) -> str:
    return flat(value) if difference is None else f"{flat(value)} ({difference:+})"


def _values(rows: Sequence[Row]) -> list[tuple[str, list[str]]]:
    return [(row.name, [flat(value) for value in row.values]) for row in rows]


def _contents(row: Row) -> list[str]:
    return [flat(value if value is None else f"{value[:_DIGEST_SHOWN]}…") for value in row.values]
