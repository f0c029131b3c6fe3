"""The steps that bring a table's indexes to those that the code needs."""

from dataclasses import replace

from chalicelib.aws import names
from tools.indexes import CREATE, REMOVE, Index, Step, attributes, index_from, steps, wanted
from tools.upgrade import after

A, B, C = (Index(name, f"{name}_partition", f"{name}_sort", "KEYS_ONLY") for name in "abc")


def test_a_table_that_has_what_is_needed_needs_no_step() -> None:
    assert steps(wanted(), wanted()) == []


def test_each_missing_index_is_a_step_of_its_own() -> None:
    assert steps([A], [A, B, C]) == [Step(CREATE, B), Step(CREATE, C)]


def test_an_index_whose_keys_or_projection_changed_is_removed_before_it_is_created() -> None:
    for changed in (replace(B, partition="shard"), replace(B, projection="ALL")):
        assert steps([A, B], [A, changed]) == [Step(REMOVE, B), Step(CREATE, changed)]


def test_what_is_no_longer_needed_goes_last() -> None:
    assert steps([A, B], [B, C]) == [Step(CREATE, C), Step(REMOVE, A)]


def test_taking_every_step_gives_what_is_needed() -> None:
    present = [A, B]
    for step in steps(present, [replace(B, sort="later"), C]):
        present = after(present, step)
    assert sorted(present, key=str) == sorted([replace(B, sort="later"), C], key=str)


def test_an_interrupted_run_is_continued_and_repeats_nothing() -> None:
    todo = steps([], wanted())
    assert steps([step.index for step in todo[:4]], wanted()) == todo[4:]


def test_a_definition_is_read_as_it_is_written() -> None:
    for index in wanted():
        assert index_from(index.definition) == index


def test_the_table_declares_the_keys_of_its_indexes_and_no_other_attribute() -> None:
    assert [attribute["AttributeName"] for attribute in attributes([A])] == [
        names.PARTITION_KEY,
        names.SORT_KEY,
        "a_partition",
        "a_sort",
    ]
