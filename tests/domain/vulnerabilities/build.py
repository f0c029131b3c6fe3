"""Builders of advisory indexes, and of what is found by them."""

import gzip
import json
from typing import Any

from chalicelib.domain.instants import Instant
from chalicelib.domain.severity import Severity
from chalicelib.domain.vulnerabilities.advisory_index import AdvisoryIndex
from chalicelib.domain.vulnerabilities.assessment import Matched
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex, IndexGiven
from chalicelib.domain.vulnerabilities.finding import Finding

PUBLISHED = Instant("2026-11-20T00:00:00.000Z")
SHA256 = "ab" * 32


def entry(name: str, *ranges: list[list[str]], versions: tuple[str, ...] = ()) -> dict[str, Any]:
    """What an index says of a package, as one advisory has it."""
    return {"id": name, "ranges": list(ranges), "versions": list(versions)}


def until(fixed: str) -> list[list[str]]:
    """The range of all versions before the one that is fixed."""
    return [["introduced", "0"], ["fixed", fixed]]


def document(
    packages: dict[str, list[dict[str, Any]]],
    severities: dict[str, str] | None = None,
    aliases: dict[str, list[str]] | None = None,
) -> dict[str, Any]:
    """An index: advisories are high unless ``severities`` says otherwise."""
    named = {one["id"] for entries in packages.values() for one in entries}
    advisories = {
        name: {"severity": (severities or {}).get(name, "high"), "aliases": (aliases or {}).get(name, [])}
        for name in sorted(named)
    }
    return {"format": 1, "ecosystem": "PyPI", "advisories": advisories, "packages": packages}


def index(packages: dict[str, list[dict[str, Any]]], **more: Any) -> AdvisoryIndex:
    return AdvisoryIndex(document(packages, **more))


def compressed(given: Any) -> bytes:
    return gzip.compress(json.dumps(given).encode(), mtime=0)


def given(**more: Any) -> IndexGiven:
    return IndexGiven(**{"sha256": SHA256, "size": 100, "source": "all.zip", "published_at": PUBLISHED, **more})


def current(revision: int = 1, published_at: Instant = PUBLISHED, sha256: str = SHA256) -> CurrentIndex:
    return CurrentIndex("PyPI", sha256, 100, "all.zip", published_at, 1, 1, PUBLISHED, "token:ada", revision)


def finding(advisory: str = "GHSA-1", severity: Severity = Severity.HIGH, **more: Any) -> Finding:
    return Finding(advisory, "torch", "2.5.0", severity, **more)


def found(*findings: Finding, index: int = 1, **more: Any) -> Matched:
    return Matched(
        **{"sha256": SHA256, "published_at": PUBLISHED, "requirements": 1, **more}, index=index, findings=findings
    )
