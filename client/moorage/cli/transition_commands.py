"""promote, explain, override: moving a version to a stage."""

from collections.abc import Sequence

import click
from rich.console import Console
from rich.text import Text

from moorage.cli import exits
from moorage.cli.confirmation import ask, yes_option
from moorage.cli.problems import print_folded
from moorage.cli.references import VERSION
from moorage.cli.session import Session, command
from moorage.cli.tables import Columns
from moorage.references import Reference
from moorage.transitions import DryRun, GateResult, NextMove, Tally

_EXPECTED = click.option("--expected-stage", metavar="STAGE", help="Only if the version is in this stage now.")

_GATES = Columns(("gate", "holds", "actual", "needed"), prose=("actual", "needed"))
_APPROVALS = Columns(("approvals", "holds", "approved by"), folded=("approved by",), prose=("approvals",))


@click.command("promote")
@click.argument("version", type=VERSION)
@click.argument("stage")
@_EXPECTED
@click.option("--reason", help="Recorded in the history.")
@command
def promote(session: Session, version: Reference, stage: str, expected_stage: str | None, reason: str | None) -> None:
    """Move a version to a stage."""
    moved = session.client.versions.transition(
        version.model, session.key(version), stage, reason=reason, expected_stage=expected_stage
    )
    session.say(moved, f"{moved.model}/{moved.number} is in {moved.stage}")


@click.command("explain")
@click.argument("version", type=VERSION)
@click.argument("stage", required=False)
@command
def explain(session: Session, version: Reference, stage: str | None) -> None:
    """Show whether a version could move to a stage, and why not.

    Lists every gate and approval of the move. Nothing is moved. Exits with 0 if the move can be made, with 5 if it
    would be refused.

    Without STAGE, shows every move that the scheme allows from where the version is, and exits with 0.
    """
    if stage is None:
        moves = session.client.versions.transitions(version.model, session.key(version))
        session.result(moves, lambda console: _show_all(session, console, version, moves))
        return
    dry_run = session.client.versions.explain(version.model, session.key(version), stage)
    session.result(dry_run, lambda console: _show(session, console, dry_run))
    if not dry_run.allowed:
        raise click.exceptions.Exit(exits.CONFLICT)


@click.command("override")
@click.argument("version", type=VERSION)
@click.argument("stage")
@click.option("--reason", required=True, help="Recorded in the audit trail.")
@_EXPECTED
@yes_option
@command
def override(
    session: Session, version: Reference, stage: str, reason: str, expected_stage: str | None, yes: bool
) -> None:
    """Break glass: move a version despite its gates and approvals. Asks first.

    The audit trail records what was overridden.
    """
    key = session.key(version)
    ask(
        f"This moves {version} to {stage} whatever its gates and approvals say. "
        "The audit trail records that, with your name and the reason.",
        yes=yes,
    )
    moved = session.client.versions.override(version.model, key, stage, reason, expected_stage=expected_stage)
    session.say(moved, f"{moved.model}/{moved.number} is in {moved.stage}")


def print_findings(
    session: Session, console: Console, gates: Sequence[GateResult], approvals: Sequence[Tally], blockers: Sequence[str]
) -> None:
    """Print gates and approvals as tables, and the blockers as a list."""
    if gates:
        rows = [(gate.gate, _verdict(gate.holds, "failed"), gate.actual, gate.needed) for gate in gates]
        session.table(console, _GATES, rows)
    if approvals:
        tallies = [(one.needed, _verdict(one.met, "missing"), one.approved_by or None) for one in approvals]
        session.table(console, _APPROVALS, tallies)
    for blocker in blockers:
        print_folded(console, f"- {blocker}")


def _verdict(holds: bool, otherwise: str) -> Text:
    return Text("ok", style="green") if holds else Text(otherwise, style="red")


def _show_all(session: Session, console: Console, version: Reference, moves: Sequence[NextMove]) -> None:
    if not moves:
        print_folded(console, f"no move leads {version} anywhere else")
    for index, move in enumerate(moves):
        if index:
            console.print()
        _show(session, console, move)
        if move.automatic:
            print_folded(console, "the registry makes this move by itself")


def _show(session: Session, console: Console, dry_run: DryRun) -> None:
    outcome = "can be made" if dry_run.allowed else "would be refused"
    scheme = f"{dry_run.scheme.name} version {dry_run.scheme.version}, tier {dry_run.tier}"
    move = f"{dry_run.model}/{dry_run.version} from {dry_run.from_stage} to {dry_run.to_stage}"
    print_folded(console, f"{move}: {outcome} ({scheme})")
    print_findings(session, console, dry_run.gates, dry_run.approvals, dry_run.blockers)
    if dry_run.request is not None:
        hint = f"request {dry_run.request} is open for it: moorage requests standing {dry_run.model} {dry_run.request}"
        print_folded(console, hint)
    elif any(not tally.met for tally in dry_run.approvals):
        print_folded(console, f"request it: moorage requests open {dry_run.model}/{dry_run.version} {dry_run.to_stage}")
