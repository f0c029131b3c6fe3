"""Several pickles in a file, limits, and what a scan says."""

import codecs
import pickle
import struct
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.scanning.pickles import budget, limits, machine, opcodes, reading, stream
from chalicelib.domain.scanning.pickles.scan import scan_pickle
from chalicelib.domain.scanning.pickles.stream import BrokenError
from chalicelib.domain.scanning.pickles.text import unescaped
from chalicelib.domain.scanning.source import Bytes, TooMuchReadError
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.pickles.assembler import Assembly
from tests.domain.scanning.pickles.corpus import SYSTEM
from tests.domain.scanning.pickles.scanned import codes, scanned

BENIGN = pickle.dumps({"weights": [1.5, 2.5], "name": "a" * 100})


def test_a_part_of_a_file_is_scanned_alone_and_named_in_what_is_found() -> None:
    content = b"before" + SYSTEM + b"after"
    found = scan_pickle(Bytes(content), 6, len(SYSTEM), where="archive/data.pkl")
    assert found.imports == ("os.system",)
    assert [reason.where for reason in found.reasons] == ["archive/data.pkl"]
    assert scan_pickle(Bytes(content), 6).verdict is Verdict.UNSAFE


def test_every_pickle_of_a_file_is_read() -> None:
    assert scanned(BENIGN * 3).verdict is Verdict.CLEAN
    assert scanned(BENIGN * 3 + SYSTEM).imports == ("os.system",)


def test_an_opcode_across_the_end_of_a_frame_is_refused_although_its_rest_is_allowed() -> None:
    content = b"\x80\x04\x95" + struct.pack("<Q", 3) + b"cxxdatetime\ntimedelta\n."
    assert codes(scanned(content)) == {"broken"}


def _legacy(storage_bytes: int) -> bytes:
    """A file of torch before it used zip: magic number, version, system, object, keys, storages."""
    obj = Assembly(2).imports("torch._utils", "_rebuild_tensor_v2").mark()
    obj.mark().text("storage").imports("torch", "FloatStorage").text("7").text("cpu").integer(2).none().tuple().raw(
        b"Q"
    )
    obj.integer(0).integer(2).single().integer(1).single().raw(b"\x89")
    obj.imports("collections", "OrderedDict").empty_tuple().call().tuple().call()
    pickles = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
    head = b"".join(pickle.dumps(value, 2) for value in pickles)
    return head + obj.stop() + pickle.dumps(["7"], 2) + struct.pack("<q", 2) + bytes(storage_bytes)


def test_an_old_file_of_torch_ends_with_its_storages() -> None:
    found = scanned(_legacy(8))
    assert (found.format, found.verdict) == ("torch", Verdict.CLEAN)
    assert scanned(_legacy(7)).verdict is Verdict.REVIEW
    assert scanned(_legacy(8) + SYSTEM).verdict is Verdict.UNSAFE


@pytest.mark.parametrize(
    ("module", "limit", "content"),
    [
        (reading, "MAX_PICKLES", BENIGN * 6),
        (stream, "MAX_STREAM_BYTES", BENIGN),
        (stream, "MAX_FRAME_BYTES", BENIGN),
        (stream, "MAX_TEXT_BYTES", b"Np" + b" " * 100 + b"1\n."),
        (opcodes, "MAX_MARKS", b"(" * 6 + b"t" * 6 + b"."),
    ],
)
def test_what_goes_beyond_a_limit_is_for_review(
    module: Any, limit: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scanned(content).verdict is Verdict.CLEAN
    monkeypatch.setattr(module, limit, 5)
    assert codes(scanned(content)) == {"too_much"}


@pytest.mark.parametrize("literal", [b"V%b\n", b"S'%b'\n", b"L%b\n", b"F%b\n"])
def test_the_rest_of_a_long_line_is_skipped(literal: bytes) -> None:
    content = literal.replace(b"%b", b"1" * 200_000)
    assert scanned(content + b".").verdict is Verdict.CLEAN
    assert scanned(content + b"0" + SYSTEM[2:]).imports == ("os.system",)
    assert codes(scanned(content[:-1])) == {"broken"}


def test_a_number_in_a_long_line_is_not_known_by_its_beginning() -> None:
    assert codes(scanned(b"I0x" + b"0" * 100_000 + b"5\n.")) == {"malformed"}


def test_opcodes_and_objects_are_counted_over_all_pickles_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_OPCODES", 100)
    assert scanned(b"N0" * 49 + b"N.").verdict is Verdict.CLEAN
    assert codes(scanned(b"N0" * 49 + b"N." + b"N0N.")) == {"too_much"}
    monkeypatch.setattr(budget, "MAX_OBJECTS", 10)
    assert codes(scanned(b"}0" * 11 + b"N.")) == {"too_much"}


def test_names_and_arguments_are_bounded_so_that_no_file_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "too_much" in codes(scanned(Assembly().imports("collections", "O" * 10_000).stop()))
    call = Assembly().imports("builtins", "set").mark().raw(b"N" * 100).tuple().call().stop()
    assert codes(scanned(call)) == {"unexpected_call"}
    monkeypatch.setattr(machine, "MAX_DIFFERENT_IMPORTS", 1)
    two = Assembly().imports("builtins", "set").imports("builtins", "list").stop()
    assert codes(scanned(two)) == {"unknown_import", "too_much"}


def test_what_was_found_before_a_limit_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_OPCODES", 10)
    assert scanned(SYSTEM[:-1] + b"N0" * 10 + b".").verdict is Verdict.UNSAFE


def test_a_source_that_gives_no_more_bytes_makes_a_review() -> None:
    class Refusing(Bytes):
        def read(self, start: int, length: int) -> bytes:
            raise TooMuchReadError

    assert codes(scan_pickle(Refusing(BENIGN))) == {"too_much"}


def test_long_values_are_skipped_without_being_read() -> None:
    read = 0

    class Counting(Bytes):
        def read(self, start: int, length: int) -> bytes:
            nonlocal read
            read += length
            return super().read(start, length)

    content = pickle.dumps([bytes(30_000_000), "x" * 10_000_000], 5)
    assert scan_pickle(Counting(content)).verdict is Verdict.CLEAN
    assert read < 3_000_000


def test_many_imports_are_cut_and_the_worst_is_kept() -> None:
    assembly = Assembly()
    for number in range(limits.MAX_IMPORTS + 10):
        assembly.imports("unknown", f"name{number}").pop()
    found = scanned(assembly.imports("os", "system").stop())
    assert len(found.imports) == limits.MAX_IMPORTS
    assert len(found.reasons) <= limits.MAX_REASONS + 1
    assert found.verdict is Verdict.UNSAFE


def test_names_are_shown_without_control_characters_and_cut() -> None:
    (shown,) = scanned(Assembly().imports("a\x1b[31m", "b" * 500).stop()).imports
    assert "\x1b" not in shown
    assert len(shown) < 250


@given(content=st.binary(max_size=30).filter(lambda content: b"\n" not in content))
def test_quoted_strings_mean_what_they_mean_to_python(content: bytes) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = codecs.escape_decode(content)[0]
    except ValueError:
        with pytest.raises(BrokenError):
            unescaped(b"'" + content + b"'")
    else:
        assert unescaped(b"'" + content + b"'") == expected
