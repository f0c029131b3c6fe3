"""A cost is a ratio of two minima, each over the same rounds."""

from bench.ratio import Timing, quickest


def test_a_machine_that_is_slower_throughout_gives_the_same_ratio() -> None:
    assert Timing(2.0, 0.5).ratio == Timing(20.0, 5.0).ratio == 4.0


def test_rounds_that_were_disturbed_do_not_count() -> None:
    quiet, busy_during_own, busy_during_reference = Timing(2.0, 0.5), Timing(9.0, 0.5), Timing(2.0, 3.0)
    assert quickest([busy_during_own, quiet, busy_during_reference]) == quiet


def test_each_side_has_its_own_quietest_round() -> None:
    assert quickest([Timing(2.0, 3.0), Timing(9.0, 0.5)]) == Timing(2.0, 0.5)


def test_a_ratio_is_judged_with_the_decimals_that_are_printed() -> None:
    assert Timing(1.2004, 1.0).ratio == 1.2
