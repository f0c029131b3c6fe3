"""A file is read as what its content says, whatever it is called."""

import io
import zipfile

import pytest

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes, TooMuchReadError
from chalicelib.domain.scanning.verdict import Verdict


def codes(path: str, content: bytes) -> set[str]:
    return {reason.code for reason in scan_file(path, Bytes(content)).reasons}


def test_text_is_clean_and_bytes_that_no_rule_knows_are_not_scanned() -> None:
    assert scan_file("notes.txt", Bytes(b"Trained in May.\n")).verdict is Verdict.CLEAN
    assert scan_file("weights.bin", Bytes(bytes(range(256)))).verdict is Verdict.UNSCANNED


def test_a_name_that_promises_something_else_than_the_content_is_for_review() -> None:
    assert "disguised" in codes("model.safetensors", b"Trained in May.\n")


def test_a_file_that_is_also_an_archive_from_its_end_is_read_as_both() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("../hook.py", "print()")
    found = codes("notes.txt", b"Trained in May.\n" * 20 + archive.getvalue())
    assert {"polyglot", "path_traversal"} <= found


class _Exhausted:
    size = 10

    def read(self, start: int, length: int) -> bytes:
        raise TooMuchReadError


def test_a_source_that_gives_no_more_bytes_makes_the_file_one_for_review() -> None:
    assert scan_file("model.pkl", _Exhausted()).verdict is Verdict.REVIEW


class _Unreachable:
    """Gives the beginning of a large file, and then no more."""

    size = 1_000_000

    def __init__(self, beginning: bytes) -> None:
        self._beginning = beginning

    def read(self, start: int, length: int) -> bytes:
        if start:
            raise ConnectionError("the storage does not answer")
        return self._beginning.ljust(length, b"\0")


@pytest.mark.parametrize(
    ("path", "beginning"),
    [("a.zip", b"PK\x03\x04"), ("a.gz", b"BZh91AY&SY"), ("a.pkl", b"\x80\x04T\xff\xff\x04\0"), ("a.gguf", b"GGUF")],
)
def test_what_the_source_itself_raises_comes_through(path: str, beginning: bytes) -> None:
    with pytest.raises(ConnectionError):
        scan_file(path, _Unreachable(beginning))
