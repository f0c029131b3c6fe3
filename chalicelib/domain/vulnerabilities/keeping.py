"""What is kept of a match: the worst of it, within bounds."""

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.vulnerabilities.assessment import Matched
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex
from chalicelib.domain.vulnerabilities.finding import Finding
from chalicelib.domain.vulnerabilities.matching import Match

# What was found shares an item with what was stated, and stays under 64 KiB.
MAX_FINDINGS: Final = 300
MAX_UNPINNED: Final = 200
MAX_FOUND_BYTES: Final = 64 * 1024


def matched(current: CurrentIndex, found: Match) -> Matched:
    """What is kept of a match against an index."""
    findings = _within(found.findings[:MAX_FINDINGS])
    unpinned = found.unpinned[:MAX_UNPINNED]
    cut = len(found.findings) - len(findings) + len(found.unpinned) - len(unpinned)
    return Matched(current.sha256, current.published_at, current.revision, found.requirements, findings, unpinned, cut)


def _within(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first findings that fit into their room."""
    size = 0
    for index, finding in enumerate(findings):
        size += len(canonical_json(finding.document()).encode())
        if size > MAX_FOUND_BYTES:
            return tuple(findings[:index])
    return tuple(findings)
