"""Zip archives are judged by every member, and by whether all readers see the same ones."""

import io
import json
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import RUNS_A_SHELL, codes, scanned, verdict, zipped
from tests.domain.scanning.pickles.assembler import array_file

HARMLESS = {"model/data.pkl": b"\x80\x02}.", "model/version": b"3\n"}
HOSTILE = {"model/data.pkl": RUNS_A_SHELL, "model/version": b"3\n"}
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def patched(content: bytes, signature: bytes, offset: int, replacement: bytes) -> bytes:
    """The archive with other bytes at an offset into the first header of a kind."""
    at = content.index(signature) + offset
    return content[:at] + replacement + content[at + len(replacement) :]


def test_an_archive_of_harmless_members_is_clean() -> None:
    found = scanned("model.pt", zipped(HARMLESS))
    assert (found.format, found.reasons) == ("torch", ())


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_pickle_in_an_archive_is_followed_whether_it_is_packed_or_not(compression: int) -> None:
    assert verdict("model.pt", zipped(HOSTILE, compression)) is Verdict.UNSAFE


def test_a_pickle_is_told_by_its_content_whatever_the_member_is_called() -> None:
    found = scanned("archive.zip", zipped({"notes": RUNS_A_SHELL}))
    assert [(reason.code, reason.where) for reason in found.reasons] == [("denied_import", "notes")]


@pytest.mark.parametrize(
    ("offset", "replacement", "what"),
    [
        (30, b"M", "name"),
        (6, b"\x01\x00", "flags"),
        (8, b"\x08\x00", "method"),
        (14, b"\xff", "checksum"),
        (18, b"\xff", "size"),
        (22, b"\xff", "size"),
    ],
)
def test_a_header_that_differs_from_the_directory_is_for_review(offset: int, replacement: bytes, what: str) -> None:
    """CVE-2025-1944 hid a pickle by another name, CVE-2025-1945 by flags, CVE-2025-10156 by a wrong checksum."""
    (reason, *_) = scanned("model.pt", patched(zipped(HARMLESS), LOCAL, offset, replacement)).reasons
    assert (reason.verdict, reason.code) == (Verdict.REVIEW, "zip_headers_differ")
    assert what in reason.text


def test_a_member_without_a_header_where_the_directory_says_is_for_review() -> None:
    content = zipped(HARMLESS)
    at = content.rindex(LOCAL)
    assert "zip_headers_differ" in codes("model.pt", content[:at] + b"XX" + content[at + 2 :])


@pytest.mark.parametrize(("offset", "replacement"), [(30, b"M"), (6, b"\x01\x00"), (14, b"\xff")])
def test_a_member_whose_header_differs_is_followed_all_the_same(offset: int, replacement: bytes) -> None:
    assert verdict("model.pt", patched(zipped(HOSTILE), LOCAL, offset, replacement)) is Verdict.UNSAFE


def test_a_wrong_checksum_in_both_places_does_not_keep_a_pickle_from_being_followed() -> None:
    content = patched(patched(zipped(HOSTILE), LOCAL, 14, b"\0" * 4), CENTRAL, 16, b"\0" * 4)
    assert verdict("model.pt", content) is Verdict.UNSAFE


def test_an_encrypted_member_is_for_review() -> None:
    content = patched(patched(zipped(HARMLESS), LOCAL, 6, b"\x01"), CENTRAL, 8, b"\x01")
    assert codes("model.zip", content) == {"encrypted"}


def test_a_member_that_is_packed_in_another_way_is_for_review() -> None:
    assert codes("model.zip", zipped(HARMLESS, zipfile.ZIP_BZIP2)) == {"zip_method"}


@pytest.mark.parametrize(
    "name", ["../evil.py", "/etc/passwd", "a/../../b", "C:\\evil.dll", "C:/evil.dll", "..\\evil.py"]
)
def test_a_member_that_leaves_its_directory_is_unsafe(name: str) -> None:
    found = scanned("model.zip", zipped({name: b"x"}))
    assert (found.verdict, found.reasons[0].code) == (Verdict.UNSAFE, "path_traversal")


def test_a_member_that_may_be_meant_for_another_drive_is_for_review() -> None:
    """Variables of TensorFlow are called so, and are no reason to keep their archive from everybody."""
    for name in ("C:evil.dll", "w:0.npy"):
        assert scanned("model.npz", zipped({name: b"x"})).reasons[0].code == "drive"
    assert scanned("model.npz", zipped({"1:0.txt": b"x"})).verdict is Verdict.CLEAN


def test_a_member_with_a_second_name_is_for_review_and_unsafe_if_that_one_leads_out() -> None:
    """Newer readers take Info-ZIP's name in Unicode, and older ones the other."""
    for name, expected in (("a.txt", Verdict.CLEAN), ("b.pkl", Verdict.REVIEW), ("../b", Verdict.UNSAFE)):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as made:
            member = zipfile.ZipInfo("a.txt")
            member.extra = struct.pack("<2HBL", 0x7075, 5 + len(name), 1, 0) + name.encode()
            made.writestr(member, b"a")
        assert verdict("model.zip", archive.getvalue()) is expected


def test_a_symbolic_link_is_for_review() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        link = zipfile.ZipInfo("model.bin")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert "symlink" in codes("model.zip", archive.getvalue())


def test_a_member_that_the_directory_does_not_name_is_for_review() -> None:
    """A reader that goes from header to header would find it."""
    whole = zipped({"a.txt": b"a", "b.pkl": RUNS_A_SHELL, "c.txt": b"c"})
    start, count = whole.index(CENTRAL), 3
    entries = [CENTRAL + entry for entry in whole[start : whole.index(b"PK\x05\x06")].split(CENTRAL)[1:]]
    directory = entries[0] + entries[2]
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count - 1, count - 1, len(directory), start, 0)
    assert codes("model.zip", whole[:start] + directory + end) == {"zip_hidden"}


def test_members_that_share_bytes_are_for_review() -> None:
    content = zipped({"a.txt": b"a" * 50, "b.txt": b"b" * 50})
    (first, second) = [content.index(LOCAL), content.rindex(LOCAL)]
    assert first == 0
    overlapping = content.replace(struct.pack("<L", second) + b"b.txt", struct.pack("<L", 0) + b"b.txt")
    assert "zip_overlap" in codes("model.zip", overlapping)


def test_content_before_an_archive_is_for_review() -> None:
    assert "zip_prefix" in codes("model.zip", b"PK\x03\x04 other" + zipped(HARMLESS))


def test_an_archive_behind_other_content_is_found_although_its_comment_is_long() -> None:
    archive = io.BytesIO(b"GIF89a" + bytes(100_000))
    with zipfile.ZipFile(archive, "a") as made:
        made.writestr("a.pkl", RUNS_A_SHELL)
        made.comment = b"c" * 60_000
    for path in ("model.bin", "model.gif"):
        assert codes(path, archive.getvalue()) >= {"denied_import", "polyglot"}


@pytest.mark.parametrize("path", ["model.bin", "notes.txt"])
def test_an_archive_whose_places_are_counted_from_nowhere_is_found(path: str) -> None:
    """Python's reader takes the difference between where the directory is and should be off every place."""
    archive = io.BytesIO(b"A text.\n" * 1_000)
    with zipfile.ZipFile(archive, "a") as made:
        made.writestr("data.pkl", RUNS_A_SHELL)
    content = bytearray(archive.getvalue())
    for at in (content.rindex(CENTRAL) + 42, content.rindex(b"PK\x05\x06") + 16):
        content[at : at + 4] = struct.pack("<L", struct.unpack_from("<L", content, at)[0] + 500)
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as read:
        assert read.read("data.pkl") == RUNS_A_SHELL
    assert "polyglot" in codes(path, bytes(content))


def test_the_signature_of_an_end_alone_is_no_archive() -> None:
    assert verdict("picture.gif", b"GIF89a" + bytes(100_000) + b"PK\x05\x06" + b"\x77" * 2_000) is Verdict.CLEAN


CALLS_OS = json.dumps({"class_name": "function", "module": "os", "config": "system", "registered_name": None}).encode()
NAMES_OS = json.dumps({"__class__": "system", "__module__": "os", "__loader__": "TypeNode"}).encode()
OBJECTS = array_file("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", RUNS_A_SHELL)


@pytest.mark.parametrize(
    ("path", "members"),
    [
        ("model.keras", {"x/data.pkl": HARMLESS["model/data.pkl"], "config.json": CALLS_OS}),
        ("model.skops", {"x/data.pkl": HARMLESS["model/data.pkl"], "schema.json": NAMES_OS}),
        ("model.skops", {"config.json": b"{}", "model.weights.h5": b"x", "schema.json": NAMES_OS}),
        ("model.zip", {"x/data.pkl": HARMLESS["model/data.pkl"], "schema.json": NAMES_OS}),
        ("model.npz", {"x/data.pkl": HARMLESS["model/data.pkl"], "x/data/0": OBJECTS}),
    ],
)
def test_an_archive_that_is_two_kinds_of_model_is_judged_by_the_rules_of_both(
    path: str, members: dict[str, bytes]
) -> None:
    """Members of another kind of model must not keep the rules of the real one from being asked."""
    found = codes(path, zipped(members))
    assert "several_packages" in found
    assert found & {"denied_import", "keras_class"}


def test_an_archive_with_two_ends_is_for_review() -> None:
    """Some readers take the last end, and others the one whose comment reaches to the end of the file."""
    content = zipped(HARMLESS)
    empty = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, 0, len(content), 0)
    assert "zip_ambiguous" in codes("model.zip", content[:-2] + struct.pack("<H", len(empty)) + empty)
    assert "zip_ambiguous" in codes("model.zip", content + b"more")


def test_two_members_of_one_name_are_for_review() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("data.txt", b"a")
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("data.txt", b"b")
    assert codes("model.zip", archive.getvalue()) == {"duplicate_member"}


def test_a_member_that_becomes_a_hundred_times_as_large_is_for_review() -> None:
    bomb = zipped({"zeros.txt": b" " * 4_000_000}, zipfile.ZIP_DEFLATED)
    assert "ratio" in codes("model.zip", bomb)


def test_a_member_that_becomes_less_than_it_says_is_for_review() -> None:
    content = zipped({"a.txt": b"a" * 5_000}, zipfile.ZIP_DEFLATED)
    longer = patched(patched(content, LOCAL, 22, b"\xff\xff"), CENTRAL, 24, b"\xff\xff")
    assert codes("model.zip", longer) == {"malformed"}


def test_archives_are_opened_two_deep() -> None:
    one = zipped({"data.pkl": RUNS_A_SHELL})
    two = zipped({"one.zip": one})
    assert verdict("two.zip", two) is Verdict.UNSAFE
    assert codes("three.zip", zipped({"two.zip": two})) == {"nested"}


def test_an_archive_of_too_many_members_is_for_review() -> None:
    assert codes("model.zip", zipped({f"{number}": b"" for number in range(10_001)})) == {"too_many_members"}


def test_an_archive_whose_directory_is_cut_is_for_review() -> None:
    content = zipped(HARMLESS)
    assert codes("model.zip", content[: content.index(CENTRAL) + 20]) == {"malformed"}


@given(data=st.data())
def test_no_other_byte_around_a_hostile_pickle_makes_its_archive_clean(data: st.DataObject) -> None:
    content = zipped(HOSTILE)
    payload = content.index(RUNS_A_SHELL)
    outside = [at for at in range(len(content)) if not payload <= at < payload + len(RUNS_A_SHELL)]
    at = data.draw(st.sampled_from(outside))
    changed = content[:at] + bytes([data.draw(st.integers(0, 255))]) + content[at + 1 :]
    assert scan_file("model.pt", Bytes(changed)).verdict in {Verdict.REVIEW, Verdict.UNSAFE}
