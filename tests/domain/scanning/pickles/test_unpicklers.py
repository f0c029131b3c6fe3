"""The machine finds everything that CPython's two unpicklers ask for."""

import argparse
import datetime
import pickle
import struct
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.scanning.pickles import stream
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.pickles.corpus import HOSTILE, Hostile
from tests.domain.scanning.pickles.scanned import codes, scanned
from tests.domain.scanning.pickles.unpicklers import UNPICKLERS, imports_of

_HASHABLE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(),
    st.complex_numbers(allow_nan=False),
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(datetime.UTC)),
    st.times(),
    st.timedeltas(),
    st.uuids(),
    st.decimals(allow_nan=False),
    st.fractions(),
    st.just(PurePosixPath("a/b")),
    st.just(range(3)),
)


def _containers(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(values),
        st.lists(values).map(tuple),
        st.lists(values).map(deque),
        st.dictionaries(_HASHABLE, values),
        st.dictionaries(_HASHABLE, values).map(OrderedDict),
        st.dictionaries(_HASHABLE, values).map(lambda items: defaultdict(list, items)),
        st.dictionaries(st.text(), st.integers()).map(Counter),
        st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), values).map(
            lambda items: argparse.Namespace(**items)
        ),
        st.sets(_HASHABLE),
        st.frozensets(_HASHABLE),
        st.binary().map(bytearray),
    )


@given(value=st.recursive(_HASHABLE, _containers, max_leaves=12), protocol=st.integers(0, 5))
def test_pickles_of_allowed_types_are_clean_and_all_their_imports_are_found(value: Any, protocol: int) -> None:
    content = pickle.dumps(value, protocol)
    found = scanned(content)
    assert found.verdict is Verdict.CLEAN
    for unpickler in UNPICKLERS:
        assert imports_of(content, unpickler) <= set(found.imports)


_MODULES = (
    "os",
    "collections",
    "numpy",
    "builtins",
    "__builtin__",
    "copy_reg",
    "torch._utils",
    "joblib.numpy_pickle",
    "ö",
)
_NAMES = (
    "system",
    "OrderedDict",
    "dtype",
    "eval",
    "set",
    "_reconstructor",
    "_rebuild_tensor_v2",
    "NumpyArrayWrapper",
    "a.b",
)
_WORDS = st.sampled_from(_MODULES + _NAMES).map(lambda word: word.encode())
_PLAIN_OPCODES = [
    bytes([code]) for code in b"(0120NRab)]}ltdesuoQ" + bytes(range(0x85, 0x8A)) + b"\x81\x8f\x90\x91\x92\x93\x94\x98"
]
_LINES = st.sampled_from(
    [
        b"",
        b"0",
        b"1",
        b"00",
        b"01",
        b"7L",
        b"0x1f",
        b" 3",
        b"1_0",
        b"-1",
        b"x",
        b"1\x00",
        b"'os'",
        b'"\\x6fs"',
        b"'\\q\\8'",
    ]
)
_FRAGMENTS = st.one_of(
    st.sampled_from(_PLAIN_OPCODES),
    _WORDS.map(lambda word: b"\x8c" + bytes([len(word)]) + word),
    _WORDS.map(lambda word: b"X" + struct.pack("<I", len(word)) + word),
    _WORDS.map(lambda word: b"U" + bytes([len(word)]) + word),
    _WORDS.map(lambda word: b"V" + word + b"\n"),
    _WORDS.map(lambda word: b"S'" + word + b"'\n"),
    st.tuples(st.sampled_from([b"c", b"i"]), _WORDS, _WORDS).map(
        lambda parts: parts[0] + parts[1] + b"\n" + parts[2] + b"\n"
    ),
    st.tuples(_WORDS, _WORDS).map(
        lambda pair: b"".join(b"\x8c" + bytes([len(word)]) + word for word in pair) + b"\x93"
    ),
    st.tuples(st.sampled_from([b"q", b"h"]), st.integers(0, 5)).map(lambda parts: parts[0] + bytes([parts[1]])),
    st.tuples(st.sampled_from([b"r", b"j"]), st.integers(0, 5)).map(
        lambda parts: parts[0] + struct.pack("<I", parts[1])
    ),
    st.tuples(st.sampled_from([b"I", b"L", b"F", b"S", b"V", b"p", b"g", b"P"]), _LINES).map(
        lambda parts: parts[0] + parts[1] + b"\n"
    ),
    st.integers(0, 255).map(lambda value: b"K" + bytes([value])),
    st.binary(max_size=3).map(lambda value: b"\x8a" + bytes([len(value)]) + value),
    st.binary(max_size=5).map(lambda value: b"C" + bytes([len(value)]) + value),
    st.integers(0, 40).map(lambda length: b"\x95" + struct.pack("<Q", length)),
    st.binary(min_size=1, max_size=1).filter(lambda code: code not in (b"r", b"\x96", b"\x80")),
)
_STREAMS = st.tuples(
    st.sampled_from([b"", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"]), st.lists(_FRAGMENTS, max_size=25)
).map(lambda parts: parts[0] + b"".join(parts[1]) + b".")


@pytest.mark.parametrize("unpickler", UNPICKLERS, ids=["of-C", "of-Python"])
@settings(max_examples=250)
@given(content=_STREAMS)
def test_of_any_opcodes_everything_that_is_asked_for_is_found_or_the_file_is_not_clean(
    unpickler: Any, content: bytes
) -> None:
    found = scanned(content)
    missed = imports_of(content, unpickler) - set(found.imports)
    # Behind an opcode across the end of a frame, unpicklers read other bytes than they should. Nothing follows them.
    frames_are_broken = any("frame" in reason.text for reason in found.reasons)
    if not frames_are_broken and not codes(found) & {"unresolved_import", "extension", "too_much"}:
        assert not missed
    assert not missed or found.verdict is not Verdict.CLEAN


@pytest.mark.parametrize("unpickler", UNPICKLERS, ids=["of-C", "of-Python"])
@given(content=_STREAMS)
def test_of_what_is_cut_for_its_length_nothing_is_taken_for_opcodes(unpickler: Any, content: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "MAX_TEXT_BYTES", 8)
        found = scanned(content)
    assert found.verdict is not Verdict.CLEAN or imports_of(content, unpickler) <= set(found.imports)


@given(content=st.binary(max_size=200))
def test_of_any_bytes_a_scan_says_something_and_raises_nothing(content: bytes) -> None:
    for kind in ("pickle", "npy", "compressed"):
        assert scanned(content, kind).verdict in Verdict


@given(hostile=st.sampled_from(HOSTILE), place=st.integers(0, 400), changed=st.binary(min_size=1, max_size=3))
def test_a_changed_file_is_scanned_and_raises_nothing(hostile: Hostile, place: int, changed: bytes) -> None:
    place = min(place, len(hostile.content))
    content = hostile.content[:place] + changed + hostile.content[place + 1 :]
    assert scanned(content, hostile.kind).verdict in Verdict


def test_ids_of_python_are_what_the_types_above_need() -> None:
    values = [uuid.uuid5(uuid.NAMESPACE_URL, "a"), Decimal(1), Fraction(1, 2)]
    assert set(scanned(pickle.dumps(values)).imports) == {"uuid.UUID", "decimal.Decimal", "fractions.Fraction"}
