"""What a monitor can be: each fault is refused at its place."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError, InvalidNameError
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.monitoring.decisions import checked, record_acts
from chalicelib.domain.monitoring.deeds import Act, Acted, Deed, in_order
from chalicelib.domain.monitoring.monitor import Bounds, Watched, selected, selector
from chalicelib.domain.monitoring.verdict import Standing, Verdict
from chalicelib.domain.statistics.histogram import Histogram, Kind
from chalicelib.domain.statistics.statistic import Statistic
from tests.domain.monitoring.build import categorical, definition, monitor, numeric

PERFORMANCE: dict[str, Any] = {"watched": Watched.PERFORMANCE, "baseline": ()}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"effect": -0.1}, "/effect"),
        ({"effect": float("inf")}, "/effect"),
        ({"effect": 10**400}, "/effect"),
        ({"alpha": 0.0}, "/alpha"),
        ({"alpha": 0.6}, "/alpha"),
        ({"alpha": 5e-324, "baseline": (numeric(), numeric(name="age"))}, "/alpha"),
        ({"min_n": 0}, "/min_n"),
        ({"of": 0, "breaches": 0}, "/of"),
        ({"of": 11}, "/of"),
        ({"breaches": 4}, "/breaches"),
        ({"breaches": 0}, "/breaches"),
        ({"silent_after": 0}, "/silent_after"),
        ({"features": ("age",)}, "/features/0"),
        ({"features": ("amount", "amount")}, "/features/1"),
        ({"features": tuple(f"f{n}" for n in range(101)), "baseline": ()}, "/features"),
        ({"baseline": (numeric(), numeric())}, "/baseline/1/name"),
        ({"baseline": tuple(numeric(name=f"f{n}") for n in range(101))}, "/baseline"),
        ({"baseline": (Histogram("amount", Kind.NUMERIC, (1, 2), 0, (20.0, 10.0)),)}, "/baseline/0/edges/1"),
        ({"baseline": (categorical(de=1),), "statistic": Statistic.KS}, "/statistic"),
        ({"metrics": {"accuracy": Bounds(at_least=0.9)}}, "/metrics"),
        ({**PERFORMANCE}, "/metrics"),
        ({**PERFORMANCE, "baseline": (numeric(),), "metrics": {"a": Bounds(0.9)}}, "/baseline"),
        ({**PERFORMANCE, "metrics": {"accuracy": Bounds()}}, "/metrics/accuracy"),
        ({**PERFORMANCE, "metrics": {"accuracy": Bounds(0.9, 0.8)}}, "/metrics/accuracy/at_least"),
        ({**PERFORMANCE, "metrics": {"accuracy": Bounds(10**400)}}, "/metrics/accuracy/at_least"),
        ({**PERFORMANCE, "metrics": {"accuracy": Bounds(at_most=float("nan"))}}, "/metrics/accuracy/at_most"),
        ({**PERFORMANCE, "metrics": {"top/5": Bounds(0.9)}}, "/metrics/top/5"),
        ({**PERFORMANCE, "metrics": {f"m{n}": Bounds(0.9) for n in range(21)}}, "/metrics"),
        ({"selector": "champion"}, "/selector"),
        ({"selector": "0"}, "/selector"),
        ({"selector": "stage:"}, "/selector"),
        ({"on_alarm": (Act(Deed.FREEZE), Act(Deed.FREEZE))}, "/on_alarm/1"),
        ({"on_alarm": (Act(Deed.MOVE),)}, "/on_alarm/0/to_stage"),
        ({"on_alarm": (Act(Deed.ROLL_BACK, "champion"),)}, "/on_alarm/0/pointer"),
        ({"description": "x" * 1_001}, "/description"),
    ],
)
def test_a_definition_that_cannot_be_judged_by_is_refused_where_the_fault_is(
    fields: dict[str, Any], where: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked(definition(**fields))
    assert refused.value.problems[0].pointer == where


def test_a_baseline_has_at_most_64_kib() -> None:
    values = tuple(f"{n:02d}{'x' * 240}" for n in range(50))
    long = tuple(Histogram(f"f{n}", Kind.CATEGORICAL, (1,) * 51, 0, values=values) for n in range(6))
    with pytest.raises(BodyTooLargeError, match="at most 65536"):
        checked(definition(baseline=long))


def test_a_system_may_be_watched_by_histograms_and_by_metrics() -> None:
    given = definition(watched=Watched.SYSTEM, metrics={"memory": Bounds(at_most=0.9)})
    assert checked(given) == given


def test_deeds_are_done_in_an_order_that_lets_each_be_done() -> None:
    given = [Act(Deed.FREEZE), Act(Deed.MOVE, "archived"), Act(Deed.FAIL_CHECK)]
    assert [act.deed for act in in_order(given)] == [Deed.FAIL_CHECK, Deed.MOVE, Deed.FREEZE]


def test_a_selector_stands_for_what_is_there_now() -> None:
    model = Model("fraud", aliases={"champion": Pointer(3)}, stages={"production": Pointer(2)})
    assert [selected(model, one) for one in ("7", "@champion", "@other", "stage:production", "stage:gone")] == [
        7,
        3,
        None,
        2,
        None,
    ]
    with pytest.raises(InvalidNameError):
        selector("@latest")


def test_what_was_done_is_told_of_the_version_that_alarmed_though_another_is_watched_by_now() -> None:
    back = replace(monitor(), standing=Standing(Verdict.OK, 1))
    done = Acted(Act(Deed.ROLL_BACK, "alias:champion"), True, "the alias champion was rolled back from version 2")
    recorded = record_acts(Model("fraud"), back, "e1", 2, [done])
    assert isinstance(recorded, Decision) and recorded.event.version == 2
