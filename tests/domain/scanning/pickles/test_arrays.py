"""Arrays that joblib writes between opcodes, and files of NumPy."""

import pickle

import pytest

from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.pickles.assembler import Assembly, array_file, array_of_joblib, dtype
from tests.domain.scanning.pickles.corpus import ARRAY
from tests.domain.scanning.pickles.scanned import codes, scanned

NUMBERS = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"


def test_the_elements_of_an_array_are_skipped_and_what_follows_is_read() -> None:
    elements = b"\x02\xff\xff" + bytes(range(24))
    found = scanned(array_of_joblib(Assembly(), "f8", (3,)).raw(elements).stop())
    assert (found.format, found.verdict) == ("joblib", Verdict.CLEAN)
    followed = array_of_joblib(Assembly(), "f8", (3,)).raw(elements).runs("os", "system", "true").stop()
    assert "os.system" in scanned(followed).imports


@pytest.mark.parametrize(("code", "each"), [("f8", 8), ("b1", 1), ("U3", 12), ("S5", 5), ("M8", 8), ("c16", 16)])
def test_the_length_of_an_array_follows_from_its_type_and_shape(code: str, each: int) -> None:
    size = each if code[0] in "US" else -1
    content = array_of_joblib(Assembly(), code, (2, 2), size=size).raw(b"\x00" + bytes(4 * each)).stop()
    assert scanned(content).verdict is Verdict.CLEAN
    assert scanned(content[:-2] + b".").verdict is Verdict.REVIEW


def test_an_array_of_objects_is_a_pickle_that_is_followed() -> None:
    inner = pickle.dumps(["a", "b"], 2)
    found = scanned(array_of_joblib(Assembly(), "O8", (2,), flags=63).raw(inner).stop())
    assert (found.format, found.verdict) == ("joblib", Verdict.CLEAN)


def test_an_array_without_elements_has_none_to_skip() -> None:
    assert scanned(array_of_joblib(Assembly(), "f8", (0, 3)).raw(b"\x00").stop()).verdict is Verdict.CLEAN


@pytest.mark.parametrize("shape", [(-1,), (2**31 - 1,) * 3])
def test_an_array_that_is_longer_than_the_file_or_of_no_length_is_for_review(shape: tuple[int, ...]) -> None:
    assert codes(scanned(array_of_joblib(Assembly(), "f8", shape).raw(b"\x00" * 9).stop())) == {"broken"}


@pytest.mark.parametrize(
    ("code", "flags", "size", "fits"),
    [
        ("f8", 0, -1, True),
        ("O8", 63, -1, True),
        ("U3", 8, 12, True),
        ("U3", 8, 16, False),
        ("S5", 0, 5, True),
        ("S5", 0, -1, False),
        ("V4", 0, 4, True),
        ("V4", 0, 8, False),
        ("f8", 3, -1, False),
    ],
)
def test_a_type_of_elements_is_clean_if_its_parts_fit_together(code: str, flags: int, size: int, fits: bool) -> None:
    found = scanned(dtype(Assembly(), code, flags=flags, size=size).stop())
    assert found.verdict is (Verdict.CLEAN if fits else Verdict.REVIEW)


@pytest.mark.parametrize(
    ("code", "version", "unit", "fits"),
    [
        ("V8", 2, False, False),
        ("f8", 1, False, False),
        ("f8", 4, True, False),
        ("M8", 4, True, True),
        ("M8", 4, False, False),
    ],
)
def test_a_type_of_elements_is_clean_in_the_states_that_numpy_writes(
    code: str, version: int, unit: bool, fits: bool
) -> None:
    """Of others, NumPy believes something else, or crashes."""
    content = dtype(Assembly(), code, size=8 if code == "V8" else -1, version=version, unit=unit).stop()
    assert scanned(content).verdict is (Verdict.CLEAN if fits else Verdict.REVIEW)


def _fields(field_code: str, offset: int) -> bytes:
    """A type of eight bytes with one field."""
    assembly = Assembly().imports("numpy", "dtype").mark().text("V8").raw(b"\x89\x88").tuple().call()
    assembly.mark().integer(3).text("|").none().text("a").single()
    dtype(assembly.empty_dictionary().text("a"), field_code, flags=63 if field_code == "O8" else 0)
    assembly.integer(offset).pair().set_item()
    return assembly.integer(8).integer(1).integer(16).tuple().build().stop()


@pytest.mark.parametrize(
    ("code", "offset", "fits"), [("f4", 4, True), ("f4", 5, False), ("f4", -1, False), ("O8", 0, False)]
)
def test_fields_lie_inside_of_their_type_and_are_no_objects(code: str, offset: int, fits: bool) -> None:
    found = scanned(_fields(code, offset))
    assert found.verdict is (Verdict.CLEAN if fits else Verdict.REVIEW)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_a_file_of_numbers_is_clean(version: tuple[int, int]) -> None:
    found = scanned(array_file(NUMBERS, bytes(48), version), ARRAY)
    assert (found.format, found.verdict, found.imports) == ("npy", Verdict.CLEAN, ())


def test_a_file_of_objects_is_as_good_as_their_pickle() -> None:
    header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    assert scanned(array_file(header, pickle.dumps([None])), ARRAY).verdict is Verdict.CLEAN
    assert codes(scanned(array_file(header, b""), ARRAY)) == {"broken"}


@pytest.mark.parametrize(
    "description",
    [
        "{'descr': [('a', '<f4'), ('b', '<i4', (1,))], 'fortran_order': False, 'shape': (6,), }",
        "{'descr': ('<f4', (2,)), 'fortran_order': True, 'shape': (6,), }",
        "{'descr': '<U2', 'fortran_order': True, 'shape': (3, 2), }",
        "{'descr': '<M8[ns]', 'fortran_order': True, 'shape': (6,), }",
    ],
)
def test_fields_and_subarrays_say_how_long_a_file_is(description: str) -> None:
    assert scanned(array_file(description, bytes(48)), ARRAY).verdict is Verdict.CLEAN
    assert codes(scanned(array_file(description, bytes(49)), ARRAY)) == {"broken"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        b"\x93NUMPY\x09\x00\x00\x00",
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff",
        array_file("{'descr': '<f8'}", b""),
        array_file("{'descr': 7, 'fortran_order': False, 'shape': ()}", b""),
        array_file("{'descr': 'f', 'fortran_order': False, 'shape': ()}", b""),
        array_file("{'descr': '<f8', 'fortran_order': False, 'shape': (True,)}", bytes(8)),
        array_file("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}", bytes(8)),
        array_file("{[]: 1}", b""),
        array_file("[" * 5_000 + "]" * 4_000, b""),
    ],
)
def test_a_file_that_cannot_be_understood_is_for_review(content: bytes) -> None:
    assert codes(scanned(content, ARRAY)) == {"broken"}
