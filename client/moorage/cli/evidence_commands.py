"""checks, evaluations: what other systems report about a version."""

import json
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from moorage.cli.documents import FILE
from moorage.cli.options import NUMBER_PAIR, TIME, limit_option
from moorage.cli.references import VERSION
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import counted
from moorage.decoding import decode
from moorage.errors import MoorageError
from moorage.evaluations import Dataset, Slice
from moorage.measures import Measure, Paired
from moorage.references import Reference
from moorage.results import Number

Part = TypeVar("Part", Slice, Measure, Paired)

_CHECKS = Columns(
    ("check", "state", "reported", "by", "expires", "due", "evidence", "details"),
    spare=("details", "evidence", "due", "expires", "by", "reported"),
    prose=("details",),
)
_EVALUATIONS = Columns(
    ("evaluation", "kind", "metrics", "slices", "dataset", "measured", "by"),
    spare=("slices", "by", "dataset", "measured", "kind"),
    folded=("metrics",),
)
_HISTORY = Columns(
    ("measured", "metrics", "dataset", "recorded", "by", "withdrawn"),
    spare=("by", "dataset", "recorded"),
    folded=("metrics",),
)


@click.group("checks")
def checks() -> None:
    """Open, report and list checks of a version, such as CI."""


@checks.command("open")
@click.argument("version", type=VERSION)
@click.argument("name")
@click.option("--link", metavar="URL", help="Where the check runs.")
@click.option(
    "--minutes",
    type=click.IntRange(1, 43_200),
    metavar="N",
    help="The result is awaited for N minutes. Default: a day.",
)
@command
def open_check(session: Session, version: Reference, name: str, link: str | None, minutes: int | None) -> None:
    """Say that the result of a check is awaited.

    The check is pending until the result is reported. If none comes in time, the check reads as expired.
    """
    check = session.client.checks.open(version.model, session.key(version), name, link=link, due_in_minutes=minutes)
    session.say(check, f"{check.name} of {version}: {check.state}")


@checks.command("report")
@click.argument("version", type=VERSION)
@click.argument("name")
@click.option("--passed/--failed", default=None, help="The result. One of the two is required.")
@click.option("--evidence", metavar="URL", help="Where the details of the result can be found.")
@click.option("--details", help="A short explanation.")
@click.option(
    "--days", type=click.IntRange(1, 3650), metavar="N", help="The result expires after N days. Default: never."
)
@click.option(
    "--etag",
    metavar="ETAG",
    help="Report only if the check has not changed since it had this ETag, in quotation marks.",
)
@command
def report(
    session: Session,
    version: Reference,
    name: str,
    passed: bool | None,
    evidence: str | None,
    details: str | None,
    days: int | None,
    etag: str | None,
) -> None:
    """Report the result of a check."""
    if passed is None:
        raise click.UsageError("give the result: --passed or --failed")
    check = session.client.checks.report(
        version.model,
        session.key(version),
        name,
        passed,
        evidence=evidence,
        details=details,
        expires_in_days=days,
        if_match=etag,
    )
    session.say(check, f"{check.name} of {version}: {check.state}")


@checks.command("list")
@click.argument("version", type=VERSION)
@list_command
def list_checks(session: Session, version: Reference) -> None:
    """List the latest result of each check."""
    listed = session.client.checks.list(version.model, session.key(version))
    rows = (
        (
            check.name,
            check.state,
            check.reported_at,
            check.reported_by,
            check.expires_at,
            check.due_at,
            check.link if check.state == "pending" else check.evidence,
            check.details,
        )
        for check in listed
    )
    session.rows(listed, _CHECKS, rows)


@checks.command("withdraw")
@click.argument("version", type=VERSION)
@click.argument("name")
@command
def withdraw_check(session: Session, version: Reference, name: str) -> None:
    """Withdraw the result of a check. The events keep it."""
    session.client.checks.withdraw(version.model, session.key(version), name)
    session.say({"withdrawn": name}, f"withdrew {name} of {version}")


@click.group("evaluations")
def evaluations() -> None:
    """Record and list evaluations: metrics measured on a version."""


@evaluations.command("record")
@click.argument("version", type=VERSION)
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice(("offline", "online", "system")),
    default="offline",
    show_default=True,
    help="How it was measured.",
)
@click.option("--metric", "metrics", type=NUMBER_PAIR, multiple=True, help="A metric. May be repeated.")
@click.option(
    "--metrics",
    "measured",
    type=FILE,
    metavar="FILE",
    help='A JSON file with metrics and what they rest on: {"recall": {"value": 0.9, "n": 1000, "successes": 900}}.',
)
@click.option("--dataset", metavar="NAME", help="The data set that it was measured on.")
@click.option("--dataset-version", metavar="TEXT", help="The version of the data set.")
@click.option("--dataset-digest", metavar="TEXT", help="The digest of the data set.")
@click.option(
    "--measured-at",
    type=TIME,
    metavar="TIME",
    help="A time such as 2026-11-23T09:30:00Z, or a date. Default: now.",
)
@click.option("--slices", type=FILE, help='A JSON file: [{"group": {…}, "metrics": {…}, "counts": {…}}].')
@click.option(
    "--paired",
    type=FILE,
    help='A JSON file: {"against": 2, "both_right": …, "only_this": …, "only_other": …, "both_wrong": …}.',
)
@command
def record(
    session: Session,
    version: Reference,
    name: str,
    kind: str,
    metrics: tuple[tuple[str, Number], ...],
    measured: Path | None,
    dataset: str | None,
    dataset_version: str | None,
    dataset_digest: str | None,
    measured_at: datetime | None,
    slices: Path | None,
    paired: Path | None,
) -> None:
    """Record the metrics of an evaluation."""
    if not metrics and measured is None:
        raise click.UsageError("give the metrics: --metric NAME=VALUE, or --metrics with a file")
    if dataset is None and (dataset_version is not None or dataset_digest is not None):
        raise click.UsageError("give the name of the data set with --dataset")
    measured_on = None if dataset is None else Dataset(dataset, dataset_version, dataset_digest)
    evaluation = session.client.evaluations.record(
        version.model,
        session.key(version),
        name,
        {**dict(metrics), **({} if measured is None else _metrics(measured))},
        kind=kind,
        slices=[] if slices is None else _slices(slices),
        dataset=measured_on,
        paired=None if paired is None else _read(Paired, _object(paired, "the counts of a paired comparison"), paired),
        measured_at=measured_at,
    )
    session.say(evaluation, f"{evaluation.name} of {version}: {counted(len(evaluation.metrics), 'metric')} recorded")


@evaluations.command("list")
@click.argument("version", type=VERSION)
@list_command
def list_evaluations(session: Session, version: Reference) -> None:
    """List the latest evaluation of each name."""
    listed = session.client.evaluations.list(version.model, session.key(version))
    rows = (
        (
            evaluation.name,
            evaluation.kind,
            evaluation.metrics,
            len(evaluation.slices),
            None if evaluation.dataset is None else evaluation.dataset.name,
            evaluation.measured_at,
            evaluation.reported_by,
        )
        for evaluation in listed
    )
    session.rows(listed, _EVALUATIONS, rows)


@evaluations.command("history")
@click.argument("version", type=VERSION)
@click.argument("name")
@limit_option()
@list_command
def evaluation_history(session: Session, version: Reference, name: str, limit: int | None) -> None:
    """List every evaluation of a name, newest first."""
    listed = session.client.evaluations.history(version.model, session.key(version), name, limit=limit)
    found = listed.to_list()
    rows = (
        (
            evaluation.measured_at,
            evaluation.metrics,
            None if evaluation.dataset is None else evaluation.dataset.name,
            evaluation.reported_at,
            evaluation.reported_by,
            evaluation.withdrawn_at,
        )
        for evaluation in found
    )
    session.rows(found, _HISTORY, rows)


@evaluations.command("withdraw")
@click.argument("version", type=VERSION)
@click.argument("name")
@command
def withdraw_evaluation(session: Session, version: Reference, name: str) -> None:
    """Withdraw an evaluation. The events keep it."""
    session.client.evaluations.withdraw(version.model, session.key(version), name)
    session.say({"withdrawn": name}, f"withdrew {name} of {version}")


def _slices(file: Path) -> list[Slice]:
    document = _json(file)
    if not isinstance(document, list):
        raise click.UsageError(f"{file} does not hold a JSON list of slices")
    return [_slice(entry, file) for entry in document]


def _slice(entry: Any, file: Path) -> Slice:
    """A slice as the API takes it: its metrics are numbers, or objects with what they rest on."""
    if not isinstance(entry, dict) or not isinstance(entry.get("metrics", {}), dict):
        return _read(Slice, entry, file)
    metrics = entry.get("metrics", {})
    measures = {name: _read(Measure, one, file) for name, one in metrics.items() if isinstance(one, dict)}
    plain = {name: one for name, one in metrics.items() if name not in measures}
    read = _read(Slice, {**entry, "metrics": plain}, file)
    return replace(read, measures={**read.measures, **measures})


def _metrics(file: Path) -> dict[str, Number | Measure]:
    return {
        name: _read(Measure, one, file) if isinstance(one, dict) else one
        for name, one in _object(file, "metrics").items()
    }


def _read(kind: type[Part], entry: Any, file: Path) -> Part:
    """A part of a file. A field that it cannot have is refused: it may be another one, misspelt."""
    known = [field.name for field in fields(kind)]
    odd = next((name for name in entry if name not in known), None) if isinstance(entry, dict) else None
    if odd is not None:
        raise click.UsageError(f"{file} has {odd!r}, which a {kind.__name__} has not: {', '.join(known)}")
    try:
        return decode(kind, entry, str(file))
    except MoorageError as error:
        raise click.UsageError(error.message) from error


def _object(file: Path, what: str) -> dict[str, Any]:
    document = _json(file)
    if not isinstance(document, dict):
        raise click.UsageError(f"{file} does not hold a JSON object with {what}")
    return document


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.UsageError(f"{file} is not a JSON document: {error}") from error
