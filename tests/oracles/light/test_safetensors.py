"""Headers of safetensors are refused exactly where the library refuses them, or for a reason that is named here."""

import json
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import SafetensorError
from safetensors.numpy import load, save

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes
from chalicelib.domain.scanning.verdict import Verdict

WRITTEN: Final = save(
    {"weight": np.ones((2, 3), np.float32), "bias": np.zeros(3, np.float16), "none": np.zeros((0, 2), np.int64)},
    metadata={"format": "np"},
)
LENGTH: Final = int.from_bytes(WRITTEN[:8], "little")
HEADER: Final[dict[str, Any]] = json.loads(WRITTEN[8 : 8 + LENGTH])
WEIGHTS: Final = WRITTEN[8 + LENGTH :]
# What the library takes and the scan does not: other readers may take another of two values of one name, read fields
# that this one ignores, or look for the brace where the format says that it is.
STRICTER: Final = (
    "A JSON object has two values of one name",
    "A tensor has not exactly a dtype, a shape and offsets.",
    "Its name ends in .safetensors",
)


def refused_by_library(content: bytes) -> bool:
    try:
        load(content)
    except (SafetensorError, ValueError, KeyError, TypeError):
        return True
    return False


def check(content: bytes) -> None:
    """Whatever the library refuses is refused; what only the scan refuses is on the list."""
    found = scan_file("model.safetensors", Bytes(content))
    if refused_by_library(content):
        assert found.verdict is not Verdict.CLEAN, content
    elif found.verdict is not Verdict.CLEAN:
        assert any(reason.text.startswith(STRICTER) for reason in found.reasons), (found, content)


def with_header(header: bytes, weights: bytes = WEIGHTS) -> bytes:
    return len(header).to_bytes(8, "little") + header + weights


def test_what_the_library_writes_is_clean() -> None:
    assert scan_file("model.safetensors", Bytes(WRITTEN)).verdict is Verdict.CLEAN


@given(at=st.integers(0, 8 + LENGTH - 1), byte=st.integers(0, 255))
def test_a_changed_byte_is_refused_where_the_library_refuses_it(at: int, byte: int) -> None:
    check(WRITTEN[:at] + bytes([byte]) + WRITTEN[at + 1 :])


@given(at=st.integers(0, 8 + LENGTH), cut=st.integers(0, 40), more=st.binary(max_size=4))
def test_bytes_taken_out_or_put_in_are_refused_where_the_library_refuses_them(at: int, cut: int, more: bytes) -> None:
    check(WRITTEN[:at] + more + WRITTEN[at + cut :])


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2**65)
    | st.floats(allow_nan=False)
    | st.sampled_from(["F32", "I8", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["dtype", "shape", "a"]), inner, max_size=3)
    ),
    max_leaves=5,
)
sensible = st.sampled_from(
    [0, 2, 3, 6, 24, 30, [0, 24], [24, 30], [2, 3], [], "F32", "F16", "BF16", "F8_E4M3", "F4", "C64"]
)


@given(
    name=st.sampled_from([*HEADER, "more"]),
    field=st.sampled_from(["dtype", "shape", "data_offsets", "more", "format"]),
    value=sensible | values,
)
def test_a_changed_field_is_refused_where_the_library_refuses_it(name: str, field: str, value: Any) -> None:
    header = json.loads(json.dumps(HEADER))
    header.setdefault(name, {})[field] = value
    check(with_header(json.dumps(header).encode()))


@given(name=st.sampled_from([*HEADER, "more", "__metadata__"]), value=values)
def test_a_changed_tensor_is_refused_where_the_library_refuses_it(name: str, value: Any) -> None:
    check(with_header(json.dumps(HEADER | {name: value}).encode()))


@pytest.mark.parametrize(
    "content",
    [
        b"\x02\0\0\0\0\0\0\0{}",
        with_header(json.dumps(HEADER).encode() + b"   "),
        with_header(b" " + json.dumps(HEADER).encode()),
        with_header(json.dumps(HEADER).encode(), WEIGHTS + b"x"),
        with_header(json.dumps(HEADER).encode(), WEIGHTS[:-1]),
    ],
)
def test_the_ends_are_judged_as_by_the_library(content: bytes) -> None:
    check(content)


def test_two_values_of_one_name_are_refused_here_only() -> None:
    twice = b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    (reason,) = scan_file("model.safetensors", Bytes(with_header(twice, b"x"))).reasons
    assert reason.text.startswith(STRICTER)
