"""Exports of the audit trail: files that anybody can verify without the registry or this package.

docs/audit.md describes the format; ``moorage-verify`` (verify_audit_export.py) verifies it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from moorage import paths
from moorage.anchors import Anchor, Anchors
from moorage.audit import canonical
from moorage.connection import Connection
from moorage.decoding import format_time
from moorage.errors import ForbiddenError
from moorage.events import added_since

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
REGISTRY: Final = "registry"
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class AuditExport:
    """What an export wrote: counts of ledgers, events and anchors.

    ``anchors`` is None if the token may not read anchors.
    """

    directory: str
    ledgers: int
    events: int
    anchors: int | None


class AuditExporter:
    """Writes exports of the audit trail."""

    def __init__(self, connection: Connection, anchors: Anchors) -> None:
        self._connection = connection
        self._anchors = anchors

    def export(self, directory: Path, models: Sequence[str] | None, state: bool = False) -> AuditExport:
        """Write ledgers and anchors into ``directory``, which must be new or empty.

        ``models`` limits the export to the ledgers of these models. None exports every ledger. With ``state``, what is
        stored of each is exported too.
        Raises ValueError if the directory is not empty.
        """
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise ValueError(f"{directory} is not empty: choose a new or an empty directory for the export")
        # Anchors come first. One written while the events are read would name events that the export does not have.
        anchors = self._export_anchors(directory, required=models is None)
        ledgers = self._all_ledgers() if models is None else [f"model:{name}" for name in dict.fromkeys(models)]
        # The state comes before the events: what was saved until it was read, these events tell.
        states = [self._export_state(directory, ledger) for ledger in ledgers] if state else []
        entries = [self._export_ledger(directory, ledger) for ledger in ledgers]
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "made_at": format_time(datetime.now(UTC)),
            "scope": "all" if models is None else "selected",
            "ledgers": entries,
            "anchors": anchors or [],
        }
        if state:
            manifest["states"] = states
        # The manifest comes last, so that an interrupted export has none.
        (directory / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return AuditExport(
            str(directory),
            len(entries),
            sum(entry["count"] for entry in entries),
            None if anchors is None else len(anchors),
        )

    def _all_ledgers(self) -> list[str]:
        return sorted(self._anchors.ledgers())

    def _export_anchors(self, directory: Path, required: bool) -> list[dict[str, Any]] | None:
        try:
            readable = list(self._anchors.list())
        except ForbiddenError:
            if required:
                raise
            return None
        entries = []
        for anchor in readable:
            file = f"anchors/{anchor.number:09d}.json"
            path = _place(directory, file)
            self._fetch(anchor, path)
            entries.append({"number": anchor.number, "file": file, "sha256": _sha256(path)})
        return entries

    def _fetch(self, anchor: Anchor, path: Path) -> None:
        with path.open("wb") as file:

            def write(_: int, chunk: bytes) -> None:
                file.write(chunk)

            self._anchors.fetch(anchor, write)

    def _export_state(self, directory: Path, ledger: str) -> dict[str, Any]:
        """Write what is stored of a ledger. ``sequence`` is that of the last event before it was read."""
        path = _events_path(ledger)
        newest = list(self._connection.pages(path, 1))
        file = f"states/{_file_name(ledger)}.jsonl"
        place = _place(directory, file)
        with place.open("wb") as lines:
            for stored in self._connection.pages(_state_path(ledger)):
                lines.write(canonical(stored) + b"\n")
        sequence = newest[0]["sequence"] if newest else 0
        return {"ledger": ledger, "file": file, "sequence": sequence, "sha256": _sha256(place)}

    def _export_ledger(self, directory: Path, ledger: str) -> dict[str, Any]:
        file = f"ledgers/{_file_name(ledger)}.jsonl"
        path = _place(directory, file)
        count, first, last = 0, None, None
        with path.open("wb") as lines:
            written: Iterable[Mapping[str, Any]] = self._connection.pages(_events_path(ledger), order="oldest")
            while True:
                for event in written:
                    lines.write(canonical(event) + b"\n")
                    first, last = first or event, event
                    count += 1
                through = 0 if last is None else last["sequence"]
                head_hash = self._connection.read(f"{_events_path(ledger)}/verify", after=through)["head_hash"]
                if last is None or head_hash == last["hash"]:
                    break
                # Events were added meanwhile, or the ledger does not end where its head says.
                written = added_since(self._connection, _events_path(ledger), through)
                if not written:
                    break
        return {
            "ledger": ledger,
            "file": file,
            "count": count,
            "first_sequence": None if first is None else first["sequence"],
            "last_sequence": None if last is None else last["sequence"],
            "last_hash": None if last is None else last["hash"],
            "head_hash": head_hash if count else None,
            "sha256": _sha256(path),
        }


def _events_path(ledger: str) -> str:
    return "events" if ledger == REGISTRY else f"{paths.model(ledger.removeprefix('model:'))}/events"


def _state_path(ledger: str) -> str:
    return "audit/state" if ledger == REGISTRY else f"{paths.model(ledger.removeprefix('model:'))}/state"


def _file_name(ledger: str) -> str:
    """A name that is valid on every file system.

    The digest keeps two ledgers apart whose names differ only in case or in special characters.
    """
    plain = re.sub(r"[^a-z0-9_-]", "_", ledger.removeprefix("model:").lower())[:_LONGEST_NAME]
    return f"{plain}-{hashlib.sha256(ledger.encode()).hexdigest()[:16]}"


def _place(directory: Path, file: str) -> Path:
    path = directory / file
    path.parent.mkdir(exist_ok=True)
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
