"""Which keys and values the fields of a filter come with."""

from typing import Any

from chalicelib.domain.search.known_names import MAX_NAMES, KnownField, known_fields
from chalicelib.domain.search.records import version_record
from chalicelib.domain.search.syntax import Subject
from tests.registry.search.searching import version


def known(prefix: str = "", *described: dict[str, Any]) -> dict[str, KnownField]:
    records = [version_record(version("fraud", number, **one)) for number, one in enumerate(described, 1)]
    return {one.field.name: one for one in known_fields(Subject.VERSIONS, records, prefix)}


def test_keys_of_all_records_come_once_and_sorted() -> None:
    found = known("", {"tags": {"team": "a", "area": "x"}}, {"tags": {"team": "b"}, "metrics": {"auc": 0.5}})
    assert (found["tags"].keys, found["metrics"].keys) == (("area", "team"), ("auc",))


def test_a_prefix_selects_fields_and_keys_as_a_filter_writes_them() -> None:
    described = {"tags": {"team": "a", "area": "x", "cost center": "7"}}
    assert set(known("t", described)) == {"tags", "task"} and set(known("tag", described)) == {"tags"}
    assert known("tags.t", described)["tags"].keys == ("team",)
    assert known("tags.`cost", described)["tags"].keys == ("cost center",)
    assert known("tags.none", described)["tags"].keys == ()
    assert known("stage.x", described) == {}


def test_paths_of_metadata_lead_to_values() -> None:
    metadata = {"a": {"b": 1, "c": {"$time": "2026-01-01T00:00:00Z"}}, "list": [{"x": 1}], "empty": {}}
    assert known("", {"metadata": metadata})["metadata"].keys == ("a/b", "a/c", "list")


def test_a_field_has_at_most_so_many_names() -> None:
    described = {"parameters": {f"p{number:04d}": 1 for number in range(MAX_NAMES + 5)}}
    keys = known("", described)["parameters"].keys
    assert len(keys) == MAX_NAMES and keys[0] == "p0000"
