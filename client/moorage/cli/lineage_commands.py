"""lineage, descendants, recipe, unstate: what versions come from, and what came of them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.text import Text

from moorage.cli.documents import FILE, read_document
from moorage.cli.options import limit_option
from moorage.cli.references import VERSION
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import harmless
from moorage.lineage import Lineage, LineageEdge, LineageNode
from moorage.references import Reference

_HEADINGS: Final = {"up": "comes from", "down": "came of it"}
_DESCENDANTS: Final = Columns(("version", "stage", "aliases", "comes from"), spare=("aliases",), prose=("comes from",))
_INGREDIENTS: Final = Columns(("what", "recorded", "found", "to do"), prose=("found", "to do"))


@click.command("lineage")
@click.argument("version", type=VERSION)
@click.option(
    "--direction",
    type=click.Choice(("up", "down", "both")),
    default="both",
    show_default=True,
    help="Up to what it comes from, down to what came of it.",
)
@click.option("--depth", type=click.IntRange(1, 10), default=10, show_default=True, help="How many steps at most.")
@command
def lineage(session: Session, version: Reference, direction: str, depth: int) -> None:
    """Show what a version comes from and what came of it.

    For example: moorage lineage fraud/3 --direction up
    """
    found = session.client.lineage.of(version.model, session.key(version), direction=direction, depth=depth)
    session.result(found, lambda console: _show(console, found))
    if found.truncated or found.more:
        session.note("There is more than this: begin at one of the nodes at the edge, or see --direction and --depth.")


@click.command("descendants")
@click.option("--dataset", metavar="NAME", help="The dataset's name.")
@click.option("--digest", help="The dataset's digest.")
@click.option("--stage", help="Versions of this stage.  [default: production]")
@click.option("--alias", help="Versions at this alias, instead of a stage.")
@limit_option()
@list_command
def descendants(
    session: Session, dataset: str | None, digest: str | None, stage: str | None, alias: str | None, limit: int | None
) -> None:
    """List what is in production and descends from a dataset.

    For example: moorage descendants --dataset clicks --alias champion
    """
    if not (dataset or digest):
        raise click.UsageError("say which dataset: give --dataset or --digest")
    if stage and alias:
        raise click.UsageError("give --stage or --alias, not both")
    graph = session.client.lineage
    listed = session.first(
        limit,
        lambda most: graph.descendants(dataset=dataset, digest=digest, stage=stage, alias=alias, limit=most),
    )
    rows = (
        (f"{one.model}/{one.version}", one.stage, one.aliases, " < ".join(node.label for node in one.path[1:]))
        for one in listed
    )
    session.rows(listed, _DESCENDANTS, rows)


@click.command("recipe")
@click.argument("version", type=VERSION)
@command
def recipe(session: Session, version: Reference) -> None:
    """Show what is recorded, and missing, to make a version again."""
    found = session.client.lineage.reproducibility(version.model, session.key(version))
    rows = [(one.name.replace("_", " "), one.answer, one.found, one.advice) for one in found.ingredients]
    session.result(found, lambda console: session.table(console, _INGREDIENTS, rows))


@click.command("unstate")
@click.argument("file", type=FILE)
@command
def unstate(session: Session, file: Path) -> None:
    """Take back lineage that an OpenLineage event stated.

    FILE is the event as JSON or YAML, as it was sent. What versions say of themselves stays.
    """
    event = read_document(file)
    if not isinstance(event, dict):
        raise click.UsageError(f"{file} is no OpenLineage event: it must be a mapping")
    session.client.lineage.unstate(event)
    session.say({"unstated": True}, "what the event stated was taken back")


def _show(console: Console, found: Lineage) -> None:
    console.print(Text(harmless(found.start.label)))
    for direction, heading in _HEADINGS.items():
        lines = list(_tree(found, direction))
        if lines:
            console.print(Text(heading))
        for line in lines:
            console.print(_cut(harmless(line), console.width))


def _tree(found: Lineage, direction: str) -> Iterator[str]:
    """The lines of the tree in one direction. What was shown before is not opened again."""
    nodes: dict[str, LineageNode] = {node.id: node for node in found.nodes if node.direction == direction}
    below: dict[str, list[tuple[LineageEdge, LineageNode]]] = {}
    for edge in found.edges:
        near, far = (edge.node, edge.origin) if direction == "up" else (edge.origin, edge.node)
        if far in nodes:
            below.setdefault(near, []).append((edge, nodes[far]))
    yield from _branches(found.start.id, below, "", {found.start.id}, frozenset(found.truncated))


def _branches(
    node_id: str,
    below: Mapping[str, list[tuple[LineageEdge, LineageNode]]],
    indent: str,
    opened: set[str],
    truncated: frozenset[str],
) -> Iterator[str]:
    branches = below.get(node_id, [])
    for at, (edge, node) in enumerate(branches, 1):
        last = at == len(branches)
        again = node.id in opened and node.id in below
        said = edge.relation or edge.type.replace("_", " ")
        marks = (" (see above)" if again else "") + (" (and more)" if node.id in truncated else "")
        yield f"{indent}{'└─' if last else '├─'} {said}: {node.kind.replace('_', ' ')} {node.label}{marks}"
        if not again:
            opened.add(node.id)
            yield from _branches(node.id, below, indent + ("   " if last else "│  "), opened, truncated)


def _cut(line: str, width: int) -> Text:
    """The line, cut to so many columns: some characters take two."""
    text = Text(line)
    text.truncate(width, overflow="ellipsis")
    return text
