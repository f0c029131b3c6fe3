"""OSV documents, as databases publish them."""

from typing import Any

# Of the form of the schema's own examples: https://ossf.github.io/osv-schema/#examples
TORCH: dict[str, Any] = {
    "schema_version": "1.6.0",
    "id": "GHSA-53q9-r3pm-6pq6",
    "modified": "2026-11-19T10:00:00Z",
    "published": "2025-04-18T15:00:00Z",
    "aliases": ["CVE-2025-32434"],
    "summary": "A summary that no index needs",
    "severity": [{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}],
    "affected": [
        {
            "package": {"name": "Torch", "ecosystem": "PyPI", "purl": "pkg:pypi/torch"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.6.0"}]}],
            "versions": ["1.0.0", "2.5.0", "2.6.0rc1"],
        }
    ],
    "database_specific": {"severity": "CRITICAL"},
}


def osv(name: str, package: str = "numpy", fixed: str = "2.0", **more: Any) -> dict[str, Any]:
    """A document on all versions of a package before one."""
    affected = {
        "package": {"name": package, "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
    }
    return {"id": name, "modified": "2026-11-18T10:00:00Z", "affected": [affected], **more}
