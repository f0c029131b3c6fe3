"""The API may import for longer than an event function."""

import pytest

from bench.cold import row
from bench.ratio import Timing


@pytest.mark.parametrize(("function", "budget"), [("api", 1.2), ("relay", 0.8)])
def test_an_import_keeps_its_budget_up_to_the_ratio(function: str, budget: float) -> None:
    connected = Timing(9.0, 1.0)
    assert row(function, Timing(budget, 1.0), connected)["kept"]
    assert not row(function, Timing(budget + 0.01, 1.0), connected)["kept"]


def test_the_first_client_is_shown_and_not_judged() -> None:
    measured = row("relay", Timing(0.5, 1.0), Timing(9.0, 1.0))
    assert (measured["with_client_ratio"], measured["kept"]) == (9.0, True)
