"""What restricts a model or a version, or went past its rules: shown so that nobody overlooks it."""

from datetime import UTC, datetime

from rich.text import Text

from moorage.changes import FieldChange
from moorage.client import Client
from moorage.results import Restriction, Version
from moorage.scan_results import Scan

_STYLE = "bold yellow"


def restriction(placed: Restriction | None) -> Text | None:
    """A freeze, a lock or a legal hold: who placed it, when and why."""
    return None if placed is None else Text(f"by {placed.by} on {placed.at:%Y-%m-%d}: {placed.reason}", style=_STYLE)


def quarantine(scan: Scan | None) -> Text | str | None:
    """What the scan says of a version, marked if its bytes are not given out, or only because somebody released it."""
    if scan is None:
        return None
    if scan.allowed and scan.state != "failed":
        return scan.verdict or scan.state
    found = f"{scan.verdict}: {scan.summary}" if scan.summary else scan.verdict or scan.state
    release = scan.release
    if release is not None and release.expires_at > datetime.now(UTC):
        return Text(f"{found}, released until {release.expires_at:%Y-%m-%d} by {release.by}", style=_STYLE)
    return Text(f"{found}, in quarantine", style=_STYLE)


def last_override(client: Client, version: Version) -> Text | None:
    """Who moved a version to the stage where it is against its gates, None if nobody did. Costs one call."""
    move = next(client.changes.list(version.model, version=version.number, field="stage", limit=1), None)
    return None if move is None or move.trigger != "override" else Text(_told(move), style=_STYLE)


def _told(move: FieldChange) -> str:
    return f"{move.actor} moved it to {move.after} against its gates on {move.time:%Y-%m-%d}: {move.reason}"
