"""A version of many files: its list lies in parts, aliases stay small, and a download reads one part."""

from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.versions.manifests import INLINE_BYTES, PART_BYTES, manifest_body
from chalicelib.domain.errors import RecordEditedError
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.aliases.aliases import set_alias
from chalicelib.registry.evidence.comparison import compare_versions
from chalicelib.registry.versions import uploads, versions
from chalicelib.registry.versions.downloads import download_file, download_manifest
from chalicelib.registry.versions.file_pages import all_files, list_files
from tests.registry import derived
from tests.registry.build import MODEL, model, reference, registered, request
from tests.registry.faults import Calls

PATHS = [f"checkpoints/step-{number:06d}/model.safetensors" for number in range(500)]


def many() -> list[File]:
    return [reference(path, f"https://models.example/{path}") for path in PATHS]


@pytest.fixture(autouse=True)
def fraud(registry: Services) -> str:
    """A model whose version 1 has many files, and is the champion."""
    model(registry, MODEL)
    registered(registry, *many())
    uploads.finalise_version(registry, request(), MODEL, "1")
    set_alias(registry, request(), MODEL, "champion", 1, None, None)
    return MODEL


def stored(registry: Services, prefix: str) -> dict[Key, Item]:
    found, _ = registry.table.query(f"MODEL#{MODEL}", prefix, 100)
    return {Key(str(item["PK"]), str(item["SK"])): item for item in found}


def size(item: Item) -> int:
    return sum(len(name) + len(str(value).encode()) for name, value in item.items())


def pages(registry: Services, ref: str, limit: int) -> list[list[str]]:
    found: list[list[str]] = []
    start: dict[str, str | int] | None = None
    while True:
        page = download_manifest(registry, MODEL, ref, limit, start)
        found.append([item.file.path for item in page.items])
        start = page.next_start
        if start is None:
            return found


def test_what_is_stored_of_many_files_follows_from_the_records(registry: Services) -> None:
    derived.check(registry)


def test_an_alias_stays_small_whatever_the_number_of_files(registry: Services) -> None:
    (alias,) = stored(registry, keys.ALIAS_PREFIX).values()
    assert size(alias) < 4 * 1024
    parts = stored(registry, "FILES#").values()
    assert 1 < len(parts) <= 30
    assert all(size(part) <= PART_BYTES + 200 for part in parts)


def test_few_files_stay_in_the_alias(registry: Services) -> None:
    registered(registry, reference("a", "https://models.example/a"))
    uploads.finalise_version(registry, request(), MODEL, "2")
    set_alias(registry, request(), MODEL, "small", 2, None, None)
    alias = stored(registry, keys.ALIAS_PREFIX)[keys.alias(MODEL, "small")]
    assert len(str(alias["files"])) < INLINE_BYTES


@pytest.mark.parametrize("ref", ["1", "@champion"])
@pytest.mark.parametrize("limit", [30, 1_000])
def test_pages_hold_every_file_once_in_order(registry: Services, ref: str, limit: int) -> None:
    found = pages(registry, ref, limit)
    assert [path for page in found for path in page] == PATHS
    assert all(1 <= len(page) <= limit for page in found)


@pytest.mark.parametrize("path", [PATHS[0], PATHS[417], PATHS[-1]])
def test_a_file_is_found_in_its_part(registry: Services, path: str) -> None:
    for ref in ("1", "@champion"):
        assert download_file(registry, MODEL, ref, path).url == f"https://models.example/{path}"


def test_a_download_reads_one_small_item_and_one_part(registry: Services) -> None:
    first = download_manifest(registry, MODEL, "@champion", 10, None)
    calls = Calls(registry.client("dynamodb"))
    download_manifest(registry, MODEL, "@champion", 10, None)
    assert calls.operations == ["GetItem", "BatchGetItem"]
    del calls.operations[:]
    # The key of the part is known: from the cursor, or because it is the first.
    download_manifest(registry, MODEL, "@champion", 10, first.next_start)
    download_manifest(registry, MODEL, "1", 10, None)
    assert calls.operations == ["BatchGetItem", "BatchGetItem"]
    del calls.operations[:]
    download_file(registry, MODEL, "@champion", PATHS[417])
    assert calls.operations == ["GetItem", "BatchGetItem"]


@pytest.mark.parametrize(("ref", "first"), [("1", "BatchGetItem"), ("@champion", "GetItem")])
def test_all_files_are_read_in_two_calls(registry: Services, ref: str, first: str) -> None:
    calls = Calls(registry.client("dynamodb"))
    assert [file.path for file in all_files(registry, MODEL, ref).files] == PATHS
    assert calls.operations == [first, "BatchGetItem"]


def test_a_page_of_files_by_number_costs_one_call(registry: Services) -> None:
    calls = Calls(registry.client("dynamodb"))
    found: list[str] = []
    start: dict[str, str | int] | None = None
    while start is not None or not found:
        page = list_files(registry, MODEL, "1", 30, start)
        found += [file.path for file in page.files]
        assert calls.operations == ["BatchGetItem"]
        del calls.operations[:]
        start = page.next_start
    assert found == PATHS


def test_use_cases_that_need_all_files_get_them(registry: Services) -> None:
    registered(registry, *many()[1:])
    assert [file.path for file in versions.load_registered(registry, MODEL, 1).files] == PATHS
    comparison = compare_versions(registry, MODEL, ["1", "2"])
    assert PATHS[0] in str(comparison)


def test_a_part_that_was_edited_is_refused_and_not_served(registry: Services) -> None:
    part = next(iter(stored(registry, "FILES#").values()))
    registry.table.put({**part, "files": str(part["files"]).replace("models.example", "evil.example")})
    for ref in ("1", "@champion"):
        with pytest.raises(RecordEditedError, match="Part 1"):
            download_file(registry, MODEL, ref, PATHS[0])
    assert download_file(registry, MODEL, "@champion", PATHS[-1]).url


def test_a_long_manifest_of_an_earlier_release_is_served_and_pointed_at(registry: Services) -> None:
    """It is one item with all files."""
    for key in stored(registry, "FILES#"):
        registry.table.transact([registry.table.delete_write(key)])
    whole: dict[str, Any] = {"files": manifest_body(many()), "schema": 1}
    key = keys.manifest(MODEL, 1)
    registry.table.put({"PK": key.partition, "SK": key.sort, **whole})

    set_alias(registry, request(), MODEL, "older", 1, None, None)

    assert size(stored(registry, keys.ALIAS_PREFIX)[keys.alias(MODEL, "older")]) < 2 * 1024
    for ref in ("1", "@older"):
        assert [path for page in pages(registry, ref, 300) for path in page] == PATHS
        assert download_file(registry, MODEL, ref, PATHS[417]).url == f"https://models.example/{PATHS[417]}"
