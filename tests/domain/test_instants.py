import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.instants import parsed


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-23T09:30:00Z", "2026-11-23T09:30:00.000Z"),
        ("2026-11-23T09:30:00.1239Z", "2026-11-23T09:30:00.123Z"),
        ("2026-11-23T10:30:00+01:00", "2026-11-23T09:30:00.000Z"),
    ],
)
def test_a_time_is_read_in_any_zone(text: str, time: str) -> None:
    assert parsed(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "1700000000",
        "2026-11-23",
        "2026-11-23T09:30:00",
        "20261123T093000Z",
        "2026-13-23T09:30:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "1000-01-01T00:00:00+14:00",
        "2026-11-23T09:30:00Z; --",
    ],
)
def test_a_time_without_zone_or_of_no_meaning_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parsed(text)
