"""Whatever a file holds, its scan ends with a verdict, and what runs when it is loaded is never clean."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.reasons import MAX_REASONS, joined, review
from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes, TooMuchReadError
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import RUNS_A_SHELL, Counted, scanned, verdict, zipped

NAMES = [
    *(
        "model",
        "model.bin",
        "model.dat",
        "model.pkl",
        "model.pt",
        "model.joblib",
        "model.npy",
        "model.npz",
        "model.tar",
    ),
    *("model.safetensors", "model.gguf", "model.onnx", "saved_model.pb", "model.keras", "model.h5", "model.skops"),
    *("config.json", "settings.yaml", "MLmodel", "chat_template.jinja", "code.py", "table.parquet", "run.tar.gz"),
]
BEGINNINGS = [
    *(b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\0", b"BZh9", b"\xfd7zXZ\x00", b"\x5d\0\0\x80\0" + b"\xff" * 8),
    *(
        b"\x93NUMPY\x01\0",
        b"GGUF\x03\0\0\0",
        b"\x89HDF\r\n\x1a\n",
        b"PAR1",
        b"\x80\x04",
        b"\x08\x0a\x12",
        b"MZ",
        b"x\x9c",
    ),
    b"\x10\0\0\0\0\0\0\0{",
]


class _Reduced:
    """Pickles as a call of what a hostile file would call, without calling it here."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return eval, ("1",)


@given(path=st.sampled_from(NAMES), beginning=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=300))
def test_no_bytes_under_any_name_raise(path: str, beginning: bytes, rest: bytes) -> None:
    document = scanned(path, beginning + rest).document()
    assert FileScan.from_document(json.loads(json.dumps(document))).document() == document


@pytest.mark.parametrize("path", NAMES)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_runs_something_is_not_clean_where_it_may_be_unpickled(path: str, protocol: int) -> None:
    content = pickle.dumps(_Reduced(), protocol)
    assert verdict(path, content) in {Verdict.REVIEW, Verdict.UNSAFE}
    assert verdict("archive.zip", zipped({path: content})) in {Verdict.REVIEW, Verdict.UNSAFE}


@pytest.mark.parametrize("path", ["model", "model.bin", "model.pkl", "model.pt", "weights.dat"])
@given(before=st.lists(st.sampled_from([b"(", b"N", b"]", b"}", b"K\x00", b"I1\n", b"Va\n", b"0" * 0]), max_size=50))
def test_opcodes_before_a_call_do_not_hide_it(path: str, before: list[bytes]) -> None:
    """Old protocols have no beginning of their own, and what comes after a call need not be a pickle."""
    content = b"".join(before) + RUNS_A_SHELL[:-1] + bytes(range(256))
    assert scan_file(path, Bytes(content)).verdict is Verdict.UNSAFE


def test_a_long_text_before_a_call_does_not_hide_it() -> None:
    content = b"T" + (100_000).to_bytes(4, "little") + b"a" * 100_000 + b"0" + RUNS_A_SHELL
    assert verdict("pytorch_model.bin", content) is Verdict.UNSAFE


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (b"V" + b"a" * 100_000 + b"\n0", Verdict.UNSAFE),
        (b"S'" + b"a" * 100_000 + b"'\n0", Verdict.UNSAFE),
        (b"(" * 20_000, Verdict.REVIEW),
        (b"N0" * 1_100_000, Verdict.REVIEW),
    ],
)
def test_what_looks_like_text_for_long_before_a_call_does_not_hide_it(before: bytes, expected: Verdict) -> None:
    assert verdict("pytorch_model.bin", before + RUNS_A_SHELL) is expected
    assert verdict("archive.zip", zipped({"model": before + RUNS_A_SHELL})) is expected


def test_text_with_long_lines_is_clean_whatever_it_begins_with() -> None:
    for first in "FILSV":
        assert verdict("words", f"{first}{'word ' * 40_000}\n".encode()) is Verdict.CLEAN


def test_a_frame_that_only_some_unpicklers_read_does_not_hide_a_call() -> None:
    assert verdict("model.bin", b"\x95((((((((" + RUNS_A_SHELL) is Verdict.UNSAFE
    assert verdict("model", b"Nr    " + RUNS_A_SHELL) is Verdict.UNSAFE


@pytest.mark.parametrize("path", ["notes.txt", "table.csv", "picture.gif", "files.tar"])
def test_another_file_may_say_that_what_is_called_like_data_is_unpickled(path: str) -> None:
    """MLflow unpickles what ``MLmodel`` names."""
    before = {"picture.gif": b"GIF89a\x01\x01\x010"}.get(path, b"")
    assert verdict(path, before + RUNS_A_SHELL) is Verdict.UNSAFE
    assert verdict(path, before + b"(" * 20_000 + RUNS_A_SHELL) is Verdict.REVIEW
    assert verdict(path, before + b"cos\nenviron\nS'PATH'\nS'.'\ns.") is Verdict.UNSAFE
    assert verdict(path, before + b"cmy\nClass\n}b.") is Verdict.REVIEW


@pytest.mark.parametrize("words", ["cos\nsin\ntan\n", "import\nos\n", "cat\nos\nR\n", "Very long\n" * 50_000])
def test_a_list_of_words_is_clean(words: str) -> None:
    assert verdict("words.txt", words.encode()) is Verdict.CLEAN


@pytest.mark.parametrize("first", [chr(code) for code in range(ord("!"), ord("~") + 1)])
def test_text_without_a_suffix_is_clean_whatever_it_begins_with(first: str) -> None:
    assert verdict("LICENSE", f"{first}his model is free.\nUse it.\n{first} {first}.\n".encode() * 50) is Verdict.CLEAN


def test_a_pickle_that_is_also_another_file_is_found_where_it_may_be_unpickled() -> None:
    """The name in a header of tar is free, and unpicklers stop at the end of their pickle."""
    header = bytearray(RUNS_A_SHELL.ljust(100, b"\0") + b"0000644\0" * 3 + b"00000000000\0" * 2 + b" " * 8 + b"0")
    header += bytes(512 - len(header))
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    tar = bytes(header) + bytes(1024)
    assert verdict("model.bin", tar) is Verdict.UNSAFE
    assert verdict("model.pt", tar) is Verdict.REVIEW


class _Giving:
    """A source that gives up after so many reads."""

    def __init__(self, content: bytes, reads: int) -> None:
        self._source = Counted(Bytes(content))
        self._reads = reads
        self.size = len(content)

    def read(self, start: int, length: int) -> bytes:
        if self._source.reads == self._reads:
            raise TooMuchReadError
        return self._source.read(start, length)


@given(reads=st.integers(0, 10))
def test_a_source_that_gives_up_at_any_read_never_makes_a_hostile_file_clean(reads: int) -> None:
    archive = zipped({"a.txt": b"a" * 70_000, "model.pkl": RUNS_A_SHELL, "b.json": b"{}"})
    assert scan_file("model.zip", _Giving(archive, reads)).verdict in {Verdict.REVIEW, Verdict.UNSAFE}


def test_an_import_by_a_long_way_is_found_in_a_file_of_no_known_format() -> None:
    """Since protocol 4 a name may lead through attributes, and back again."""
    content = b"N0\x80\x04cos\n" + b"path.os." * 40 + b"system\n(\x8c\x02idtR."
    assert verdict("weights.bin", content) is Verdict.UNSAFE


@pytest.mark.parametrize(
    ("path", "members"),
    [
        (
            "model.keras",
            {
                "config.json": [{"class_name": "\ud800", "module": "m"}, {"class_name": "Lambda"}],
                "model.weights.h5": "",
            },
        ),
        ("model.skops", {"schema.json": [{"__class__": "\ud800\n" * 500, "__module__": "os"}]}),
    ],
)
def test_whatever_a_file_names_can_be_kept_and_shown(path: str, members: dict[str, object]) -> None:
    """Half a character cannot be stored, and what cannot be stored is not known to be unsafe."""
    found = scanned(path, zipped({name: json.dumps({"parts": parts}).encode() for name, parts in members.items()}))
    assert found.verdict is Verdict.UNSAFE
    assert all(name.isprintable() and len(name) < 250 for name in found.imports)


def test_a_file_with_many_findings_keeps_the_worst() -> None:
    many = FileScan("zip", tuple(review("code", "Text.", f"{number}") for number in range(1_000)))
    worst = scanned("model.pkl", RUNS_A_SHELL)
    found = joined("zip", [many, worst])
    assert found.verdict is Verdict.UNSAFE
    assert len(found.reasons) == MAX_REASONS + 1
