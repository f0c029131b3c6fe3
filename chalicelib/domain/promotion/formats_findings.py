"""Judging the gates that look at the formats of files."""

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import Finding
from chalicelib.domain.scanning.format_names import FileFormat
from chalicelib.domain.schemes.content_gates import FormatsGate

# A reason names so many files; a version has up to a thousand.
_NAMED: Final = 5


def formats_finding(gate: FormatsGate, facts: Facts) -> Finding:
    """What a gate finds that allows some formats and denies others."""
    files = facts.file_formats()
    refused = [file for file in files if _refuses(gate, file.format)]
    found = sorted({file.format for file in files})
    seen = sorted({(file.format, file.scanned) for file in files})
    reason = _refusal(refused) if refused else f"the formats are {', '.join(found)}{_by_name(files)}"
    return Finding(not refused, found, _needed(gate), reason, [list(one) for one in seen])


def _refuses(gate: FormatsGate, found: str) -> bool:
    return found in gate.deny or (bool(gate.allow) and found not in gate.allow)


def _refusal(refused: Sequence[FileFormat]) -> str:
    named = [
        f"{file.path} is {file.format} {'as the scan found' if file.scanned else 'by its name'}"
        for file in refused[:_NAMED]
    ]
    more = [f"{len(refused) - _NAMED} more files"] if len(refused) > _NAMED else []
    return ", ".join([*named, *more])


def _by_name(files: Sequence[FileFormat]) -> str:
    """How many of the formats are known by name only, to follow what they are."""
    count = sum(not file.scanned for file in files)
    if not count:
        return ""
    return ", known by name only" if count == len(files) else f", of {count} of {len(files)} files by name only"


def _needed(gate: FormatsGate) -> str:
    parts = [f"files of the formats {', '.join(gate.allow)} only"] if gate.allow else []
    return "; ".join([*parts, *([f"no file of the formats {', '.join(gate.deny)}"] if gate.deny else [])])
