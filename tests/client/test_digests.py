"""Digests of files and parts; how large files are cut."""

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage import Multipart, Segments
from moorage.digests import GIB, MAX_PART, MAX_PARTS, MIB, MIN_PART, digest_file


@given(body=st.binary(max_size=5000), part_size=st.integers(1, 3000))
def test_one_pass_gives_the_digests_of_the_file_and_of_its_parts(body: bytes, part_size: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "file")
        path.write_bytes(body)
        digest = digest_file(path, part_size)
    parts = [body[start : start + part_size] for start in range(0, len(body), part_size)]
    assert (digest.size, digest.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    assert list(digest.parts) == [hashlib.sha256(part).hexdigest() for part in parts]
    joined = b"".join(hashlib.sha256(part).digest() for part in parts)
    assert digest.composite == hashlib.sha256(joined).hexdigest()


def test_a_part_larger_than_one_read_is_one_part(tmp_path: Path) -> None:
    body = bytes(range(256)) * 4096 * 5
    (tmp_path / "file").write_bytes(body)
    digest = digest_file(tmp_path / "file", 3 * MIB)
    assert list(digest.parts) == [hashlib.sha256(part).hexdigest() for part in (body[: 3 * MIB], body[3 * MIB :])]


@given(st.integers(0, 40 * 1024 * GIB))
def test_every_file_that_storage_takes_is_cut_within_its_limits(size: int) -> None:
    part_size = Multipart().part_size_for(size)
    if part_size is None:
        assert size < 64 * MIB
    else:
        assert MIN_PART <= part_size <= MAX_PART
        assert -(-size // part_size) <= MAX_PARTS


@given(size=st.integers(0, 5 * GIB), threads=st.integers(1, 64))
def test_a_download_is_cut_in_as_few_segments_as_keep_the_threads_busy(size: int, threads: int) -> None:
    segments = Segments(least=16 * MIB, most=64 * MIB)
    segment = segments.size_for(size, threads)
    assert segments.least <= segment <= segments.most
    if segments.least < segment < segments.most:
        assert -(-size // segment) <= threads


@pytest.mark.parametrize("part_size", [MIN_PART - 1, MAX_PART + 1])
def test_a_part_size_that_storage_does_not_take_is_refused(part_size: int) -> None:
    with pytest.raises(ValueError, match="part size"):
        Multipart(part_size=part_size)
