"""The measured walk finds what a search of the family finds, and reads the same however many families there are."""

import pytest

from bench import lineage


def test_a_page_of_lineage_costs_the_same_among_more_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "LARGE", 2_000)
    for row in lineage.rows():
        assert row["kept"]
        assert row["versions"] == row["versions_expected"] > 50
        assert len(set(row["calls"])) == len(set(row["read_units"])) == 1
