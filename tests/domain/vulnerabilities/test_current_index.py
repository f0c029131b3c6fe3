"""Making an index current, the versions in use, and how a rematch goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import Decision, NoChange
from chalicelib.domain.models.deployed import Deployed
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.newest import Newest
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.vulnerabilities.current_index import (
    CurrentIndex,
    IndexGiven,
    NoAdvisoryIndexError,
    existing,
    make_current,
)
from chalicelib.domain.vulnerabilities.in_use import versions_in_use
from chalicelib.domain.vulnerabilities.index_content import MAX_COMPRESSED
from chalicelib.domain.vulnerabilities.rematch import MAX_ROUNDS, Rematch
from tests.domain.build import NOW, stamp
from tests.domain.vulnerabilities.build import PUBLISHED, current, given


def make(present: CurrentIndex | None, announced: IndexGiven) -> Decision[CurrentIndex]:
    outcome = make_current(RegistryState(), present, announced, 3, 2, stamp())
    assert isinstance(outcome, Decision)
    return outcome


def test_the_event_says_what_data_counts_and_where_it_came_from() -> None:
    decision = make(None, given(source="https://example.com/all.zip"))
    assert (decision.event.type, decision.event.subject, decision.event.before) == ("advisories.updated", "PyPI", None)
    after = decision.event.after or {}
    assert (after["source"], after["published_at"]) == ("https://example.com/all.zip", PUBLISHED)
    assert (after["advisories"], after["packages"]) == (3, 2)


def test_the_same_index_again_changes_nothing() -> None:
    assert isinstance(make_current(RegistryState(), current(), given(), 3, 2, stamp()), NoChange)


def test_the_same_content_of_a_later_day_is_news() -> None:
    assert make(current(), given(published_at=later(PUBLISHED, timedelta(days=1)))).event.before is not None


@pytest.mark.parametrize(
    ("announced", "pointer"),
    [
        (given(ecosystem="npm"), "/ecosystem"),
        (given(size=0), "/size"),
        (given(size=MAX_COMPRESSED + 1), "/size"),
        (given(source=""), "/source"),
        (given(source="x" * 501), "/source"),
        (given(source="https://user:secret@example.com/all.zip"), "/source"),
        (given(published_at=later(NOW, timedelta(seconds=1))), "/published_at"),
        (given(published_at=later(PUBLISHED, timedelta(seconds=-1))), "/published_at"),
    ],
)
def test_an_index_that_cannot_count_is_refused(announced: IndexGiven, pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        make(current(), announced)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert "secret" not in refused.value.detail


def test_without_an_index_somebody_is_told_how_to_bring_one() -> None:
    with pytest.raises(NoAdvisoryIndexError, match="moorage vulnerabilities update"):
        existing(None)


def test_versions_in_use_are_those_that_anything_holds_needs_or_asks_for() -> None:
    model = Model("fraud")
    initial, archive = model.scheme.initial, model.scheme.archive
    used = replace(
        model,
        stages={initial: Pointer(1), archive: Pointer(2), "production": Pointer(3, (9,)), "empty": Pointer(None)},
        standing={initial: 1, archive: 1, "staging": 2},
        newest={"staging": Newest((5, 4)), initial: Newest((1,))},
        aliases={"champion": Pointer(6), "former": Pointer(None, (8,))},
        deployed={"eu": Deployed(7, (7, 3))},
        open_requests={1: (10, "production")},
    )
    assert versions_in_use(used) == (3, 4, 5, 6, 7, 10)
    assert versions_in_use(model) == ()


def test_a_rematch_begins_again_only_if_something_failed_and_not_for_ever() -> None:
    begun = Rematch("PyPI", "e1").on_from("m").with_done()
    assert begun.again() is None
    failed = begun.with_missed()
    again = failed.again()
    assert again == Rematch("PyPI", "e1", rounds=2, done=1)
    assert replace(failed, rounds=MAX_ROUNDS).again() is None
