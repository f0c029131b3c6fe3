"""What restricts a model or a version, or went past its rules: shown so that nobody overlooks it."""

from rich.text import Text

from moorage.changes import FieldChange
from moorage.client import Client
from moorage.results import Restriction, Version

_STYLE = "bold yellow"


def restriction(placed: Restriction | None) -> Text | None:
    """A freeze, a lock or a legal hold: who placed it, when and why."""
    return None if placed is None else Text(f"by {placed.by} on {placed.at:%Y-%m-%d}: {placed.reason}", style=_STYLE)


def last_override(client: Client, version: Version) -> Text | None:
    """Who moved a version to the stage where it is against its gates, None if nobody did. Costs one call."""
    move = next(client.changes.list(version.model, version=version.number, field="stage", limit=1), None)
    return None if move is None or move.trigger != "override" else Text(_told(move), style=_STYLE)


def _told(move: FieldChange) -> str:
    return f"{move.actor} moved it to {move.after} against its gates on {move.time:%Y-%m-%d}: {move.reason}"
