"""Tar archives are judged by every member and by where it would be extracted to."""

import io
import struct
import tarfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import RUNS_A_SHELL, codes, scanned, verdict

FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def tarred(members: Mapping[str, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=kind) as made:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return archive.getvalue()


def headed(
    name: str, content: bytes, kind: bytes = tarfile.REGTYPE, size: bytes = b"", *, signed: bool = False
) -> bytes:
    """A member with a header in which ``size`` may say something else. ``signed`` says how the checksum is counted."""
    member = tarfile.TarInfo(name)
    member.size, member.type = len(content), kind
    header = bytearray(member.tobuf(tarfile.USTAR_FORMAT, "latin-1"))
    header[124 : 124 + len(size)] = size
    header[148:156] = b" " * 8
    checksum = sum(struct.unpack("512b", header)) if signed else sum(header)
    header[148:156] = b"%06o\0 " % checksum
    return bytes(header) + content + b"\0" * (-len(content) % 512)


def pax_record(keyword: str, value: str) -> bytes:
    record = f" {keyword}={value}\n".encode()
    return b"%d" % (len(record) + 2) + record


END = bytes(1024)
HOSTILE = headed("evil.pkl", RUNS_A_SHELL)
EVIL, HARMLESS = pax_record("path", "evil.pkl"), pax_record("path", "notes.txt")


def python_finds(content: bytes) -> bool:
    """Whether Python's reader has a member with a hostile pickle in it."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        read = [archive.extractfile(member) for member in archive.getmembers() if member.isfile()]
        return any(one is not None and one.read() == RUNS_A_SHELL for one in read)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("model.tar", headed("evil.pkl/", RUNS_A_SHELL) + END),
        ("model.tar", headed("notes/", HOSTILE, tarfile.AREGTYPE) + END),
        ("model.tar", headed("notes.txt", HOSTILE, size=b"\0%010o\0" % len(HOSTILE)) + END),
        ("model.tar", headed("pax", EVIL, b"g") + headed("notes.txt", RUNS_A_SHELL) + END),
        ("model.tar", headed("pax", EVIL, b"x") + headed("pax", HARMLESS, b"x") + headed("a", RUNS_A_SHELL) + END),
        ("model.tar", headed("l", b"evil.pkl\0", b"L") + headed("x", HARMLESS, b"x") + headed("a", RUNS_A_SHELL) + END),
        ("model.nemo", headed("\xe9\xe9.txt", b"a", signed=True) + HOSTILE + END),
        ("model.nemo", headed("GIF89a", b"a") + HOSTILE + END),
        ("model.nemo", headed("PAR1", b"a") + HOSTILE + END),
    ],
    ids=[
        "a-file-called-like-a-directory",
        "an-old-directory-with-a-size",
        "a-size-behind-an-empty-byte",
        "one-name-for-all",
        "two-extended-headers",
        "a-long-name-and-an-extended-header",
        "a-signed-checksum",
        "begins-as-a-picture",
        "begins-as-a-table",
    ],
)
def test_what_other_readers_find_in_an_archive_is_not_hidden_from_the_scan(path: str, content: bytes) -> None:
    assert python_finds(content)
    assert verdict(path, content) in {Verdict.REVIEW, Verdict.UNSAFE}


def test_a_name_that_only_python_puts_together_is_for_review() -> None:
    member = bytearray(headed("notes.txt", b"a"))
    member[257:265], member[345:347], member[148:156] = b"ustar  \0", b"..", b" " * 8
    member[148:156] = b"%06o\0 " % sum(member[:512])
    content = bytes(member) + END
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        assert archive.getnames() == ["../notes.txt"]
    assert codes("model.tar", content) == {"malformed"}


def test_an_archive_of_git_and_directories_are_clean() -> None:
    """git writes the commit into a header for all members."""
    commit = headed("pax_global_header", pax_record("comment", "0" * 40), b"g")
    content = commit + headed("model/", b"", tarfile.DIRTYPE) + headed("old/", b"", tarfile.AREGTYPE)
    assert verdict("model.tar", content + headed("model/a.txt", b"a") + END) is Verdict.CLEAN


def with_member(member: tarfile.TarInfo) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as made:
        made.addfile(member)
    return archive.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_members_are_found_under_their_whole_names(kind: int) -> None:
    long = "/".join(["d" * 40] * 3) + "/weights.bin"
    assert verdict("model.tar", tarred({"a.txt": b"a", "b/c.json": b"{}"}, kind)) is Verdict.CLEAN
    found = scanned("model.tar", tarred({"a.txt": b"a", long: RUNS_A_SHELL}, kind))
    assert [(reason.code, reason.where) for reason in found.reasons] == [("denied_import", long)]


@pytest.mark.parametrize("name", ["../evil.py", "/etc/cron.d/evil"])
def test_a_member_that_leaves_its_directory_is_unsafe(name: str) -> None:
    assert verdict("model.tar", tarred({name: b"x"})) is Verdict.UNSAFE


@pytest.mark.parametrize(
    ("kind", "target", "expected"),
    [
        (tarfile.SYMTYPE, "weights.bin", Verdict.REVIEW),
        (tarfile.LNKTYPE, "weights.bin", Verdict.REVIEW),
        (tarfile.SYMTYPE, "../../etc/passwd", Verdict.UNSAFE),
        (tarfile.SYMTYPE, "/etc/passwd", Verdict.UNSAFE),
        (tarfile.SYMTYPE, "../blobs/weights.bin", Verdict.REVIEW),
        (tarfile.SYMTYPE, "..\\..\\weights.bin", Verdict.UNSAFE),
        (tarfile.LNKTYPE, "../blobs/weights.bin", Verdict.UNSAFE),
        (tarfile.FIFOTYPE, "", Verdict.UNSAFE),
        (tarfile.CHRTYPE, "", Verdict.UNSAFE),
    ],
)
def test_links_are_for_review_and_those_that_lead_out_and_devices_are_unsafe(
    kind: bytes, target: str, expected: Verdict
) -> None:
    member = tarfile.TarInfo("snapshot/link")
    member.type, member.linkname = kind, target
    assert verdict("model.tar", with_member(member)) is expected


def test_content_after_the_end_is_for_review() -> None:
    archive = tarred({"a.txt": b"a"})
    assert codes("model.tar", archive + tarred({"b.pkl": RUNS_A_SHELL})) == {"tar_trailing"}


def test_an_archive_without_an_end_is_for_review_and_its_members_are_followed() -> None:
    archive = tarred({"a.pkl": RUNS_A_SHELL})
    assert codes("model.tar", archive[:1024]) == {"malformed", "denied_import"}


def test_a_checkpoint_of_pytorch_before_1_is_for_review_and_its_pickle_is_followed() -> None:
    members = {"pickle": b"\x80\x02}.", "storages": b"\x80\x02K\x00.", "tensors": b"\x80\x02K\x00."}
    found = scanned("model.pt", tarred(members))
    assert (found.format, found.verdict) == ("torch_tar", Verdict.REVIEW)
    assert verdict("model.pt", tarred(members | {"pickle": RUNS_A_SHELL})) is Verdict.UNSAFE


def test_what_nemo_would_call_is_found() -> None:
    settings = b"model:\n  _target_: os.system\n"
    found = scanned("model.nemo", tarred({"./model_config.yaml": settings}))
    assert (found.format, found.verdict) == ("nemo", Verdict.UNSAFE)


def test_a_member_with_holes_is_for_review() -> None:
    member = tarfile.TarInfo("weights.bin")
    member.pax_headers = {"GNU.sparse.major": "1"}
    assert codes("model.tar", with_member(member)) == {"malformed"}


@given(data=st.data())
def test_no_other_byte_of_a_header_makes_an_archive_with_a_hostile_pickle_clean(data: st.DataObject) -> None:
    content = tarred({"a.pkl": RUNS_A_SHELL}, tarfile.USTAR_FORMAT)
    at = data.draw(st.integers(0, 511))
    changed = content[:at] + bytes([data.draw(st.integers(0, 255))]) + content[at + 1 :]
    assert verdict("model.tar", changed) in {Verdict.REVIEW, Verdict.UNSAFE}
