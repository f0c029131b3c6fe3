"""checks, evaluations: what other systems report about a version."""

import json
from datetime import datetime
from pathlib import Path

import click

from moorage.cli.options import NUMBER_PAIR, TIME
from moorage.cli.references import VERSION
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import counted
from moorage.decoding import decode
from moorage.evaluations import Dataset, Slice
from moorage.references import Reference
from moorage.results import Number

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
@click.option("--metric", "metrics", type=NUMBER_PAIR, multiple=True, required=True, help="A metric. May be repeated.")
@click.option("--dataset", metavar="NAME", help="The data set that it was measured on.")
@click.option("--dataset-version", metavar="TEXT", help="The version of the data set.")
@click.option("--dataset-digest", metavar="TEXT", help="The digest of the data set.")
@click.option(
    "--measured-at",
    type=TIME,
    metavar="TIME",
    help="A time such as 2026-11-23T09:30:00Z, or a date. Default: now.",
)
@click.option(
    "--slices",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='A JSON file: [{"group": {…}, "metrics": {…}}].',
)
@command
def record(
    session: Session,
    version: Reference,
    name: str,
    kind: str,
    metrics: tuple[tuple[str, Number], ...],
    dataset: str | None,
    dataset_version: str | None,
    dataset_digest: str | None,
    measured_at: datetime | None,
    slices: Path | None,
) -> None:
    """Record the metrics of an evaluation."""
    if dataset is None and (dataset_version is not None or dataset_digest is not None):
        raise click.UsageError("give the name of the data set with --dataset")
    measured_on = None if dataset is None else Dataset(dataset, dataset_version, dataset_digest)
    evaluation = session.client.evaluations.record(
        version.model,
        session.key(version),
        name,
        dict(metrics),
        kind=kind,
        slices=[] if slices is None else _slices(slices),
        dataset=measured_on,
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


@evaluations.command("withdraw")
@click.argument("version", type=VERSION)
@click.argument("name")
@command
def withdraw_evaluation(session: Session, version: Reference, name: str) -> None:
    """Withdraw an evaluation. The events keep it."""
    session.client.evaluations.withdraw(version.model, session.key(version), name)
    session.say({"withdrawn": name}, f"withdrew {name} of {version}")


def _slices(file: Path) -> list[Slice]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.UsageError(f"{file} is not a JSON document: {error}") from error
    if not isinstance(document, list):
        raise click.UsageError(f"{file} does not hold a JSON list of slices")
    return [decode(Slice, entry) for entry in document]
