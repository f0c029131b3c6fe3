"""What is compressed is judged by what it unpacks to."""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable

import pytest

from chalicelib.domain.scanning.containers.streams import unpack
from chalicelib.domain.scanning.ranges import Allowance
from chalicelib.domain.scanning.source import Bytes, TooMuchReadError
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import RUNS_A_SHELL, codes, scanned, verdict, zipped

PACKERS = [gzip.compress, bz2.compress, lzma.compress, zlib.compress, lambda it: lzma.compress(it, lzma.FORMAT_ALONE)]
IDS = ["gzip", "bzip2", "xz", "zlib", "lzma"]


@pytest.mark.parametrize("pack", PACKERS, ids=IDS)
def test_a_pickle_is_followed_however_it_is_compressed(pack: Callable[[bytes], bytes]) -> None:
    assert verdict("model.joblib", pack(b"\x80\x02}.")) is Verdict.CLEAN
    assert verdict("model.joblib", pack(RUNS_A_SHELL)) is Verdict.UNSAFE


@pytest.mark.parametrize("pack", PACKERS, ids=IDS)
def test_what_comes_before_a_break_is_followed(pack: Callable[[bytes], bytes]) -> None:
    """Loaders run a pickle before they reach the end of its stream."""
    whole = pack(RUNS_A_SHELL + bytes(range(256)) * 400)
    assert codes("model.joblib", whole[:-4]) >= {"malformed", "denied_import"}


def test_what_comes_before_damage_is_followed_although_a_decompressor_keeps_it_back() -> None:
    content = gzip.compress(RUNS_A_SHELL, mtime=0)
    assert codes("model.joblib", content[:-8] + b"another!") == {"malformed", "denied_import"}


@pytest.mark.parametrize("pack", PACKERS[:3], ids=IDS[:3])
def test_streams_that_follow_each_other_are_one(pack: Callable[[bytes], bytes]) -> None:
    assert verdict("model.joblib", pack(RUNS_A_SHELL[:5]) + pack(RUNS_A_SHELL[5:])) is Verdict.UNSAFE


def test_what_follows_a_stream_is_for_review() -> None:
    assert verdict("notes.gz", gzip.compress(b"Notes.\n")) is Verdict.CLEAN
    assert codes("notes.gz", gzip.compress(b"Notes.\n") + b"more") == {"malformed"}


def test_an_archive_in_a_compressed_archive_is_opened() -> None:
    """A SageMaker model: a checkpoint in a ``model.tar.gz``."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as made:
        content = zipped({"model/data.pkl": RUNS_A_SHELL})
        member = tarfile.TarInfo("model.pth")
        member.size = len(content)
        made.addfile(member, io.BytesIO(content))
    found = scanned("model.tar.gz", archive.getvalue())
    assert [(reason.code, reason.where) for reason in found.reasons] == [("denied_import", "model.pth: model/data.pkl")]


def test_what_is_compressed_twice_is_for_review() -> None:
    assert codes("notes.gz.gz", gzip.compress(gzip.compress(b"Notes.\n"))) == {"nested"}


def test_a_stream_that_becomes_a_hundred_times_as_large_is_for_review() -> None:
    assert "ratio" in codes("zeros.gz", gzip.compress(b" " * 4_000_000))


def test_a_stream_that_becomes_more_than_a_scan_may_unpack_is_given_up() -> None:
    packed = Bytes(gzip.compress(b" " * 1_000_000))
    assert len(unpack("gzip", packed, Allowance(1_000_000)).content) == 1_000_000
    with pytest.raises(TooMuchReadError):
        unpack("gzip", packed, Allowance(999_999))
