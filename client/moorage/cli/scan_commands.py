"""scan: list, show, again, release, restore."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import limit_option
from moorage.cli.references import VERSION
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import counted
from moorage.references import Reference
from moorage.results import Version
from moorage.scan_results import FileFindings, QuarantineRelease, ScanFindings, ScanReport, SecondOpinion

LONGEST_RELEASE = 90
_FILES = Columns(
    ("file", "verdict", "format", "found", "imports"), spare=("imports", "format"), prose=("found", "imports")
)

_QUARANTINED = Columns(
    ("model", "version", "stage", "verdict", "found", "released"), spare=("stage", "released"), prose=("found",)
)


@click.group("scan")
def scan() -> None:
    """Show what scans found, list and release what is in quarantine."""


@scan.command("list")
@limit_option()
@list_command
def list_quarantined(session: Session, limit: int | None) -> None:
    """List the versions in quarantine.

    Released ones are among them, and versions whose first scan is still running are not.
    """
    listed = session.first(limit, lambda most: session.client.scans.quarantined(limit=most))
    session.rows(listed, _QUARANTINED, map(_listed, listed))


@scan.command("show")
@click.argument("version", type=VERSION)
@command
def show(session: Session, version: Reference) -> None:
    """Show what a scan found in each file."""
    report = session.client.scans.get(version.model, session.key(version))

    def text(console: Console) -> None:
        session.facts(report, _facts(report))
        if report.findings is None:
            return
        opinion = report.findings.second_opinion
        for files in (report.findings.files, () if opinion is None else opinion.files):
            if files:
                session.table(console, _FILES, map(_row, files))

    session.result(report, text)


@scan.command("again")
@click.argument("version", type=VERSION)
@command
def again(session: Session, version: Reference) -> None:
    """Scan a version, for the first time or again.

    Until the new verdict is there, the last one holds.
    """
    asked = session.client.scans.again(version.model, session.key(version))
    session.say(asked, f"{version} is being scanned")


@scan.command("release")
@click.argument("version", type=VERSION)
@click.option("--reason", required=True, help="Recorded in the audit trail.")
@click.option(
    "--days",
    type=click.IntRange(1, LONGEST_RELEASE),
    default=7,
    show_default=True,
    metavar="N",
    help="How long the files are given out.",
)
@yes_option
@command
def release(session: Session, version: Reference, reason: str, days: int, yes: bool) -> None:
    """Give out the files of a version in quarantine.

    Loading them may run code that nobody has looked at. 'moorage scan restore' ends the release before its time.
    """
    ask(
        f"This gives files that the scan objects to out to everybody who may download {version}, "
        f"for {counted(days, 'day')}.",
        yes=yes,
    )
    until = datetime.now(UTC) + timedelta(days=days)
    released = session.client.scans.release(version.model, session.key(version), reason, until)
    session.say(released, f"{version} is released from quarantine for {counted(days, 'day')}")


@scan.command("restore")
@click.argument("version", type=VERSION)
@command
def restore(session: Session, version: Reference) -> None:
    """End the release of a version before its time."""
    session.client.scans.restore(version.model, session.key(version))
    session.say({"restored": str(version)}, f"{version} is in quarantine again, unless its verdict is allowed")


def _listed(version: Version) -> tuple[object, ...]:
    scan = version.scan
    if scan is None:
        return version.model, version.number, version.stage, None, None, None
    return (
        version.model,
        version.number,
        version.stage,
        scan.verdict or scan.state,
        scan.summary or None,
        _released(scan.release),
    )


def _facts(report: ScanReport) -> Iterator[tuple[str, object]]:
    yield "version", f"{report.model}/{report.version}"
    yield "given out", "yes" if report.open else "no"
    scan = report.scan
    if scan is None:
        yield "scan", "never: 'moorage scan again' asks for one"
        return
    yield "scan", scan.state
    yield "verdict", scan.verdict
    yield "allowed by the scheme", scan.allowed
    yield "asked for", scan.requested_at
    yield "finished", scan.finished_at
    yield "ruleset", scan.ruleset or None
    yield "released", _released(scan.release)
    if report.findings is not None:
        yield "files", _counts(report.findings)
        yield "second opinion", _opinion(report.findings.second_opinion)


def _released(release: QuarantineRelease | None) -> str | None:
    if release is None:
        return None
    return f"until {release.expires_at:%Y-%m-%d %H:%M} UTC by {release.by}: {release.reason}"


def _counts(findings: ScanFindings) -> str:
    counts = ", ".join(f"{count} {verdict}" for verdict, count in findings.counts.items())
    return f"{counts}; {findings.cut} of them are not listed" if findings.cut else counts


def _opinion(opinion: SecondOpinion | None) -> str | None:
    if opinion is None:
        return None
    return f"{opinion.scanner}: {opinion.failure or opinion.verdict}"


def _row(file: FileFindings) -> tuple[object, ...]:
    found = "; ".join(f"{reason.text} ({reason.where})" if reason.where else reason.text for reason in file.reasons)
    return file.path, file.verdict, file.format or None, found or None, ", ".join(file.imports) or None
