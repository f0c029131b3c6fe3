"""Reading an advisory index: what is damaged, too large or of another form is refused."""

import gzip
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.vulnerabilities import index_content
from chalicelib.domain.vulnerabilities.index_content import InvalidAdvisoryIndexError, checked_index, index_from
from tests.domain.vulnerabilities.build import compressed, document, entry, until

GOOD = document({"torch": [entry("GHSA-1", until("2.6.0"), versions=("1.0",))]}, aliases={"GHSA-1": ["CVE-1"]})


def changed(**more: Any) -> dict[str, Any]:
    return {**GOOD, **more}


def test_an_index_is_read_and_counted() -> None:
    index = checked_index(compressed(GOOD), "PyPI")
    assert (index.advisories, index.packages) == (1, 1)
    (affected,) = index.of_package("torch")
    assert affected.ranges == ((("introduced", "0"), ("fixed", "2.6.0")),)
    assert (affected.versions, affected.aliases) == (("1.0",), ("CVE-1",))
    assert list(index.of_package("numpy")) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        compressed(GOOD)[:-9],
        compressed(GOOD) + b"more",
        gzip.compress(b"no json"),
        gzip.compress(b"[" * 100_000),
        gzip.compress(b"\xff\xfe"),
    ],
    ids=["empty", "plain", "cut off", "followed", "no JSON", "deep", "no text"],
)
def test_damaged_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidAdvisoryIndexError):
        checked_index(content, "PyPI")
    with pytest.raises(InvalidAdvisoryIndexError):
        index_from(content)


def test_an_index_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_content, "MAX_BYTES", 1_000)
    with pytest.raises(InvalidAdvisoryIndexError, match="more than 1000 bytes"):
        checked_index(gzip.compress(b" " * 10_000_000), "PyPI")


@pytest.mark.parametrize(
    ("values", "what"),
    [(b"[" + b"[]," * 2_100_000 + b"0]", "values"), (b"[" + b"{}," * 300_000 + b"0]", "objects")],
    ids=["lists", "objects"],
)
def test_an_index_of_too_many_values_is_refused_before_they_are_made(
    monkeypatch: pytest.MonkeyPatch, values: bytes, what: str
) -> None:
    monkeypatch.setattr(index_content.json, "loads", lambda _: pytest.fail("made"))
    with pytest.raises(InvalidAdvisoryIndexError, match=f"more than .* {what}"):
        checked_index(gzip.compress(values, 1), "PyPI")


@pytest.mark.parametrize(
    "document",
    [
        [],
        changed(format=2),
        changed(ecosystem="npm"),
        changed(advisories=[]),
        changed(packages=None),
        changed(advisories={"GHSA-1": {"severity": "dire", "aliases": []}}),
        changed(advisories={"GHSA-1": {"severity": ["high"], "aliases": []}}),
        changed(advisories={"GHSA-1": {"severity": "high"}}),
        changed(advisories={"<script>": {"severity": "high", "aliases": []}}),
        changed(advisories={"GHSA-1": {"severity": "high", "aliases": ["a b"]}}),
        changed(packages={"torch": [entry("GHSA-unknown")]}),
        changed(packages={"Torch": [entry("GHSA-1")]}),
        changed(packages={"torch": {"id": "GHSA-1"}}),
        changed(packages={"torch": [entry("GHSA-1", [["found", "1"]])]}),
        changed(packages={"torch": [entry("GHSA-1", [["fixed", 1]])]}),
        changed(packages={"torch": [entry("GHSA-1", [["fixed"]])]}),
        changed(packages={"torch": [{"id": "GHSA-1", "ranges": [], "versions": [1]}]}),
        changed(packages={"torch": [{"id": ["GHSA-1"], "ranges": [], "versions": []}]}),
    ],
    ids=range(18),
)
def test_what_has_another_form_is_refused(document: Any) -> None:
    with pytest.raises(InvalidAdvisoryIndexError):
        checked_index(compressed(document), "PyPI")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["format", "ecosystem", "advisories", "packages"]), json_values)
def test_no_document_is_more_than_refused(field: str, value: Any) -> None:
    with suppress(InvalidAdvisoryIndexError):
        checked_index(gzip.compress(json.dumps(changed(**{field: value})).encode()), "PyPI")
