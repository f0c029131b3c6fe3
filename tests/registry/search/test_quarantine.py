"""Finding what is in quarantine: by an index of its own, which every change of a scan keeps up to date."""

from datetime import timedelta

import pytest

from chalicelib.aws import keys
from chalicelib.aws.names import TERMS
from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.search.indexes import Index
from chalicelib.domain.search.parser import parse_filter, parse_order
from chalicelib.domain.search.syntax import SearchQuery, Subject
from chalicelib.domain.versions.version import Version
from chalicelib.registry.lifecycle import removal
from chalicelib.registry.scanning import scans
from chalicelib.registry.search.search import SearchPage, search_versions
from chalicelib.registry.versions import burials
from tests.registry import build
from tests.registry.scanning.states import ask, finish, quarantined

IN_QUARANTINE = "scan.quarantine IN ('kept', 'released')"


def found(registry: Services, text: str, order: str = "name, version") -> SearchPage[Version]:
    query = SearchQuery(parse_filter(text, Subject.VERSIONS), parse_order(order, Subject.VERSIONS))
    return search_versions(registry, query, 10, None, lambda _: True)


def names(registry: Services, text: str) -> list[str]:
    return [f"{version.model}/{version.number}" for version in found(registry, text).items]


@pytest.fixture
def judged(registry: Services) -> Services:
    """Versions of two models: one clean, one for review, two unsafe, one whose first scan runs, one never scanned."""
    for name in ("fraud", "churn"):
        build.model(registry, name)
        for _ in range(3):
            build.ready(registry, name)
    ask(registry, 1)
    finish(registry, Verdict.CLEAN, 1)
    quarantined(registry, 2, verdict=Verdict.REVIEW)
    quarantined(registry, 3)
    quarantined(registry, 1, "churn")
    ask(registry, 2, "churn")
    return registry


def test_what_is_in_quarantine_is_found_in_all_models_by_an_index_that_has_nothing_else(judged: Services) -> None:
    page = found(judged, IN_QUARANTINE)
    assert [(one.model, one.number) for one in page.items] == [("churn", 1), ("fraud", 2), ("fraud", 3)]
    assert (page.plan.source.index, page.plan.sorts) == (Index.QUARANTINE, False)
    assert page.plan.filtered(page.plan.source) == ()
    assert (page.cost.entries, page.cost.items) == (3, 3)


def test_verdicts_and_states_are_searched_for(judged: Services) -> None:
    assert names(judged, "scan.verdict = 'review'") == ["fraud/2"]
    assert names(judged, "scan.verdict IN ('review', 'unsafe') AND name = 'fraud'") == ["fraud/2", "fraud/3"]
    assert names(judged, "scan.state = 'pending'") == ["churn/2"]
    assert names(judged, "scan.state IS NULL") == ["churn/3"]


def test_a_release_shows_and_its_end_too(judged: Services) -> None:
    until = later(judged.clock(), timedelta(days=1))
    scans.release(judged, build.request(), "fraud", "2", "needed", until)
    assert names(judged, "scan.quarantine = 'released'") == ["fraud/2"]
    scans.restore_quarantine(judged, build.request(), "fraud", "2")
    assert names(judged, "scan.quarantine = 'released'") == []
    assert names(judged, IN_QUARANTINE) == ["churn/1", "fraud/2", "fraud/3"]


def test_a_better_verdict_ends_the_quarantine_in_the_index_too(judged: Services) -> None:
    ask(judged, 3)
    assert names(judged, IN_QUARANTINE) == ["churn/1", "fraud/2", "fraud/3"]
    finish(judged, Verdict.CLEAN, 3)
    entries, _ = judged.table.query_index(TERMS, keys.TERM_OF_QUARANTINE, 10)
    assert names(judged, IN_QUARANTINE) == ["churn/1", "fraud/2"]
    assert len(entries) == 2


def test_a_deleted_version_is_in_no_quarantine_until_it_is_restored(judged: Services) -> None:
    removal.delete_version(judged, build.request(), "churn", "1")
    assert names(judged, IN_QUARANTINE) == ["fraud/2", "fraud/3"]
    burials.restore_version(judged, build.request(), "churn", "1", None)
    assert names(judged, IN_QUARANTINE) == ["churn/1", "fraud/2", "fraud/3"]
