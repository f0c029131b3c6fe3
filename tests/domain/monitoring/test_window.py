"""What a monitor takes of a window, and what it refuses, with the place of the fault."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.classification import Classification, Level
from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError, InvalidNameError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring.monitor import Bounds, Watched
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.monitoring.suppression import is_personal
from chalicelib.domain.monitoring.window import Measured, checked
from chalicelib.domain.statistics.histogram import Histogram, Kind
from tests.domain.monitoring.build import START, categorical, definition, measured, numeric, window


def pointer(defined: dict[str, Any], **fields: Any) -> str:
    """Where the fault of a window lies."""
    with pytest.raises(InvalidInputError) as refused:
        checked(definition(**defined), window(**fields), "/windows/3")
    return refused.value.problems[0].pointer.removeprefix("/windows/3")


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"start": later(START, timedelta(minutes=30))}, "/start"),
        ({"received_at": later(START, timedelta(minutes=54))}, "/start"),
        ({"received_at": later(START, timedelta(days=7, hours=2))}, "/start"),
        ({"measured_at": START}, "/measured_at"),
        ({"measured_at": later(START, timedelta(hours=2))}, "/measured_at"),
        ({"features": ()}, "/features"),
        ({"features": (numeric(), numeric())}, "/features/1/name"),
        ({"features": (numeric(n=1_100),)}, "/features/0/n"),
        ({"features": (Histogram("amount", Kind.NUMERIC, (1, 2), 0, (17.0,)),)}, "/features/0/edges"),
        ({"features": (Histogram("amount", Kind.NUMERIC, (1, -2, 3), 0, (10.0, 20.0)),)}, "/features/0/counts/1"),
        ({"features": (Histogram("amount", Kind.NUMERIC, (1, 2), 0, (10.0, 20.0)),)}, "/features/0/counts"),
        ({"features": tuple(numeric(name=f"f{number}") for number in range(101))}, "/features"),
        ({"metrics": {"accuracy": Measured(float("nan"), 10)}}, "/metrics/accuracy"),
        ({"metrics": {"accuracy": Measured(0.9, -1)}}, "/metrics/accuracy/n"),
        ({"metrics": {f"m{number}": Measured(1, 1) for number in range(21)}}, "/metrics"),
    ],
)
def test_a_window_that_cannot_be_judged_is_refused_where_the_fault_is(fields: dict[str, Any], where: str) -> None:
    assert pointer({}, **fields) == where


def test_values_of_the_baseline_must_be_counted_and_others_may_be() -> None:
    baseline = (categorical(de=600, fr=400),)
    assert pointer({"baseline": baseline}, features=(categorical(de=600),)) == "/features/0/values"
    more = window(features=(categorical(fr=300, de=600, it=100),))
    assert checked(definition(baseline=baseline), more) == more


def test_an_empty_window_says_that_there_was_no_traffic() -> None:
    quiet = window(n=0, features=())
    assert checked(definition(), quiet) == quiet


@pytest.mark.parametrize("source", ["", "a b", "-a", "a#b", "é", "s" * 65])
def test_a_source_is_a_plain_name(source: str) -> None:
    with pytest.raises(InvalidNameError):
        checked(definition(), window(source=source))


def test_a_window_has_at_most_64_kib() -> None:
    long = Histogram("country", Kind.CATEGORICAL, (0,) * 51, 0, values=tuple(f"{n:02d}{'x' * 240}" for n in range(50)))
    features = tuple(Histogram(f"f{n}", *_rest(long)) for n in range(6))
    with pytest.raises(BodyTooLargeError, match="at most 65536"):
        checked(definition(baseline=()), window(features=features))


def _rest(histogram: Histogram) -> tuple[Any, ...]:
    return (histogram.kind, histogram.counts, histogram.missing, histogram.edges, histogram.values)


def test_performance_may_be_measured_weeks_after_the_traffic_but_must_come_soon_then() -> None:
    labelled = definition(watched=Watched.PERFORMANCE, baseline=(), metrics={"accuracy": Bounds(at_least=0.9)})
    weeks = later(START, timedelta(weeks=5))
    late = measured(0, 0.9, measured_at=weeks, received_at=later(weeks, timedelta(days=6)))
    assert checked(labelled, late) == late
    for fields, where in (
        ({"measured_at": weeks, "received_at": later(weeks, timedelta(days=8))}, "/measured_at"),
        ({"measured_at": later(START, timedelta(days=95)), "received_at": later(START, timedelta(days=95))}, "/start"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            checked(labelled, measured(0, 0.9, **fields))
        assert refused.value.problems[0].pointer == where


@pytest.mark.parametrize(
    ("span", "good", "bad"),
    [
        (Span.HOUR, "2026-11-23T05:00:00.000Z", "2026-11-23T05:00:00.001Z"),
        (Span.DAY, "2026-11-24T00:00:00.000Z", "2026-11-24T01:00:00.000Z"),
        (Span.WEEK, "2026-11-23T00:00:00.000Z", "2026-11-24T00:00:00.000Z"),
        (Span.WEEK, "1969-12-29T00:00:00.000Z", "1970-01-01T00:00:00.000Z"),
    ],
)
def test_windows_begin_with_the_hour_the_day_in_utc_and_monday(span: Span, good: str, bad: str) -> None:
    assert span.begins_at(Instant(good))
    assert not span.begins_at(Instant(bad))


@pytest.mark.parametrize(("metadata", "personal"), [({"personal_data": True}, True), ({"personal_data": "yes"}, False)])
def test_data_is_personal_by_the_metadata_of_its_model(metadata: dict[str, object], personal: bool) -> None:
    assert is_personal(Model("fraud"), metadata) is personal
    assert not is_personal(Model("fraud"), {})


def test_data_is_personal_by_the_classification_of_its_model() -> None:
    assert is_personal(Model("fraud", classification=Classification(Level.INTERNAL, True)), {})
    assert not is_personal(Model("fraud", classification=Classification(Level.RESTRICTED)), {})
