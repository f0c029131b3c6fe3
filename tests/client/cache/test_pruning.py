"""What the cache lists, verifies and removes."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moorage import Client, IntegrityError
from moorage.cache.inventory import find_damage, remove_damage, shelved
from moorage.cache.location import cache_root
from moorage.cache.pruning import Kept, prune
from moorage.cache.quantities import parse_size, size_text

from tests.client.lines import Line
from tests.client.trees import content

NOW = datetime.now(UTC)


@pytest.fixture
def three(client: Client, storage: Line, build: Path) -> Path:
    """Versions 1 to 3 of fraud in the cache, used 30, 20 and 10 days ago. They share one file of 23 bytes."""
    for number in (1, 2, 3):
        (build / "model.bin").write_bytes(bytes([number]) * 1000)
        client.register("fraud", build)
        client.aliases.set("fraud", f"at-{number}", number)
        client.fetch("fraud", f"@at-{number}")
    for one in shelved(cache_root()):
        used = (NOW - timedelta(days=40 - 10 * one.entry.version)).timestamp()
        os.utime(one.folder / "record.json", (used, used))
    storage.requests.clear()
    return build


def versions() -> list[int]:
    return [one.entry.version for one in shelved(cache_root())]


def blobs() -> list[Path]:
    return list((cache_root() / "blobs").glob("*/*"))


def test_versions_are_listed_with_their_size_and_when_they_were_used(three: Path) -> None:
    newest, *_, oldest = [one.entry for one in shelved(cache_root())]
    assert (newest.model, newest.version, newest.files, newest.present) == ("fraud", 3, 2, 2)
    assert newest.size == 1023
    assert (NOW - oldest.used_at).days in (29, 30)


def test_fetching_again_makes_a_version_used_now(client: Client, three: Path) -> None:
    client.fetch("fraud", 1)
    assert versions() == [1, 3, 2]
    with Client(client.url, offline=True) as apart:
        apart.fetch("fraud", 2)
    assert versions() == [2, 1, 3]


def test_old_versions_are_removed_with_what_nobody_else_has(client: Client, storage: Line, three: Path) -> None:
    done = prune(cache_root(), NOW, older_than=timedelta(days=15))
    assert [entry.version for entry in done.versions] == [1, 2]
    assert done.freed == 2000
    assert versions() == [3]
    assert len(blobs()) == 2
    assert content(client.fetch("fraud", 3).path) == content(three)
    assert not storage.requests


def test_what_is_to_be_kept_stays(three: Path) -> None:
    prune(cache_root(), NOW, older_than=timedelta(0), keep=[Kept("fraud", 2), Kept("fraud", "@at-1"), Kept("other")])
    assert versions() == [2, 1]
    prune(cache_root(), NOW, older_than=timedelta(0), keep=[Kept("fraud")])
    assert versions() == [2, 1]


@pytest.mark.parametrize(
    ("most", "left"), [(3023, [3, 2, 1]), (3022, [3, 2]), (2023, [3, 2]), (2022, [3]), (1023, [3]), (0, [])]
)
def test_the_versions_used_longest_ago_go_until_the_size_is_reached(most: int, left: list[int], three: Path) -> None:
    prune(cache_root(), NOW, max_size=most)
    assert versions() == left


def test_a_kept_version_counts_but_does_not_go(three: Path) -> None:
    prune(cache_root(), NOW, max_size=1023, keep=[Kept("fraud", 1)])
    assert versions() == [1]


def test_without_a_rule_only_what_no_version_needs_goes(client: Client, three: Path) -> None:
    stray = cache_root() / "blobs" / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stray")
    (cache_root() / "partial" / f"{'c' * 64}.1.partial").write_bytes(b"part")
    needed = cache_root() / "partial" / f"{shelved(cache_root())[0].blobs.popitem()[0]}.1.partial"
    needed.write_bytes(b"part")
    assert prune(cache_root(), NOW).freed == 9
    assert versions() == [3, 2, 1]
    assert list((cache_root() / "partial").iterdir()) == [needed]


def test_a_pruned_version_is_not_served_offline_by_its_alias(client: Client, three: Path) -> None:
    prune(cache_root(), NOW, older_than=timedelta(days=25))
    names = [path.name for path in (cache_root() / "aliases").rglob("*.json")]
    assert sorted(name[:4] for name in names) == ["at-2", "at-3"]


def test_what_a_killed_process_left_goes_after_a_day(three: Path) -> None:
    folder = shelved(cache_root())[0].folder
    without_record = folder.with_name("9-0123456789abcdef")
    old = (NOW - timedelta(days=2)).timestamp()
    for path in (folder / ".building-new", folder / ".building-old", without_record):
        path.mkdir()
    for path in (folder / ".building-old", without_record):
        os.utime(path, (old, old))
    prune(cache_root(), NOW)
    assert sorted(path.name for path in folder.iterdir()) == [".building-new", "files", "record.json"]
    assert not without_record.exists()


def test_an_empty_cache_has_nothing_to_list_or_prune() -> None:
    assert shelved(cache_root()) == []
    assert prune(cache_root(), NOW, max_size=0).freed == 0
    assert find_damage(cache_root(), 2) == []


def test_damage_is_found_and_removed_on_request(client: Client, three: Path) -> None:
    one, two, last = (client.fetch("fraud", number) for number in (1, 2, 3))
    one.files["model.bin"].chmod(0o644)
    one.files["model.bin"].write_bytes(b"evil")
    (two.path / "extra.txt").write_text("extra")
    (last.path.parent / "record.json").write_text("{")
    (blob,) = (path for path in blobs() if path.read_bytes() == b"evil")
    damage = find_damage(cache_root(), 2)
    record = last.path.parent / "record.json"
    assert {found.path for found in damage} == {blob, one.path.parent, two.path.parent, record}
    with pytest.raises(IntegrityError, match=r"record\.json is damaged.*verify --remove"):
        shelved(cache_root())
    remove_damage(damage)
    assert find_damage(cache_root(), 2) == []
    assert not one.path.exists() and not two.path.exists()
    assert versions() == [2, 1]
    assert client.fetch("fraud", 1).files["model.bin"].read_bytes() == bytes([1]) * 1000


def test_a_copy_that_was_changed_is_damage(client: Client, three: Path) -> None:
    file = client.fetch("fraud", 1).files["model.bin"]
    file.unlink()
    file.write_bytes(b"evil")
    (found,) = find_damage(cache_root(), 2)
    assert found.path == file.parent.parent


@pytest.mark.parametrize(
    ("text", "size"), [("0", 0), ("500MB", 500_000_000), ("1.5 kB", 1_500), ("20gb", 20_000_000_000), ("7", 7)]
)
def test_a_size_is_read(text: str, size: int) -> None:
    assert parse_size(text) == size


def test_a_text_that_is_no_size_is_refused() -> None:
    with pytest.raises(ValueError, match="'much' is not a size"):
        parse_size("much")


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (999_999, "1 MB"), (20_000_000_000, "20 GB")]
)
def test_a_size_is_told_in_a_unit_that_fits(size: int, text: str) -> None:
    assert size_text(size) == text
