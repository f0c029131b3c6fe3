"""When an endpoint's budgets hold: calls, other calls, the ratio of CPU time, and the same cost at both sizes."""

from collections import Counter
from dataclasses import replace

import pytest

from bench.endpoint_costs import Measured, rows
from bench.endpoints import READ_RATIO, WRITE_RATIO, Endpoint
from bench.meter import Usage
from tests.api.gateway import Reply

READ = Endpoint("GET thing", lambda _: Reply(200, {}, ""))
WRITE = Endpoint("PUT thing", lambda _: Reply(200, {}, ""), writes=True)
TWO_READS = Endpoint("GET both", lambda _: Reply(200, {}, ""), dynamodb_calls=2)


def _usage(calls: dict[str, int], read_units: float = 1) -> Usage:
    return Usage(Counter(calls), read_units)


def _kept(endpoint: Endpoint, small: Usage, large: Usage, cpu_ratio: float = 1.0) -> bool:
    (row,) = rows([Measured(endpoint, small, cpu_ratio)], [Measured(endpoint, large, cpu_ratio)])
    kept: bool = row["kept"]
    return kept


@pytest.mark.parametrize(("endpoint", "ratio"), [(READ, READ_RATIO), (TWO_READS, 2 * READ_RATIO), (WRITE, WRITE_RATIO)])
def test_cpu_may_take_the_ratio_of_its_kind_and_no_more(endpoint: Endpoint, ratio: float) -> None:
    usage = _usage({"dynamodb.GetItem": 1})
    assert _kept(endpoint, usage, usage, ratio)
    assert not _kept(endpoint, usage, usage, ratio + 0.01)


def test_a_read_makes_one_call_and_a_write_two() -> None:
    once, twice, thrice = (_usage({"dynamodb.Query": count}) for count in (1, 2, 3))
    assert _kept(READ, once, once)
    assert not _kept(READ, twice, twice)
    assert _kept(WRITE, twice, twice)
    assert not _kept(WRITE, thrice, thrice)


def test_a_call_to_another_service_breaks_the_budget() -> None:
    usage = _usage({"dynamodb.GetItem": 1, "s3.HeadObject": 1})
    assert not _kept(READ, usage, usage)
    assert _kept(replace(READ, other_calls=1), usage, usage)


def test_one_size_that_is_over_budget_breaks_it() -> None:
    usage = _usage({"dynamodb.GetItem": 1})
    (row,) = rows([Measured(READ, usage, 1.0)], [Measured(READ, usage, READ_RATIO + 1)])
    assert not row["kept"]


def test_a_larger_model_may_not_cost_more() -> None:
    small, large = (_usage({"dynamodb.Query": 1}, units) for units in (1, 1.5))
    assert _kept(READ, small, small)
    assert not _kept(READ, small, large)


def test_other_calls_of_the_same_number_are_no_equal_cost() -> None:
    assert not _kept(READ, _usage({"dynamodb.Query": 1}), _usage({"dynamodb.GetItem": 1}))
