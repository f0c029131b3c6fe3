"""Option types that several commands share."""

from datetime import UTC, datetime

import click
import pytest
from moorage.cli.options import TIME


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-23T09:30:00Z", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        ("2026-11-23T09:30+01:00", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_a_time_is_in_utc_and_a_date_begins_at_midnight(text: str, time: datetime) -> None:
    assert TIME.convert(text, None, None) == time
    assert TIME.convert(text, None, None).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "reason"),
    [("2026-11-23T09:30:00", "which time zone"), ("yesterday", "neither a time"), ("2026-13-01", "neither a time")],
)
def test_a_time_without_a_zone_and_what_is_no_time_are_refused(text: str, reason: str) -> None:
    with pytest.raises(click.BadParameter, match=reason):
        TIME.convert(text, None, None)
