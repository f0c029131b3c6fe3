"""Copies of files, with and without the help of the system."""

import errno
import os
from pathlib import Path

import pytest
from moorage.cache.copying import copy_content, link_or_copy

DATA = b"weights" * 100_000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(DATA)
    path.chmod(0o444)
    return path


@pytest.mark.parametrize("size", [0, len(DATA)])
def test_a_copy_has_the_bytes_and_can_be_changed(size: int, source: Path, tmp_path: Path) -> None:
    source.chmod(0o644)
    source.write_bytes(DATA[:size])
    source.chmod(0o444)
    copy_content(source, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == DATA[:size]
    assert (tmp_path / "target").stat().st_mode & 0o200
    assert (tmp_path / "target").stat().st_ino != source.stat().st_ino


@pytest.mark.skipif(not hasattr(os, "copy_file_range"), reason="the system copies no files")
@pytest.mark.parametrize("code", [errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP])
def test_what_the_system_cannot_copy_is_copied_by_hand(
    code: int, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "copy_file_range", refuse)
    copy_content(source, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == DATA


@pytest.mark.skipif(not hasattr(os, "copy_file_range"), reason="the system copies no files")
def test_a_file_that_the_system_says_it_copied_is_still_whole(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "copy_file_range", lambda *_: 0)
    copy_content(source, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == DATA


@pytest.mark.skipif(not hasattr(os, "copy_file_range"), reason="the system copies no files")
def test_a_full_disk_ends_the_copy(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "copy_file_range", full)
    with pytest.raises(OSError, match="No space left"):
        copy_content(source, tmp_path / "target")


def test_a_link_is_the_same_file(source: Path, tmp_path: Path) -> None:
    link_or_copy(source, tmp_path / "target")
    assert (tmp_path / "target").samefile(source)


def test_a_missing_file_is_neither_linked_nor_copied(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        link_or_copy(tmp_path / "missing", tmp_path / "target")
