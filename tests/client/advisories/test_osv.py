"""What of OSV documents goes into an index, and how severities come about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage.advisories.cvss import base_score, rating
from moorage.advisories.osv import advisory

from chalicelib.domain.severity import Severity
from chalicelib.domain.vulnerabilities.advisory_index import Affected
from chalicelib.domain.vulnerabilities.matching import is_affected
from chalicelib.registry.vulnerabilities.version_order import pypi_order
from tests.client.advisories.documents import TORCH, osv
from tests.domain.vulnerabilities.test_matching import versions


def test_an_advisory_is_its_ranges_names_and_severity() -> None:
    found = advisory(TORCH)
    assert found is not None
    assert (found.id, found.severity, found.aliases) == ("GHSA-53q9-r3pm-6pq6", "critical", ("CVE-2025-32434",))
    (affected,) = found.affected
    assert (affected.package, affected.ranges) == ("torch", ((("introduced", "0"), ("fixed", "2.6.0")),))
    # Those that are plainly in the range are left out. A pre-release is not plainly so.
    assert affected.versions == ("2.6.0rc1",)


@pytest.mark.parametrize(
    "document",
    [
        {**TORCH, "withdrawn": "2026-01-01T00:00:00Z"},
        {**TORCH, "affected": [{**TORCH["affected"][0], "package": {"name": "torch", "ecosystem": "npm"}}]},
        {**TORCH, "affected": []},
        {**TORCH, "affected": None},
        {**TORCH, "affected": [{"package": {"name": "torch", "ecosystem": "PyPI"}}]},
        {**TORCH, "affected": [None, {"package": None}, {"package": {"ecosystem": "PyPI"}}]},
        {**TORCH, "id": None},
        {**TORCH, "id": "not an id"},
        {"name": "a workflow of the checkout"},
        ["a list"],
        None,
    ],
)
def test_what_is_withdrawn_or_about_no_package_of_pypi_is_left_out(document: object) -> None:
    assert advisory(document) is None


def test_ranges_of_commits_are_left_out() -> None:
    git = {"type": "GIT", "repo": "https://example.com", "events": [{"introduced": "0"}, {"fixed": "abc"}]}
    document = osv("PYSEC-1")
    document["affected"][0]["ranges"].append(git)
    found = advisory(document)
    assert found is not None and len(found.affected[0].ranges) == 1


VECTOR = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}
WEAK = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"}


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ({}, "unknown"),
        ({"database_specific": {"severity": "MODERATE"}, "severity": [VECTOR]}, "medium"),
        ({"database_specific": {"severity": "odd"}, "severity": [VECTOR]}, "critical"),
        ({"severity": [WEAK, VECTOR]}, "critical"),
        ({"severity": [WEAK]}, "low"),
        ({"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/nonsense"}]}, "unknown"),
        ({"severity": [{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N"}]}, "unknown"),
        ({"severity": "high"}, "unknown"),
        ({"id": "MAL-2026-1"}, "critical"),
    ],
)
def test_the_severity_is_the_databases_word_or_else_the_worst_vector(more: dict[str, Any], severity: str) -> None:
    found = advisory(osv("PYSEC-1", **more) if "id" not in more else {**osv("x"), **more})
    assert found is not None
    assert found.severity == severity


# Scores that the calculator of FIRST gives.
@pytest.mark.parametrize(
    ("vector", "score", "word"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, "critical"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, "critical"),
        ("CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8, "high"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, "medium"),
        ("CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", 5.9, "medium"),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4, "medium"),
        ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.6, "low"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, "none"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O", 9.8, "critical"),
    ],
)
def test_vectors_of_version_3_are_scored(vector: str, score: float, word: str) -> None:
    found = base_score(vector)
    assert found == score
    assert rating(score) == word


@pytest.mark.parametrize("vector", ["", "AV:N/AC:L/Au:N/C:P/I:P/A:P", "CVSS:3.1/AV:X/AC:L", "CVSS:4.0/AV:N"])
def test_other_vectors_have_no_score(vector: str) -> None:
    assert base_score(vector) is None


bounds = st.lists(versions(), min_size=2, max_size=2)


@given(st.lists(versions(), max_size=6), bounds, st.sampled_from(["fixed", "last_affected"]), versions())
def test_leaving_plain_versions_out_changes_no_answer(
    listed: list[str], bounds: list[str], kind: str, version: str
) -> None:
    events = [{"introduced": bounds[0]}, {kind: bounds[1]}]
    document = osv("PYSEC-1")
    document["affected"][0] |= {"ranges": [{"type": "ECOSYSTEM", "events": events}], "versions": listed}
    found = advisory(document)
    assert found is not None
    (short,) = found.affected
    whole = Affected("PYSEC-1", Severity.HIGH, (), short.ranges, tuple(listed))
    kept = Affected("PYSEC-1", Severity.HIGH, (), short.ranges, short.versions)
    for one in (version, *listed):
        assert is_affected(one, kept, pypi_order) is is_affected(one, whole, pypi_order)
