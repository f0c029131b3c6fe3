"""Matching by the algorithm of OSV: its schema's worked examples, and random ranges beside PEP 440's own comparison."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from chalicelib.domain.severity import Severity
from chalicelib.domain.vulnerabilities.advisory_index import Affected
from chalicelib.domain.vulnerabilities.matching import found_in, is_affected, match
from chalicelib.registry.vulnerabilities.version_order import pypi_order
from tests.domain.vulnerabilities.build import entry, index, until

Events = list[tuple[str, str]]


def affected(*ranges: Events, versions: tuple[str, ...] = ()) -> Affected:
    return Affected("GHSA-1", Severity.HIGH, (), tuple(map(tuple, ranges)), versions)


def hit(version: str, *ranges: Events, versions: tuple[str, ...] = ()) -> bool:
    return is_affected(version, affected(*ranges, versions=versions), pypi_order)


# https://ossf.github.io/osv-schema/#affectedranges-field and #examples
@pytest.mark.parametrize(
    ("version", "ranges", "expected"),
    [
        # One branch: introduced at the beginning, fixed later.
        ("0.9", [[("introduced", "0"), ("fixed", "1.0.2")]], True),
        ("1.0.2", [[("introduced", "0"), ("fixed", "1.0.2")]], False),
        ("1.0.3", [[("introduced", "0"), ("fixed", "1.0.2")]], False),
        # The beginning is before every version, also before those before 0.
        ("0.dev1", [[("introduced", "0"), ("fixed", "1.0.2")]], True),
        # Not fixed yet.
        ("99", [[("introduced", "1.0.0")]], True),
        ("0.9", [[("introduced", "1.0.0")]], False),
        # The last affected version is affected.
        ("2.1.214", [[("introduced", "0"), ("last_affected", "2.1.214")]], True),
        ("2.1.215", [[("introduced", "0"), ("last_affected", "2.1.214")]], False),
        # Two ranges in one list of events, in any order.
        ("1.0.1", [[("fixed", "1.0.2"), ("introduced", "3.0.0"), ("introduced", "1.0.0"), ("fixed", "3.2.5")]], True),
        ("2.0", [[("fixed", "1.0.2"), ("introduced", "3.0.0"), ("introduced", "1.0.0"), ("fixed", "3.2.5")]], False),
        ("3.2.4", [[("fixed", "1.0.2"), ("introduced", "3.0.0"), ("introduced", "1.0.0"), ("fixed", "3.2.5")]], True),
        # The same in two ranges.
        ("3.2.4", [[("introduced", "1.0.0"), ("fixed", "1.0.2")], [("introduced", "3.0.0"), ("fixed", "3.2.5")]], True),
        # A limit bounds what a range says; * is no bound.
        ("1.5", [[("introduced", "0"), ("limit", "1.4")]], False),
        ("1.3", [[("introduced", "0"), ("limit", "1.4")]], True),
        ("1.5", [[("introduced", "0"), ("limit", "1.4"), ("limit", "*")]], True),
        # A range of a single version.
        ("1.0", [[("introduced", "1.0"), ("last_affected", "1.0")]], True),
        ("1.0.post1", [[("introduced", "1.0"), ("last_affected", "1.0")]], False),
        # Nothing but fixes: it was never introduced.
        ("1.0", [[("fixed", "2.0")]], False),
        # What is no version of the ecosystem says nothing.
        ("1.0", [[("introduced", "a commit"), ("fixed", "another")]], False),
    ],
)
def test_the_ranges_of_the_osv_schema_are_evaluated_as_it_says(
    version: str, ranges: list[Events], expected: bool
) -> None:
    assert hit(version, *ranges) is expected


def test_a_version_that_is_listed_is_affected_however_it_is_spelt() -> None:
    assert hit("1.0", versions=("1.0.0",))
    assert hit("1.0-beta1", versions=("1.0b1",))
    assert hit("2004d", versions=("2004d",))
    assert not hit("1.1", versions=("1.0",))


def test_zero_is_before_every_version_and_before_pre_releases_of_zero() -> None:
    assert hit("0.dev1", [("introduced", "0"), ("fixed", "1")])


def test_a_local_build_is_a_build_of_its_release() -> None:
    assert hit("2.1.0+cpu", [("introduced", "0"), ("last_affected", "2.1.0")])
    assert not hit("2.1.0+cpu", [("introduced", "0"), ("fixed", "2.1.0")])


@st.composite
def versions(draw: st.DrawFn) -> str:
    """Versions of every kind that PEP 440 has, close enough together to meet."""
    numbers = ".".join(map(str, draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))))
    epoch = draw(st.sampled_from(["", "", "", "1!"]))
    pre = draw(st.sampled_from(["", "", "a1", "b2", "rc1"]))
    post = draw(st.sampled_from(["", "", ".post1"]))
    dev = draw(st.sampled_from(["", "", ".dev3"]))
    return f"{epoch}{numbers}{pre}{post}{dev}"


# As a bound, "0" is before every version, 0.dev1 too.
BOUNDS = versions().filter(lambda version: version != "0")


@given(versions(), BOUNDS, BOUNDS, st.booleans())
def test_a_range_is_what_pip_calls_a_range(version: str, low: str, high: str, inclusive: bool) -> None:
    low, high = sorted((low, high), key=Version)
    kind = "last_affected" if inclusive else "fixed"
    at = Version(version)
    expected = Version(low) <= at and (at <= Version(high) if inclusive else at < Version(high))
    assert hit(version, [("introduced", low), (kind, high)]) is expected
    assert hit(version, [(kind, high), ("introduced", low)]) is expected


@given(versions(), versions())
def test_what_is_at_least_the_fix_is_not_affected(version: str, fixed: str) -> None:
    # Specifiers leave pre-releases out unless they are asked for.
    fine = SpecifierSet(f">={fixed}", prereleases=True).contains(version)
    assert hit(version, [("introduced", "0"), ("fixed", fixed)]) is not fine


@given(st.lists(BOUNDS, min_size=1, max_size=6, unique_by=Version), versions())
def test_many_branches_are_the_union_of_their_ranges(bounds: list[str], version: str) -> None:
    bounds = sorted(bounds, key=Version)
    pairs = list(zip(bounds[::2], bounds[1::2], strict=False))
    events: Events = [event for low, high in pairs for event in (("introduced", low), ("fixed", high))]
    at = Version(version)
    expected = any(Version(low) <= at < Version(high) for low, high in pairs)
    assert hit(version, events) is expected
    assert hit(version, *([("introduced", low), ("fixed", high)] for low, high in pairs)) is expected


TORCH = index({"torch": [entry("GHSA-1", until("2.6.0")), entry("GHSA-2", until("1.13.1"))]})


def test_only_exact_pins_are_matched_and_all_else_is_named() -> None:
    lines = [
        "torch==2.5.0",
        "Torch [cuda] == 2.5.0 ; python_version > '3.8'",
        "numpy>=2",
        "scipy==1.*",
        "pandas",
        "ours @ https://user:secret@example.com/ours.whl",
        "git+https://user:secret@example.com/theirs.git",
        "odd==not-a-version",
        f"endless=={'9' * 5_000}",
        f"{'x' * 200}>=1",
    ]
    found = match(lines, TORCH, pypi_order)
    assert [(one.advisory, one.package, one.version, one.fixed) for one in found.findings] == [
        ("GHSA-1", "torch", "2.5.0", "2.6.0")
    ]
    assert found.unpinned == ("#10", "#7", "endless", "numpy", "odd", "ours", "pandas", "scipy")
    assert found.requirements == 10
    assert "secret" not in repr(found)


@pytest.mark.parametrize("spelling", ["scikit_learn", "Scikit.Learn", "scikit--learn", "SCIKIT-LEARN"])
def test_names_are_compared_as_pep_503_normalises_them(spelling: str) -> None:
    known = index({"scikit-learn": [entry("GHSA-1", until("2"))]})
    assert [one.package for one in match([f"{spelling}==1.0"], known, pypi_order).findings] == ["scikit-learn"]


def test_the_worst_comes_first() -> None:
    severities = {"GHSA-1": "low", "GHSA-2": "critical", "GHSA-3": "unknown"}
    known = index({"a": [entry(name, until("2")) for name in severities]}, severities=severities)
    assert [one.advisory for one in match(["a==1"], known, pypi_order).findings] == ["GHSA-2", "GHSA-3", "GHSA-1"]


def test_advisories_on_one_vulnerability_are_one_finding_of_the_one_that_rates_it() -> None:
    known = index(
        {"torch": [entry("PYSEC-1", until("2.6.0")), entry("GHSA-1", until("2.6.0")), entry("GHSA-9", until("3"))]},
        severities={"PYSEC-1": "unknown", "GHSA-1": "medium"},
        aliases={"PYSEC-1": ["CVE-1"], "GHSA-1": ["CVE-1"]},
    )
    first, second = found_in("torch", "2.5.0", known, pypi_order)
    assert (first.advisory, first.severity, first.aliases) == ("GHSA-1", Severity.MEDIUM, ("CVE-1", "PYSEC-1"))
    assert all(first.is_named(name) for name in ("GHSA-1", "CVE-1", "PYSEC-1"))
    assert second.advisory == "GHSA-9"


@given(st.permutations(["PYSEC-1", "GHSA-1", "GHSA-3"]))
def test_the_order_of_advisories_does_not_matter(order: list[str]) -> None:
    known = index(
        {"a": [entry(name, until("2")) for name in order]},
        aliases={"PYSEC-1": ["CVE-1", "CVE-2"], "GHSA-1": ["CVE-1"], "GHSA-3": ["CVE-2"]},
    )
    (one,) = found_in("a", "1", known, pypi_order)
    assert {one.advisory, *one.aliases} == {"PYSEC-1", "GHSA-1", "GHSA-3", "CVE-1", "CVE-2"}


@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_is_looked_at_without_an_error(lines: list[str]) -> None:
    found: Any = match(lines, TORCH, pypi_order)
    assert found.requirements == len(lines)
