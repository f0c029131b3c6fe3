"""The backfill cuts long lists of files that an earlier release stored in one item."""

import json
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.versions.manifests import PART_BYTES, manifest_body
from chalicelib.domain.errors import RecordEditedError
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.aliases.aliases import set_alias
from chalicelib.registry.versions import uploads
from chalicelib.registry.versions.cutting import Cut, cut_lists
from chalicelib.registry.versions.downloads import download_file, download_manifest
from chalicelib.registry.versions.file_pages import all_files
from tests.registry import derived, proven
from tests.registry.build import MODEL, model, reference, registered, request
from tests.registry.faults import Meanwhile

PATHS = [f"checkpoints/step-{number:06d}/model.safetensors" for number in range(500)]
FILES: list[File] = [reference(path, f"https://models.example/{path}") for path in PATHS]
MANIFEST = keys.manifest(MODEL, 1)
ALIAS = keys.alias(MODEL, "champion")


@pytest.fixture(autouse=True)
def whole(registry: Services) -> None:
    """The list of version 1, the champion, is one item; so it is in the alias."""
    model(registry, MODEL)
    registered(registry, *FILES)
    uploads.finalise_version(registry, request(), MODEL, "1")
    registry.table.transact([registry.table.delete_write(key) for key in parts(registry)])
    registry.table.put({"PK": MANIFEST.partition, "SK": MANIFEST.sort, "files": manifest_body(FILES), "schema": 1})
    set_alias(registry, request(), MODEL, "champion", 1, None, None)
    assert stored(registry, ALIAS)["whole"] == 1


def stored(registry: Services, key: Key) -> Item:
    found = registry.table.get(key)
    assert found is not None
    return found


def parts(registry: Services) -> list[Key]:
    found, _ = registry.table.query(f"MODEL#{MODEL}", "FILES#", 100)
    return [Key(str(item["PK"]), str(item["SK"])) for item in found]


def edit(registry: Services, key: Key, **changed: Any) -> None:
    """Write to the table as somebody with rights on it could."""
    registry.table.put({**stored(registry, key), **changed})


def pages(registry: Services, ref: str, start: dict[str, str | int] | None = None) -> list[str]:
    found: list[str] = []
    while True:
        page = download_manifest(registry, MODEL, ref, 30, start)
        found += [item.file.path for item in page.items]
        start = page.next_start
        if start is None:
            return found


def served(registry: Services) -> None:
    for ref in ("1", "@champion"):
        assert pages(registry, ref) == PATHS
        assert download_file(registry, MODEL, ref, PATHS[417]).url == f"https://models.example/{PATHS[417]}"


def test_a_long_list_is_cut_and_served_as_before(registry: Services) -> None:
    assert cut_lists(registry, MODEL) == Cut(1)
    assert len(parts(registry)) > 1
    assert all(len(str(stored(registry, key)["files"])) <= PART_BYTES for key in parts(registry))
    assert "files" not in stored(registry, MANIFEST) and "whole" not in stored(registry, ALIAS)
    served(registry)
    derived.check(registry)
    assert all(not found.differences for found in proven.checks(registry))


def test_cutting_twice_changes_nothing(registry: Services) -> None:
    cut_lists(registry, MODEL)
    before = [stored(registry, key) for key in (MANIFEST, ALIAS, *parts(registry))]
    assert cut_lists(registry, MODEL) == Cut()
    assert [stored(registry, key) for key in (MANIFEST, ALIAS, *parts(registry))] == before


def test_cutting_that_was_interrupted_left_nothing_half_cut_and_is_repeated(registry: Services) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Meanwhile(registry, interrupt):
        cut_lists(registry, MODEL)
    assert not parts(registry)
    served(registry)
    assert cut_lists(registry, MODEL) == Cut(1)


def test_an_alias_that_is_set_meanwhile_names_the_parts(registry: Services) -> None:
    with Meanwhile(registry, lambda: set_alias(registry, request(), MODEL, "canary", 1, None, None)):
        assert cut_lists(registry, MODEL) == Cut(1)
    assert "whole" not in stored(registry, keys.alias(MODEL, "canary"))
    assert pages(registry, "@canary") == PATHS


def test_a_download_that_has_begun_continues_after_the_list_was_cut(registry: Services) -> None:
    first = download_manifest(registry, MODEL, "@champion", 450, None)
    cut_lists(registry, MODEL)
    assert pages(registry, "@champion", first.next_start) == PATHS[450:]


@pytest.mark.parametrize("path", [PATHS[0], PATHS[417]])
def test_a_list_that_is_cut_after_its_alias_was_read_is_served(registry: Services, path: str) -> None:
    with Meanwhile(registry, lambda: cut_lists(registry, MODEL), "BatchGetItem") as cutting:
        assert download_file(registry, MODEL, "@champion", path).url == f"https://models.example/{path}"
    assert cutting.acted and "whole" not in stored(registry, ALIAS)


def test_all_files_are_served_of_a_list_that_is_cut_after_its_alias_was_read(registry: Services) -> None:
    with Meanwhile(registry, lambda: cut_lists(registry, MODEL), "BatchGetItem") as cutting:
        assert [file.path for file in all_files(registry, MODEL, "@champion").files] == PATHS
    assert cutting.acted


def test_a_list_that_was_edited_is_not_cut_and_stays_refused(registry: Services) -> None:
    text = manifest_body(FILES).replace("models.example", "evil.example")
    edit(registry, MANIFEST, files=text)
    assert cut_lists(registry, MODEL) == Cut(0, (1,))
    with pytest.raises(RecordEditedError):
        download_file(registry, MODEL, "@champion", PATHS[0])


def test_a_list_whose_version_was_edited_to_fit_is_not_sealed_by_cutting_it(registry: Services) -> None:
    key = keys.version(MODEL, 1)
    version = json.loads(str(stored(registry, key)["body"]))
    edit(registry, key, body=json.dumps({**version, "uid": "0" * 32}))
    assert cut_lists(registry, MODEL) == Cut(0, (1,))
    assert "whole" in stored(registry, ALIAS)
