"""What cron expressions mean, and which are refused."""

from datetime import date

import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.schedules.cron import Cron, parsed


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        (" @Annually ", "0 0 1 1 *"),
        ("0 6 * * mon", "0 6 * * 1"),
        ("0 6 * * 7", "0 6 * * SUN"),
        ("0 6 * * FRI-7", "0 6 * * 0,5,6"),
        ("0 6 * JAN,jul *", "0 6 * 1,7 *"),
        ("0 6 * JAN-MAR *", "0 6 * 1-3 *"),
        ("*/20 * * * *", "0,20,40 * * * *"),
        ("10-30/10 * * * *", "10,20,30 * * * *"),
        ("50/5 * * * *", "50,55 * * * *"),
        ("0  6\t* * *", "0 6 * * *"),
    ],
)
def test_forms_that_mean_the_same(text: str, same: str) -> None:
    assert parsed(text) == parsed(same)


def fits(cron: Cron, month: int) -> list[int]:
    return [day for day in range(1, 29) if cron.fits(date(2026, month, day))]


def test_a_date_fits_if_either_day_does_when_both_are_limited() -> None:
    # 2 February 2026 is a Monday.
    assert fits(parsed("0 0 13 * MON"), 2) == [2, 9, 13, 16, 23]


def test_a_date_fits_if_both_days_do_when_one_begins_with_a_star() -> None:
    assert fits(parsed("0 0 */2 * MON"), 2) == [9, 23]
    assert fits(parsed("0 0 13-20 * */7"), 2) == [15]
    assert fits(parsed("0 0 * * MON"), 2) == [2, 9, 16, 23]
    assert fits(parsed("0 0 13 * *"), 2) == [13]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("", "0 fields"),
        ("0 6 * *", "4 fields"),
        ("0 6 * * * *", "6 fields"),
        ("60 * * * *", "minute"),
        ("* 24 * * *", "hour"),
        ("* * 0 * *", "day of the month"),
        ("* * * 13 *", "month"),
        ("* * * * 8", "day of the week"),
        ("* * * * FOO", "day of the week"),
        ("* * * MON *", "month"),
        ("* * L * *", "day of the month"),
        ("1, * * * *", "minute"),
        ("-1 * * * *", "minute"),
        ("5-1 * * * *", "ends before it begins"),
        ("*/0 * * * *", "step"),
        ("*-5 * * * *", "minute"),
        ("@reboot", "@hourly"),
        ("٣ * * * *", "ASCII"),
        ("0 " * 101, "200"),
    ],
)
def test_what_is_no_expression_is_refused_and_says_why(text: str, about: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parsed(text)

    assert about in refused.value.detail
    assert refused.value.problems[0].pointer == "/when/cron"


@pytest.mark.parametrize("text", ["0 0 31 2 *", "0 0 30,31 FEB *", "0 0 31 4,6,9,11 *", "0 0 31 2 */2"])
def test_an_expression_that_never_fires_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="never fires"):
        parsed(text)


@pytest.mark.parametrize("text", ["0 0 29 2 *", "0 0 31 * *", "0 0 31 2 MON", "0 0 29 2 */7"])
def test_an_expression_that_fires_seldom_is_accepted(text: str) -> None:
    assert parsed(text)
