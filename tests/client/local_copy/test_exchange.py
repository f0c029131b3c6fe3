"""A directory is exchanged as a whole, whatever happens in between."""

import shutil
from pathlib import Path

import pytest
from moorage.local_copy.exchange import Exchange
from moorage.local_copy.record import PlacedFile
from moorage.results import Artifact

from tests.client.filling import NEW, OLD, fill
from tests.client.killing import killed_at_each_step
from tests.client.trees import content

EXCHANGE = """
from pathlib import Path
from moorage.local_copy.exchange import Exchange
from tests.client.filling import NEW, fill

exchange = Exchange(Path(root, "served"))
with exchange.prepared() as new:
    fill(new, NEW)
    exchange.commit(())
"""


def exchange_for(directory: Path, files: dict[str, bytes], overwritten: tuple[str, ...] = ()) -> None:
    exchange = Exchange(directory)
    exchange.recover()
    with exchange.prepared() as new:
        fill(new, files)
        exchange.commit(overwritten)


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """A directory with the files of an older version, alone in its parent."""
    directory = tmp_path / "root" / "served"
    directory.mkdir(parents=True)
    fill(directory, OLD)
    return directory


def test_the_new_files_take_the_place_of_the_old_ones(served: Path) -> None:
    exchange_for(served, NEW)
    assert content(served) == NEW
    assert list(served.parent.iterdir()) == [served]


def test_a_run_that_is_killed_leaves_one_version_whole(served: Path) -> None:
    root = served.parent
    states = set()
    for _ in killed_at_each_step(EXCHANGE, root):
        if served.exists():
            assert content(served) in (OLD, NEW)
        Exchange(served).recover()
        found = content(served)
        assert found in (OLD, NEW)
        assert list(root.iterdir()) == [served]
        states.add(len(found["model.bin"]))
        shutil.rmtree(served)
        served.mkdir()
        fill(served, OLD)
    assert content(served) == NEW
    assert states == {3, 5}


def test_a_file_that_appears_meanwhile_is_kept(served: Path, caplog: pytest.LogCaptureFixture) -> None:
    exchange = Exchange(served)
    with exchange.prepared() as new:
        fill(new, NEW)
        (served / "notes.txt").write_text("mine")
        (served / "model.bin").write_bytes(b"mine too")
        exchange.commit(())
    assert content(served) == NEW
    (kept,) = (path for path in served.parent.iterdir() if path != served)
    assert content(kept) == {"notes.txt": b"mine", "model.bin": b"mine too"}
    assert str(kept) in caplog.text


def test_what_may_be_overwritten_is_not_kept(served: Path) -> None:
    (served / "model.bin").write_bytes(b"mine")
    exchange_for(served, NEW, overwritten=("model.bin",))
    assert list(served.parent.iterdir()) == [served]


def test_a_directory_that_cannot_be_renamed_into_place_stays(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        if self.name.endswith("-new"):
            raise PermissionError(13, "Permission denied", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(PermissionError):
        exchange_for(served, NEW)
    assert content(served) == OLD
    assert list(served.parent.iterdir()) == [served]


def test_a_file_with_another_time_but_the_same_bytes_is_still_the_download_s(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    file = Artifact("file", 1, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
    placed = PlacedFile.of("file", path, file)
    path.touch()
    assert placed.is_at(path)
    path.write_bytes(b"y")
    assert not placed.is_at(path)
