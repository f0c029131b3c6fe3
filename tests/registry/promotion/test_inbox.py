"""The inbox reads the open requests of all models in order, within a budget, and tells nothing of hidden ones."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.names import OPEN_POSITION, OPEN_SHARD
from chalicelib.aws.promotion import open_requests
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, key_of
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.instants import later
from chalicelib.domain.promotion.waiting import Wait
from chalicelib.domain.schemes.gates import Tier
from chalicelib.registry.promotion import requests, scheme_assignment
from chalicelib.registry.promotion.inbox import Waiting, Whose, inbox
from chalicelib.registry.promotion.indexing import index_open_requests
from tests.registry import derived
from tests.registry.build import ADMIN, model, ready, request
from tests.registry.faults import Calls, Meanwhile
from tests.registry.governed import REVIEWED, REVIEWERS, approve, asked, governed

CY = REVIEWERS["cy"]
ALL = Whose.ALL


def shown(found: list[Waiting]) -> list[tuple[str, int]]:
    return [(one.explanation.request.model, one.explanation.request.number) for one in found]


def pages(registry: Services, principal: Principal, whose: Whose = ALL, limit: int = 100) -> list[list[Waiting]]:
    found: list[list[Waiting]] = []
    start: dict[str, Any] | None = None
    while True:
        page = inbox(registry, principal, whose, limit, start)
        found.append(list(page.items))
        if page.next_start is None:
            return found
        start = page.next_start


def listed(registry: Services, principal: Principal, whose: Whose = ALL, limit: int = 100) -> list[tuple[str, int]]:
    return [one for page in pages(registry, principal, whose, limit) for one in shown(page)]


def several(registry: Services, *names: str) -> None:
    """Models that are judged by one scheme, each with one open request."""
    governed(registry, names[0])
    for name in names[1:]:
        model(registry, name)
        scheme_assignment.assign_scheme(registry, request(), name, REVIEWED["name"], None)
    for name in names:
        asked(registry, name)


def opened(registry: Services, due_days: int | None) -> int:
    number = ready(registry, metrics={"auc": 0.9}).number
    due = None if due_days is None else later(registry.clock(), timedelta(days=due_days))
    return requests.open_request(registry, request(), "fraud", str(number), "live", None, due, []).result.number


def test_requests_of_all_models_come_in_the_order_in_which_they_are_due(registry: Services) -> None:
    several(registry, "fraud", "churn", "spam")
    assert [opened(registry, days) for days in (3, 1, 2)] == [2, 3, 4]
    expected = [("fraud", 3), ("fraud", 4), ("fraud", 2), ("fraud", 1), ("churn", 1), ("spam", 1)]
    for limit in (1, 2, 5, 100):
        assert listed(registry, ADMIN, limit=limit) == expected


def test_who_has_voted_no_longer_has_the_request_in_the_inbox_until_the_vote_is_void(registry: Services) -> None:
    several(registry, "fraud")
    assert listed(registry, CY, Whose.ME) == [("fraud", 1)]
    approve(registry, 1, "cy")
    assert listed(registry, CY, Whose.ME) == []
    ((waiting,),) = pages(registry, CY)
    assert waiting.waits_for == (Wait.APPROVALS,)
    scheme_assignment.set_tier(registry, request(), "fraud", Tier.HIGH, None)
    assert listed(registry, CY, Whose.ME) == [("fraud", 1)]


def test_who_opened_a_request_finds_it_among_their_own_and_nobody_else_does(registry: Services) -> None:
    several(registry, "fraud")
    laptop = Principal("token:laptop", (Grant(Role.VIEWER, "*"),), person=ADMIN.name)
    assert listed(registry, ADMIN, Whose.MINE) == listed(registry, laptop, Whose.MINE) == [("fraud", 1)]
    assert listed(registry, CY, Whose.MINE) == listed(registry, ADMIN, Whose.ME) == []


def test_closed_and_expired_requests_are_not_shown(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    governed(registry)
    withdrawn, expiring = opened(registry, None), opened(registry, 1)
    requests.withdraw(registry, request(), "fraud", withdrawn, None)
    assert listed(registry, ADMIN) == [("fraud", expiring)]
    assert {key_of(item).sort for item in derived.table(registry) if OPEN_SHARD in item} == {
        keys.request("fraud", expiring).sort
    }
    tomorrow = later(registry.clock(), timedelta(days=1, seconds=1))
    monkeypatch.setattr(registry, "clock", lambda: tomorrow)
    assert listed(registry, ADMIN) == []


def test_an_index_that_is_behind_shows_no_closed_request(registry: Services) -> None:
    several(registry, "fraud")
    place = {name: value for name, value in stored(registry).items() if name in (OPEN_SHARD, OPEN_POSITION)}
    requests.withdraw(registry, request(), "fraud", 1, None)
    registry.table.transact([registry.table.set_write(keys.request("fraud", 1), place)])
    assert listed(registry, ADMIN) == []


def test_pages_are_alike_whether_or_not_hidden_models_have_requests(registry: Services) -> None:
    several(registry, "a", "b-eu")
    reader = Principal("token:eu", (Grant(Role.REVIEWER, "*-eu"),))
    before = [[shown(page) for page in pages(registry, reader, whose, 1)] for whose in Whose]
    for name in ("c", "d", "e"):
        model(registry, name)
        scheme_assignment.assign_scheme(registry, request(), name, REVIEWED["name"], None)
        asked(registry, name)
    assert [[shown(page) for page in pages(registry, reader, whose, 1)] for whose in Whose] == before
    assert before[0] == before[2] == [[("b-eu", 1)]]


def test_a_page_that_spent_its_budget_leads_on_to_the_rest(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    several(registry, "fraud", "churn")
    for _ in range(5):
        asked(registry)
    monkeypatch.setattr(open_requests, "MAX_CALLS", 7)
    calls = Calls(registry.client("dynamodb"))
    reader = Principal("token:churn", (Grant(Role.VIEWER, "churn"),))
    assert listed(registry, reader, limit=1) == [("churn", 1)]
    assert len(listed(registry, ADMIN, Whose.MINE, limit=1)) == 7
    assert len(calls.operations) > 7


def test_a_page_costs_the_same_however_many_versions_the_model_has(registry: Services) -> None:
    several(registry, "fraud")
    calls = Calls(registry.client("dynamodb"))

    def cost() -> list[str]:
        before = len(calls.operations)
        pages(registry, CY, Whose.ME)
        return calls.operations[before:]

    few = cost()
    for _ in range(12):
        ready(registry)
    assert cost() == few == ["Query"] * keys.LISTING_SHARDS + ["BatchGetItem"] * 2


def stored(registry: Services, number: int = 1) -> Item:
    item = registry.table.get(keys.request("fraud", number))
    assert item is not None
    return item


def test_open_requests_of_earlier_releases_enter_the_index_and_closed_ones_do_not(registry: Services) -> None:
    several(registry, "fraud")
    requests.withdraw(registry, request(), "fraud", asked(registry), None)
    item = stored(registry)
    bare = {name: value for name, value in item.items() if name not in (OPEN_SHARD, OPEN_POSITION)}
    registry.table.put(bare)
    assert listed(registry, ADMIN) == []
    assert index_open_requests(registry, "fraud") == 1
    assert stored(registry) == item and listed(registry, ADMIN) == [("fraud", 1)]
    assert index_open_requests(registry, "fraud") == index_open_requests(registry, "none") == 0
    derived.check(registry)


def test_a_request_that_is_closed_meanwhile_does_not_enter_the_index(registry: Services) -> None:
    several(registry, "fraud")
    bare = {name: value for name, value in stored(registry).items() if name not in (OPEN_SHARD, OPEN_POSITION)}
    registry.table.put(bare)
    with Meanwhile(registry, lambda: requests.withdraw(registry, request(), "fraud", 1, None)) as meanwhile:
        assert index_open_requests(registry, "fraud") == 0
    assert meanwhile.acted and OPEN_SHARD not in stored(registry)
