"""promote, explain, override: moving a version to a stage."""

from collections.abc import Sequence

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from moorage.cli import exits
from moorage.cli.address import VERSION, Address, version_of
from moorage.cli.session import Session, cell, command
from moorage.transitions import DryRun, GateResult, NextMove, Tally

_EXPECTED = click.option("--expected-stage", metavar="STAGE", help="Only if the version is in this stage now.")


@click.command("promote")
@click.argument("version", type=VERSION)
@click.argument("stage")
@_EXPECTED
@click.option("--reason", help="Recorded in the history.")
@command
def promote(session: Session, version: Address, stage: str, expected_stage: str | None, reason: str | None) -> None:
    """Move a version to a stage."""
    moved = session.client.versions.transition(
        version.model, version_of(version), stage, reason=reason, expected_stage=expected_stage
    )
    session.say(moved, f"{moved.model}/{moved.number} is in {moved.stage}")


@click.command("explain")
@click.argument("version", type=VERSION)
@click.argument("stage", required=False)
@command
def explain(session: Session, version: Address, stage: str | None) -> None:
    """Show whether a version could move to a stage, and why not.

    Lists every gate and approval of the move. Nothing is moved. Exits with 0 if the move can be made, with 5 if it
    would be refused.

    Without STAGE, shows every move that the scheme allows from where the version is, and exits with 0.
    """
    if stage is None:
        moves = session.client.versions.transitions(version.model, version_of(version))
        session.result(moves, lambda console: _show_all(console, version, moves))
        return
    dry_run = session.client.versions.explain(version.model, version_of(version), stage)
    session.result(dry_run, lambda console: _show(console, dry_run))
    if not dry_run.allowed:
        raise click.exceptions.Exit(exits.CONFLICT)


@click.command("override")
@click.argument("version", type=VERSION)
@click.argument("stage")
@click.option("--reason", required=True, help="Recorded in the audit trail.")
@_EXPECTED
@command
def override(session: Session, version: Address, stage: str, reason: str, expected_stage: str | None) -> None:
    """Break glass: move a version despite its gates and approvals.

    The audit trail records what was overridden.
    """
    moved = session.client.versions.override(
        version.model, version_of(version), stage, reason, expected_stage=expected_stage
    )
    session.say(moved, f"{moved.model}/{moved.number} is in {moved.stage}")


def print_findings(
    console: Console, gates: Sequence[GateResult], approvals: Sequence[Tally], blockers: Sequence[str]
) -> None:
    """Print gates and approvals as tables, and the blockers as a list."""
    if gates:
        table = Table("gate", "holds", "actual", "needed", box=None, header_style="bold", pad_edge=False)
        for gate in gates:
            holds = "[green]ok[/]" if gate.holds else "[red]failed[/]"
            table.add_row(cell(gate.gate), holds, cell(gate.actual), cell(gate.needed))
        console.print(table)
    if approvals:
        table = Table("approvals", "holds", "approved by", box=None, header_style="bold", pad_edge=False)
        for tally in approvals:
            holds = "[green]ok[/]" if tally.met else "[red]missing[/]"
            table.add_row(cell(tally.needed), holds, cell(tally.approved_by or None))
        console.print(table)
    for blocker in blockers:
        console.print(f"- {escape(blocker)}", highlight=False, soft_wrap=True)


def _show_all(console: Console, version: Address, moves: Sequence[NextMove]) -> None:
    if not moves:
        console.print(escape(f"no move leads {version} anywhere else"), highlight=False)
    for index, move in enumerate(moves):
        if index:
            console.print()
        _show(console, move)
        if move.automatic:
            console.print("the registry makes this move by itself", highlight=False)


def _show(console: Console, dry_run: DryRun) -> None:
    outcome = "can be made" if dry_run.allowed else "would be refused"
    scheme = f"{dry_run.scheme.name} version {dry_run.scheme.version}, tier {dry_run.tier}"
    move = f"{dry_run.model}/{dry_run.version} from {dry_run.from_stage} to {dry_run.to_stage}"
    console.print(escape(f"{move}: {outcome} ({scheme})"), highlight=False, soft_wrap=True)
    print_findings(console, dry_run.gates, dry_run.approvals, dry_run.blockers)
    if dry_run.request is not None:
        hint = f"request {dry_run.request} is open for it: moorage requests standing {dry_run.model} {dry_run.request}"
        console.print(escape(hint), highlight=False, soft_wrap=True)
    elif any(not tally.met for tally in dry_run.approvals):
        hint = f"request it: moorage requests open {dry_run.model}/{dry_run.version} {dry_run.to_stage}"
        console.print(escape(hint), highlight=False, soft_wrap=True)
