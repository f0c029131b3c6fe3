"""The story of vulnerabilities: an index, a version that it knows something of, and what is stated about that."""

import hashlib
from datetime import timedelta
from typing import Any

from chalicelib.domain.instants import later
from chalicelib.registry.lifecycle.sweep import sweep_due
from tests.domain.vulnerabilities.build import compressed, document, entry, until
from tests.golden.story import Story

_INDEX = document(
    {
        "numpy": [entry("PYSEC-2026-1", [["introduced", "1.0"], ["last_affected", "1.26.0"]], versions=("1.0rc1",))],
        "torch": [entry("GHSA-1", until("2.6.0"))],
        "xgboost": [entry("GHSA-2", until("3.2.0"))],
    },
    severities={"PYSEC-2026-1": "unknown", "GHSA-1": "critical"},
    aliases={"GHSA-1": ["CVE-2025-32434"], "GHSA-2": ["CVE-2026-1001"]},
)


def vulnerable(story: Story) -> None:
    """Version 1 of ``vulnerable`` is the champion. One of its vulnerabilities is lifted."""
    requirements = ["torch==2.5.0", "numpy==1.26.0", "pandas>=2"]
    story.model("vulnerable")
    story.ready("vulnerable", provenance={"runtime": {"requirements": requirements}})
    story.call("PUT", "models/vulnerable/aliases/champion", {"version": 1})
    version = "models/vulnerable/versions/1/vulnerabilities"
    bring(story)
    sweep_due(story.registry, "keeper-2")
    lifted = {"status": "not_affected", "justification": "vulnerable_code_not_present"}
    story.call("PUT", f"{version}/CVE-2025-32434", {**lifted, "expires_at": later(story.now, timedelta(days=90))})
    story.call("PUT", f"{version}/PYSEC-2026-1", {"status": "under_investigation", "detail": "We look."}, by="ben")
    story.call("PUT", f"{version}/GHSA-9", {"status": "fixed"})
    story.call("DELETE", f"{version}/GHSA-9")


def bring(story: Story) -> None:
    """Upload the index and make it current."""
    content = compressed(_INDEX)
    given: dict[str, Any] = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "source": "https://storage.example/PyPI/all.zip",
        "published_at": later(story.now, timedelta(hours=-1)),
    }
    upload = story.call("POST", "vulnerabilities/upload", given)
    story.put_object(upload["url"], content)
    story.call("PUT", "vulnerabilities", given)
