"""monitors: what is watched of versions in use, the windows that reporters put, and the verdicts."""

from pathlib import Path
from typing import Any, Final

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.documents import FILE, read_document
from moorage.cli.options import limit_option
from moorage.cli.references import MODEL
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import counted
from moorage.monitors import Act, Monitor, MonitorContent, MonitorJudgement, Standing

# As many as a call takes.
_BATCH: Final = 25
_MONITORS = Columns(
    ("name", "kind", "selector", "version", "verdict", "since", "worst"), spare=("worst", "since", "kind")
)
_WINDOWS = Columns(
    ("start", "version", "source", "examples", "features", "metrics", "received", "by"),
    spare=("by", "received", "metrics", "features"),
    folded=("metrics",),
)
_JUDGED = Columns(
    ("start", "examples", "verdict", "name", "score", "threshold", "reason"),
    spare=("threshold", "score", "examples"),
    prose=("reason",),
)
_VERSION = click.option("--version", metavar="NUMBER|@ALIAS", help="By default the version that the monitor watches.")


@click.group("monitors")
def monitors() -> None:
    """Watch versions in use: drift, performance, the system."""


@monitors.command("list")
@click.argument("model", type=MODEL)
@list_command
def list_monitors(session: Session, model: str) -> None:
    """List the monitors of a model, with their verdicts."""
    listed = session.client.monitors.list(model)
    rows = (
        (
            one.name,
            one.kind,
            one.selector,
            one.standing.version,
            one.standing.verdict,
            one.standing.since,
            one.standing.worst,
        )
        for one in listed
    )
    session.rows(list(listed), _MONITORS, rows)


@monitors.command("show")
@click.argument("model", type=MODEL)
@click.argument("monitor")
@command
def show(session: Session, model: str, monitor: str) -> None:
    """Show a monitor of a model."""
    _show(session, session.client.monitors.get(model, monitor))


@monitors.command("save")
@click.argument("model", type=MODEL)
@click.argument("monitor")
@click.argument("file", type=FILE)
@command
def save(session: Session, model: str, monitor: str, file: Path) -> None:
    """Create a monitor, or give it the definition in FILE.

    FILE is YAML or JSON, and contains the monitor's kind: drift, performance or system.
    """
    document = read_document(file)
    if not isinstance(document, dict) or not isinstance(document.get("kind"), str):
        raise click.UsageError(f"{file} is not a monitor: it must be a mapping with a line 'kind: KIND'")
    kind = document.pop("kind")
    odd = next((field for field in document if field not in MonitorContent.__annotations__), None)
    if odd is not None:
        raise click.UsageError(f"{file} has {odd!r}, which is no field of a monitor's definition: leave it out")
    _show(session, session.client.monitors.save(model, monitor, kind, **document))


@monitors.command("delete")
@click.argument("model", type=MODEL)
@click.argument("monitor")
@yes_option
@command
def delete(session: Session, model: str, monitor: str, yes: bool) -> None:
    """Delete a monitor. Asks first."""
    ask(f"This deletes the monitor {monitor} of {model}: nobody is told any more when it would alarm.", yes=yes)
    session.client.monitors.delete(model, monitor)
    session.say({"deleted": monitor}, f"deleted {monitor}")


@monitors.command("report")
@click.argument("model", type=MODEL)
@click.argument("monitor")
@click.argument("file", type=FILE)
@command
def report(session: Session, model: str, monitor: str, file: Path) -> None:
    """Report the windows in FILE.

    FILE is YAML or JSON: a list of windows, or one. Each has its start, its n, and features or metrics. A window that
    is reported again replaces the one before.
    """
    document = read_document(file)
    windows = document if isinstance(document, list) else [document]
    if not windows or not all(isinstance(window, dict) for window in windows):
        raise click.UsageError(f"{file} has no windows: it must be a list of mappings")
    for first in range(0, len(windows), _BATCH):
        received = session.client.monitors.put_windows(model, monitor, windows[first : first + _BATCH])
    standing = received.standing
    session.say(standing, f"kept {counted(len(windows), 'window')}; {monitor} is at {_verdict(standing)}")


@monitors.command("windows")
@click.argument("model", type=MODEL)
@click.argument("monitor")
@_VERSION
@limit_option()
@list_command
def list_windows(session: Session, model: str, monitor: str, version: str | None, limit: int | None) -> None:
    """List the windows of a version, newest first."""
    client = session.client.monitors
    listed = session.first(limit, lambda most: client.windows(model, monitor, version=version, limit=most))
    rows = (
        (
            one.start,
            one.version,
            one.source,
            one.n,
            len(one.features),
            {name: measured.value for name, measured in one.metrics.items()},
            one.received_at,
            one.received_by,
        )
        for one in listed
    )
    session.rows(listed, _WINDOWS, rows)


@monitors.command("judge")
@click.argument("model", type=MODEL)
@click.argument("monitor")
@_VERSION
@click.option("--windows", type=click.IntRange(1, 100), help="How many: by default as many as the monitor looks at.")
@command
def judge(session: Session, model: str, monitor: str, version: str | None, windows: int | None) -> None:
    """Judge the last windows of a version now. Nothing is recorded."""
    judged = session.client.monitors.judge(model, monitor, version=version, windows=windows)
    session.result(judged, lambda console: session.table(console, _JUDGED, _rows(judged)))


def _rows(judged: MonitorJudgement) -> list[tuple[Any, ...]]:
    return [
        (
            window.start,
            window.n,
            finding.verdict,
            finding.name or "the window",
            finding.score,
            finding.threshold,
            finding.reason,
        )
        for window in judged.windows
        for finding in window.findings
    ]


def _show(session: Session, monitor: Monitor) -> None:
    standing = monitor.standing
    facts: list[tuple[str, object]] = [
        ("name", monitor.name),
        ("verdict", _verdict(standing)),
        ("since", standing.since),
        ("worst", None if standing.worst is None else _worst(standing)),
        ("done", [f"{_act(act)}: {act.detail}" for act in monitor.acted]),
        ("kind", monitor.kind),
        ("watches", monitor.selector),
        ("window", f"one {monitor.window}"),
        ("compares", f"{monitor.statistic} of at least {monitor.effect:g}, at alpha {monitor.alpha:g}"),
        ("correction", f"{monitor.correction} over the features"),
        ("features", monitor.features),
        ("baseline", monitor.baseline_from),
        (
            "metrics",
            {
                name: {"at_least": bounds.at_least, "at_most": bounds.at_most}
                for name, bounds in monitor.metrics.items()
            },
        ),
        ("says nothing under", f"{monitor.min_n} examples"),
        ("alarms at", f"{monitor.breaches} of {monitor.of} windows"),
        ("is silent after", f"{monitor.silent_after} missing windows"),
        ("on alarm", [_act(act) for act in monitor.on_alarm]),
        ("description", monitor.description),
        ("created", monitor.created_at),
        ("by", monitor.created_by),
    ]
    session.facts(monitor, facts)


def _verdict(standing: Standing) -> str:
    return standing.verdict if standing.version is None else f"{standing.verdict}, of version {standing.version}"


def _worst(standing: Standing) -> str:
    return f"{standing.worst} is {standing.score:g}, against {standing.threshold:g}"


def _act(act: Act) -> str:
    place = act.to_stage or act.pointer
    return act.do if place is None else f"{act.do} {place}"
