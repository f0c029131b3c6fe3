"""The cost table: amounts of units times their prices, and the same figures in the documentation."""

import re
from pathlib import Path

import pytest

from bench import costs
from bench.costs import ALARMS, PRICES, SECRETS, Work

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def test_the_cost_of_work_is_its_amounts_times_their_prices() -> None:
    work = Work("a million writes and calls", 1_000_000, {"DynamoDB write unit": 4, "API Gateway call": 1})
    assert work.dollars == pytest.approx(4 * 0.625 + 3.5)


def test_the_documented_costs_are_those_that_the_bench_computes() -> None:
    documented = dict(re.findall(r"^\| (a m.+?) \| \$([\d.]+) \|", OPERATIONS, flags=re.MULTILINE))
    computed = {row["work"]: row["dollars"] for row in costs.rows()}
    assert set(documented) == set(computed)
    for work, dollars in computed.items():
        # Documentation need not follow every unit.
        assert float(documented[work]) == pytest.approx(dollars, rel=0.25), work


def test_every_price_is_documented_as_an_assumption() -> None:
    for unit in PRICES:
        assert f"| {unit} |" in OPERATIONS, unit


def test_a_registry_at_rest_pays_for_secrets_and_alarms_above_all() -> None:
    (rest,) = [work for work in costs.measured() if work.name == "a month at rest"]
    fixed = SECRETS * PRICES["secret and month"] + ALARMS * PRICES["alarm and month"]
    assert fixed > rest.dollars / 2
    assert rest.amounts.keys() <= PRICES.keys()


def test_a_registry_at_rest_costs_less_than_its_budget() -> None:
    (rest,) = [row for row in costs.rows() if row["work"] == "a month at rest"]
    assert (rest["budget"], rest["kept"]) == (3.0, True)
    assert rest["dollars"] < rest["budget"]
