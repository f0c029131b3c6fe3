"""The API may import for longer than an event function."""

import pytest

from bench.cold import Start, row
from bench.ratio import Timing

CONNECTED = Timing(9.0, 1.0)


@pytest.mark.parametrize(("function", "budget"), [("api", 1.2), ("relay", 0.8), ("web", 0.3), ("sdk", 0.15)])
def test_an_import_keeps_its_budget_up_to_the_ratio(function: str, budget: float) -> None:
    assert row(function, [Start(Timing(budget, 1.0), CONNECTED)])["kept"]
    assert not row(function, [Start(Timing(budget + 0.01, 1.0), CONNECTED)])["kept"]


def test_the_first_client_is_shown_and_not_judged() -> None:
    measured = row("relay", [Start(Timing(0.5, 1.0), CONNECTED)])
    assert (measured["with_client_ratio"], measured["kept"]) == (9.0, True)


def test_a_function_without_a_client_has_no_figure_of_one() -> None:
    measured = row("web", [Start(Timing(0.1, 1.0), None), Start(Timing(0.2, 1.0), None)])
    assert (measured["import_ratio"], measured["with_client_ratio"]) == (0.1, None)
