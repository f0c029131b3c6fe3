"""schemes: the rules by which versions move, and which scheme applies to a model."""

from pathlib import Path
from typing import Any

import click
import yaml
from rich.console import Console
from rich.text import Text

from moorage.cli.documents import FILE, read_document
from moorage.cli.options import limit_option
from moorage.cli.problems import print_folded
from moorage.cli.references import MODEL
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.unknown_names import unseen_metrics
from moorage.cli.values import counted
from moorage.schemes import ModelTier, SavedScheme, SimulatedMove, Simulation

_ORDER = (
    *("name", "version", "description", "kind", "initial", "archive", "stages", "from", "to", "automatic"),
    *("gates", "approvals", "execution", "transitions", "rollback"),
)
_LIMIT = limit_option()
_SCHEMES = Columns(
    ("scheme", "version", "stages", "saved by", "saved"), spare=("saved", "saved by", "stages"), folded=("stages",)
)
_PAST_MOVES = Columns(
    ("time", "version", "move", "trigger", "result", "reasons"),
    spare=("trigger", "time"),
    folded=("move",),
    prose=("reasons",),
)


@click.group("schemes")
def schemes() -> None:
    """Manage promotion schemes: stages, moves, gates and approvals."""


@schemes.command("list")
@_LIMIT
@list_command
def list_schemes(session: Session, limit: int | None) -> None:
    """List the schemes, the built-in ones first."""
    listed = session.first(limit, lambda most: session.client.schemes.list(limit=most))
    rows = (
        (
            scheme.name,
            scheme.version,
            [stage["name"] for stage in scheme.document["stages"]],
            "built in" if scheme.builtin else scheme.saved_by,
            scheme.saved_at,
        )
        for scheme in listed
    )
    session.rows(listed, _SCHEMES, rows)


@schemes.command("show")
@click.argument("scheme")
@click.option("--version", type=click.IntRange(min=1), metavar="N", help="Show this version instead of the latest.")
@command
def show_scheme(session: Session, scheme: str, version: int | None) -> None:
    """Show a scheme as YAML, which you can edit and save."""
    scheme_version = session.client.schemes.get(scheme, version=version)
    text = yaml.safe_dump(_ordered(scheme_version.document), sort_keys=False, allow_unicode=True, width=100)
    session.result(
        scheme_version, lambda console: console.print(text.rstrip(), markup=False, highlight=False, soft_wrap=True)
    )


@schemes.command("save")
@click.argument("file", type=FILE)
@command
def save_scheme(session: Session, file: Path) -> None:
    """Save the scheme in FILE as its next version.

    FILE is YAML or JSON, and contains the scheme's name.
    """
    document = _document(file)
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise click.UsageError(f"{file} has no name for the scheme: add a line 'name: NAME'")
    saved = session.client.schemes.save(name, document)
    session.say(saved, f"saved {saved.name} as version {saved.version}")
    _warn_of_metrics(session, None, saved)


@schemes.command("assign")
@click.argument("model", type=MODEL)
@click.argument("scheme")
@click.option(
    "--version", type=click.IntRange(min=1), metavar="N", help="Always use this version. Default: the latest."
)
@command
def assign_scheme(session: Session, model: str, scheme: str, version: int | None) -> None:
    """Assign a scheme to a model."""
    assigned = session.client.schemes.assign(model, scheme, version=version)
    _say_tier(session, model, assigned)
    _warn_of_metrics(session, model, session.client.schemes.get(assigned.scheme.name, version=assigned.scheme.version))


@schemes.command("default")
@click.argument("scheme", required=False)
@command
def default_scheme(session: Session, scheme: str | None) -> None:
    """Show or set the scheme that new models get."""
    client = session.client.schemes
    assigned = client.default() if scheme is None else client.set_default(scheme)
    session.say(assigned, f"new models get {assigned.name} version {assigned.version}")


@schemes.command("simulate")
@click.argument("model", type=MODEL)
@click.argument("file", type=FILE)
@command
def simulate_scheme(session: Session, model: str, file: Path) -> None:
    """Show which past moves of a model a scheme would refuse.

    FILE has the scheme. Each move is shown with the reasons. Nothing is saved.
    """
    simulation = session.client.schemes.simulate(model, _document(file))
    session.result(simulation, lambda console: _show_simulation(session, console, simulation))


@schemes.command("tier")
@click.argument("model", type=MODEL)
@click.argument("tier", type=click.Choice(("low", "medium", "high")))
@click.option("--reason", help="Recorded in the audit trail.")
@command
def set_tier(session: Session, model: str, tier: str, reason: str | None) -> None:
    """Set a model's risk tier, which selects its gates and approvals."""
    _say_tier(session, model, session.client.schemes.set_tier(model, tier, reason=reason))


def _warn_of_metrics(session: Session, model: str | None, scheme: SavedScheme) -> None:
    """Warn of the metrics of gates that no version has: until one has them, the gates hold for none."""
    moves = scheme.document.get("transitions", ())
    metrics = [
        gate["metric"] for move in moves for gate in move.get("gates", ()) if gate["kind"] in ("metric", "compare")
    ]
    for sentence in unseen_metrics(session.client, model, metrics):
        session.warn(f"{sentence}. Until one has it, a gate on it lets nothing pass.")


def _show_simulation(session: Session, console: Console, simulation: Simulation) -> None:
    rows = [
        (
            move.time,
            move.version,
            f"{move.from_stage} to {move.to_stage}",
            move.trigger,
            _verdict(move),
            "; ".join([*move.blockers, *(f"gate {one.gate} was not judged: {one.reason}" for one in move.unjudged)]),
        )
        for move in simulation.moves
    ]
    if rows:
        session.table(console, _PAST_MOVES, rows)
    open_ones = sum(move.allowed and bool(move.unjudged) for move in simulation.moves)
    unsure = f"; {open_ones} might have been, as gates could not be judged" if open_ones else ""
    more = "" if simulation.complete else "; the model has more past moves, which were not examined"
    refused = f"{simulation.refused} of {counted(len(rows), 'past move')} would have been refused"
    print_folded(console, f"{refused}{unsure}{more}")


def _verdict(move: SimulatedMove) -> Text:
    if not move.allowed:
        return Text("refused", style="red")
    return Text("perhaps", style="yellow") if move.unjudged else Text("allowed", style="green")


def _say_tier(session: Session, model: str, now: ModelTier) -> None:
    session.say(now, f"{model}: scheme {now.scheme.name} version {now.scheme.version}, tier {now.tier}")


def _ordered(value: Any) -> Any:
    """A scheme with its members in the order in which people write them."""
    if isinstance(value, dict):
        known = [name for name in _ORDER if name in value]
        rest = [name for name in value if name not in _ORDER]
        return {name: _ordered(value[name]) for name in [*known, *rest]}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def _document(file: Path) -> dict[str, Any]:
    """The scheme in a file."""
    document = read_document(file)
    if not isinstance(document, dict):
        raise click.UsageError(f"{file} is not a scheme: it must be a mapping")
    return document
