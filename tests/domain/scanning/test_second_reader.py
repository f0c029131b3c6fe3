"""What another reader of pickles is given of a file, and what counts of that which it sees."""

import gzip
import io
import pickle
import tarfile
import zipfile

import pytest

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.reasons import review
from chalicelib.domain.scanning.scan import scan_file, scan_pickles
from chalicelib.domain.scanning.second_reader import SeenImport, failed, only_second, second_reading, unread
from chalicelib.domain.scanning.source import Bytes, Source
from chalicelib.domain.scanning.verdict import Verdict

PICKLE = pickle.dumps({"weights": [1.0, 2.0]})
# Protocol 0: nothing at its beginning says that it is a pickle.
HIDDEN = b"ccollections\nOrderedDict\n(tR."
NPY_OBJECTS = b"\x93NUMPY\x01\x00" + (56).to_bytes(2, "little")
NPY_OBJECTS += b"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}".ljust(55) + b"\n" + PICKLE


def archive(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return written.getvalue()


def tarred(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as packed:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        packed.addfile(member, io.BytesIO(content))
    return written.getvalue()


def given_to_another(path: str, content: bytes) -> list[bytes]:
    """The pickles that another reader is given of a file."""
    seen: list[bytes] = []

    def read(source: Source) -> FileScan:
        seen.append(source.read(0, source.size))
        return FileScan("")

    scan_pickles(path, Bytes(content), read)
    return seen


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("model.pkl", PICKLE),
        ("model.pkl.gz", gzip.compress(PICKLE)),
        ("model.tar", tarred("inner/model.pkl", PICKLE)),
        ("model.pt", archive({"archive/data.pkl": PICKLE, "archive/version": b"3"})),
        ("objects.npy", NPY_OBJECTS),
        ("weights.safetensors", PICKLE),
    ],
)
def test_it_is_given_each_pickle_wherever_it_is_packed(path: str, content: bytes) -> None:
    assert given_to_another(path, content) == [PICKLE]


def test_it_is_given_a_pickle_that_looks_like_something_else() -> None:
    assert given_to_another("weights.bin", HIDDEN) == [HIDDEN]


@pytest.mark.parametrize(
    ("path", "content"), [("config.json", b'{"a": 1}'), ("README.md", b"call me\nwhen\n"), ("a.bin", bytes(500))]
)
def test_it_is_given_nothing_else(path: str, content: bytes) -> None:
    assert given_to_another(path, content) == []


def test_where_it_found_something_in_an_archive_is_said() -> None:
    def read(_: Source) -> FileScan:
        return second_reading("other 1", [SeenImport("os", "system", denied=True)], whole=True)

    (reason,) = scan_pickles("model.pt", Bytes(archive({"archive/data.pkl": PICKLE})), read).reasons
    assert (reason.verdict, reason.code, reason.where) == (Verdict.UNSAFE, "second_opinion", "archive/data.pkl")
    assert reason.text == "other 1 sees that loading it imports os.system, which it lists as dangerous."


def test_an_import_on_neither_list_is_for_review() -> None:
    found = second_reading("other 1", [SeenImport("acme.model", "Net", denied=False)] * 2, whole=True)
    assert [reason.verdict for reason in found.reasons] == [Verdict.REVIEW]


def test_what_the_registry_allows_does_not_count_whatever_the_other_s_list_says() -> None:
    allowed = [
        SeenImport("sklearn.linear_model._logistic", "LogisticRegression", denied=False),
        SeenImport("uuid", "UUID", denied=True),
        # As protocol 2 writes it.
        SeenImport("__builtin__", "xrange", denied=False),
    ]
    assert second_reading("other 1", allowed, whole=True) == FileScan("pickle")


def test_what_it_could_not_read_to_its_end_is_noted_and_what_it_failed_at_is_for_review() -> None:
    assert second_reading("other 1", [], whole=False) == unread("other 1")
    assert [reason.code for reason in unread("other 1").reasons] == ["no_second_opinion"]
    assert unread("other 1").verdict is Verdict.CLEAN
    assert failed("other 1", "ValueError").verdict is Verdict.REVIEW


def test_a_hostile_pickle_does_not_fill_the_findings() -> None:
    seen = [SeenImport("acme", f"{number:0300}", denied=False) for number in range(5_000)]
    found = second_reading("other 1", seen, whole=True)
    assert found.verdict is Verdict.REVIEW
    assert len(found.reasons) < 250 and max(len(reason.text) for reason in found.reasons) < 400


def test_what_the_registry_s_own_scan_says_of_the_file_is_not_repeated() -> None:
    cut = archive({"archive/data.pkl": PICKLE})[:-30]
    own = scan_file("model.pt", Bytes(cut))
    assert own.verdict is Verdict.REVIEW
    assert only_second(FileScan("zip", (*own.reasons, review("second_opinion", "Seen.")))).reasons == (
        review("second_opinion", "Seen."),
    )
