"""Safetensors hold what their header says, or they are for review."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import GIB, Counted, Sparse, codes, scanned, verdict
from tests.domain.scanning.formats.headers import safetensors, tensor

PATH = "model.safetensors"


def test_tensors_that_fill_the_file_are_clean() -> None:
    header = {
        "__metadata__": {"format": "pt"},
        "a": tensor(0, 4),
        "b": tensor(4, 12, [2, 2], "F16"),
        "c": tensor(12, 12),
    }
    found = scanned(PATH, safetensors(header, bytes(12)))
    assert (found.format, found.reasons) == ("safetensors", ())


def test_only_the_header_is_read() -> None:
    file = Sparse()
    file.add(safetensors({"a": tensor(0, GIB)}))
    file.add_zeros(GIB)
    source = Counted(file)
    assert scan_file(PATH, source).verdict is Verdict.CLEAN
    # And the end of the file, where an archive could be.
    assert source.bytes < 80_000


@pytest.mark.parametrize(
    "header",
    [
        {"a": tensor(1, 12)},
        {"a": tensor(0, 4), "b": tensor(5, 12)},
        {"a": tensor(0, 8), "b": tensor(4, 12)},
        {"a": tensor(0, 11)},
        {"a": tensor(0, 13)},
        {"a": tensor(0, 12, [13])},
        {"a": tensor(0, 12, [3, 4, 1 << 62, 1 << 62])},
        {"a": tensor(0, 12, dtype="F17")},
        {"a": tensor(0, 12, [-12])},
        {"a": tensor(0, 12, [12.0])},
        {"a": tensor(0, 12) | {"more": 1}},
        {"a": {"dtype": "U8", "shape": [12]}},
        {"a": tensor(0, 12), "__metadata__": {"step": 1}},
        {"a": tensor(0, 12), "__metadata__": []},
        {"a": [0, 12]},
        b'{"a":{"dtype":"U8","shape":[12],"data_offsets":[0,12]}',
        b'[{"dtype":"U8","shape":[12],"data_offsets":[0,12]}]',
        b'{"a":{"dtype":"U8","shape":[12],"data_offsets":[0,12],"shape":[12]}}',
        b"{" * 100_000,
    ],
)
def test_a_header_that_says_something_else_than_the_file_is_for_review(header: Any) -> None:
    assert verdict(PATH, safetensors(header, bytes(12))) is Verdict.REVIEW


def test_a_header_that_is_longer_than_the_file_is_for_review() -> None:
    assert verdict(PATH, b"\xff\xff\xff\0\0\0\0\0{}") is Verdict.REVIEW
    assert verdict(PATH, b"\x02") is Verdict.REVIEW


def test_a_header_that_is_longer_than_a_scan_reads_is_for_review() -> None:
    assert codes(PATH, safetensors(b"{}" + b" " * (16 << 20))) == {"too_large"}


def test_a_credential_in_the_metadata_is_for_review_and_is_not_kept() -> None:
    token = "ghp_" + "a1B2" * 9
    found = scanned(PATH, safetensors({"__metadata__": {"token": token}}))
    assert (found.verdict, [reason.code for reason in found.reasons]) == (Verdict.REVIEW, ["secret"])
    assert token not in json.dumps(found.document()) and "ghp_…" in found.reasons[0].text


@given(at=st.integers(0, 200), byte=st.integers(0, 255))
def test_a_changed_byte_never_raises(at: int, byte: int) -> None:
    content = bytearray(safetensors({"a": tensor(0, 4), "b": tensor(4, 12, [2, 2], "F16")}, bytes(12)))
    content[at % len(content)] = byte
    assert verdict(PATH, bytes(content)) in {Verdict.CLEAN, Verdict.REVIEW}
