"""Ranges of search indexes as DynamoDB takes them."""

import pytest

from chalicelib.aws.search.reads import SearchReader
from chalicelib.aws.services import Services
from chalicelib.domain.search.indexes import Index, Scan


@pytest.mark.parametrize(("low", "high"), [("", ""), ("b", "a"), ("", "\x00"), ("a", "a")])
def test_a_range_that_ends_before_it_begins_is_empty_and_costs_no_call(registry: Services, low: str, high: str) -> None:
    reader = SearchReader(registry.table)
    assert reader.entries_between(Scan(Index.NAME, "", low, high), "names", low, high, 5, True) == ([], False)
    assert reader.spent.calls == (0 if max(low, "\x00") > high else 1)
