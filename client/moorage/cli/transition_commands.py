"""promote, explain, override: moving a version to a stage, and what stands in the way."""

from collections.abc import Sequence

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from moorage.cli import exits
from moorage.cli.address import VERSION, Address, version_of
from moorage.cli.session import Session, cell, command
from moorage.transitions import DryRun, GateResult, Tally

_EXPECTED = click.option("--expected-stage", help="Only if the version stands in this stage now.")


@click.command("promote")
@click.argument("version", type=VERSION)
@click.argument("stage")
@_EXPECTED
@click.option("--reason", help="Kept in the history.")
@command
def promote(session: Session, version: Address, stage: str, expected_stage: str | None, reason: str | None) -> None:
    """Move a version to a stage."""
    moved = session.client.versions.transition(
        version.model, version_of(version), stage, reason=reason, expected_stage=expected_stage
    )
    session.say(moved, f"{moved.model}/{moved.number} is in {moved.stage}")


@click.command("explain")
@click.argument("version", type=VERSION)
@click.argument("stage")
@command
def explain(session: Session, version: Address, stage: str) -> None:
    """Say which gates and approvals a move to a stage would meet.

    Nothing is moved. Exits with 0 where the move can be made, with 5 where it would be refused.
    """
    found = session.client.versions.explain(version.model, version_of(version), stage)
    session.result(found, lambda console: _show(console, found))
    if not found.allowed:
        raise click.exceptions.Exit(exits.CONFLICT)


@click.command("override")
@click.argument("version", type=VERSION)
@click.argument("stage")
@click.option("--reason", required=True, help="Kept in the audit trail, with what was overridden.")
@_EXPECTED
@command
def override(session: Session, version: Address, stage: str, reason: str, expected_stage: str | None) -> None:
    """Break glass: move a version against gates and approvals."""
    moved = session.client.versions.override(
        version.model, version_of(version), stage, reason, expected_stage=expected_stage
    )
    session.say(moved, f"{moved.model}/{moved.number} is in {moved.stage}")


def print_findings(
    console: Console, gates: Sequence[GateResult], approvals: Sequence[Tally], blockers: Sequence[str]
) -> None:
    """Gates and approvals as tables, and everything in the way as a list."""
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


def _show(console: Console, found: DryRun) -> None:
    verdict = "can be made" if found.allowed else "would be refused"
    scheme = f"{found.scheme.name} version {found.scheme.version}, tier {found.tier}"
    move = f"{found.model}/{found.version} from {found.from_stage} to {found.to_stage}"
    console.print(escape(f"{move}: {verdict} ({scheme})"), highlight=False, soft_wrap=True)
    print_findings(console, found.gates, found.approvals, found.blockers)
    if found.request is not None:
        asked = f"request {found.request} asks for it: moorage requests standing {found.model} {found.request}"
        console.print(escape(asked), highlight=False, soft_wrap=True)
    elif any(not tally.met for tally in found.approvals):
        ask = f"ask for it: moorage requests open {found.model}/{found.version} {found.to_stage}"
        console.print(escape(ask), highlight=False, soft_wrap=True)
