"""Checks and evaluations: what is kept of them, and where their bounds are."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import names
from chalicelib.domain.errors import (
    CheckNotFoundError,
    EvaluationNotFoundError,
    InvalidInputError,
    InvalidNameError,
    LimitExceededError,
    VersionNotReadyError,
)
from chalicelib.domain.evidence import check as checks
from chalicelib.domain.evidence import check_decisions, evaluation, evaluation_decisions
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.evidence.check_decisions import CheckReport
from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations, Kind, Slice
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.instants import Instant, later, moment
from chalicelib.domain.ledger.decision import Put
from chalicelib.domain.models.model import Model
from tests.domain.build import NOW, ready, register, stamp

MEASUREMENT = Measurement(Kind.OFFLINE, {"auc": 0.9})
CHECK = Check(True, None, None, NOW, "token:ci")
EVALUATION = Evaluation(Kind.OFFLINE, {"auc": 0.9}, (), None, NOW, NOW, "token:ada")

moments = st.datetimes(moment(NOW).replace(tzinfo=None), moment(NOW).replace(tzinfo=None, year=2999)).map(
    lambda at: Instant(at.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
)


@given(st.from_regex(r"[a-z0-9_.\-]{1,64}", fullmatch=True).filter(lambda name: name not in (".", "..")))
def test_a_name_of_the_documented_form_is_taken(name: str) -> None:
    assert names.check_name(name) == names.evaluation_name(name) == name


@given(st.text().filter(lambda name: not set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-")))
def test_a_name_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(InvalidNameError):
        names.check_name(name)


@pytest.mark.parametrize("name", ["", ".", "..", "x" * 65])
def test_a_name_that_a_path_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(InvalidNameError):
        names.evaluation_name(name)


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z.]{1,10}(:\d{1,7})?/[ -~]{0,20}", fullmatch=True))
def test_evidence_is_kept_as_given_or_refused_as_bad_input(url: str) -> None:
    with suppress(InvalidInputError):
        assert checks.evidence(url) == url
        assert url.lower().startswith(("http://", "https://"))


@given(moments, moments)
def test_a_check_is_valid_until_it_expires_and_never_after(expires_at: Instant, now: Instant) -> None:
    check = Check(True, None, expires_at, NOW, "token:ci")
    assert check.valid(now) == (now < expires_at)
    assert check.state(now) == ("passed" if now < expires_at else "expired")
    assert CHECK.valid(now)


@given(st.integers(1, checks.MAX_DAYS))
def test_days_count_from_the_report(days: int) -> None:
    assert checks.expiry(NOW, None, days) == later(NOW, timedelta(days=days))


@pytest.mark.parametrize(
    ("expires_at", "days"),
    [(NOW, None), (later(NOW, timedelta(days=-1)), None), (None, 0), (None, 3651), (later(NOW, timedelta(days=1)), 1)],
)
def test_an_expiry_that_makes_no_sense_is_refused(expires_at: Instant | None, days: int | None) -> None:
    with pytest.raises(InvalidInputError):
        checks.expiry(NOW, expires_at, days)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.booleans(), max_size=6))
def test_reports_of_other_names_stay_as_they_are(verdicts: dict[str, bool]) -> None:
    model, version = ready(Model("fraud"))
    present = Checks(1)
    for name, passed in verdicts.items():
        decision = check_decisions.report(model, version, present, name, CheckReport(passed), stamp())
        (change,) = decision.changes
        assert isinstance(change, Put) and isinstance(change.record, Checks)
        latest = change.record.by_name
        assert {other: kept for other, kept in latest.items() if other != name} == present.by_name
        present = change.record
    assert {name: check.passed for name, check in present.by_name.items()} == verdicts


def test_a_version_has_at_most_fifty_checks_and_fifty_evaluations() -> None:
    model, version = ready(Model("fraud"))
    held = Checks(1, {f"c{index}": CHECK for index in range(50)})
    check_decisions.report(model, version, held, "c0", CheckReport(True), stamp())
    with pytest.raises(LimitExceededError):
        check_decisions.report(model, version, held, "new", CheckReport(True), stamp())
    measured = Evaluations(1, {f"e{index}": EVALUATION for index in range(50)})
    evaluation_decisions.record(model, version, measured, "e0", MEASUREMENT, stamp())
    with pytest.raises(LimitExceededError):
        evaluation_decisions.record(model, version, measured, "new", MEASUREMENT, stamp())


def test_checks_and_evaluations_that_would_not_fit_their_item_are_refused() -> None:
    model, version = ready(Model("fraud"))
    held = Checks(1, {f"c{index}": Check(True, None, None, NOW, "t", "\u20ac" * 2000) for index in range(21)})
    with pytest.raises(LimitExceededError, match="bytes"):
        check_decisions.report(model, version, held, "new", CheckReport(True, details="\u20ac" * 2000), stamp())
    large = {f"{'m' * 200}{index}": 1 for index in range(250)}
    present = Evaluations(1, {name: Evaluation(Kind.SYSTEM, large, (), None, NOW, NOW, "t") for name in ("a", "b")})
    with pytest.raises(LimitExceededError, match="bytes"):
        evaluation_decisions.record(model, version, present, "c", Measurement(Kind.SYSTEM, large), stamp())


def test_nothing_is_said_of_bytes_that_are_not_proved() -> None:
    model, version = register(Model("fraud"))
    with pytest.raises(VersionNotReadyError):
        check_decisions.report(model, version, Checks(1), "ci", CheckReport(True), stamp())
    with pytest.raises(VersionNotReadyError):
        evaluation_decisions.record(model, version, Evaluations(1), "holdout", MEASUREMENT, stamp())


def test_withdrawing_leaves_the_others_and_names_what_is_not_there() -> None:
    model, version = ready(Model("fraud"))
    taken = check_decisions.CHECKS.withdraw(model, version, Checks(1, {"a": CHECK, "b": CHECK}), "a", stamp())
    assert taken.changes == (Put(Checks(1, {"b": CHECK})),)
    with pytest.raises(CheckNotFoundError):
        check_decisions.CHECKS.withdraw(model, version, Checks(1, {}), "a", stamp())
    gone = evaluation_decisions.EVALUATIONS.withdraw(model, version, Evaluations(1, {"a": EVALUATION}), "a", stamp())
    assert gone.changes == (Put(Evaluations(1, {})),)
    with pytest.raises(EvaluationNotFoundError):
        evaluation_decisions.EVALUATIONS.withdraw(model, version, Evaluations(1, {}), "a", stamp())


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_what_was_measured_before_now_keeps_its_time(ago: timedelta) -> None:
    then = later(NOW, -ago)
    assert evaluation.measured_at(then, NOW) == then


def test_what_is_measured_is_now_unless_said_and_never_later() -> None:
    assert evaluation.measured_at(None, NOW) == NOW
    assert evaluation.measured_at(later(NOW, evaluation.CLOCK_SKEW), NOW) > NOW
    with pytest.raises(InvalidInputError):
        evaluation.measured_at(later(NOW, evaluation.CLOCK_SKEW + timedelta(seconds=1)), NOW)


groups = st.dictionaries(
    st.from_regex(r"[a-z]{1,5}", fullmatch=True),
    st.booleans() | st.integers(0, 9) | st.text("abc", max_size=5),
    min_size=1,
    max_size=3,
)


@given(st.lists(groups, max_size=5, unique_by=lambda group: Slice(group, {}).key))
def test_slices_of_distinct_groups_are_kept_as_given(groups: list[dict[str, str | int | bool]]) -> None:
    given_slices = [Slice(group, {"auc": 1}) for group in groups]
    assert evaluation.slices(given_slices) == tuple(given_slices)


@pytest.mark.parametrize(
    "slices",
    [
        [Slice({}, {"a": 1})],
        [Slice({f"k{index}": 1 for index in range(11)}, {"a": 1})],
        [Slice({"a": "x" * 251}, {"a": 1})],
        [Slice({"a": 1}, {})],
        [Slice({"a": 1}, {"a": float("nan")})],
        [Slice({"a": 1, "b": 2}, {"a": 1}), Slice({"b": 2, "a": 1}, {"a": 2})],
        [Slice({"a": index}, {"a": 1}) for index in range(201)],
    ],
)
def test_slices_out_of_bounds_are_refused_with_their_place(slices: list[Slice]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        evaluation.slices(slices)
    assert refused.value.problems[0].pointer.startswith("/slices")


@pytest.mark.parametrize(
    "dataset", [{}, {"version": "1"}, {"name": ""}, {"name": "a", "digest": "x" * 2049}, {"a": "b"}]
)
def test_a_dataset_without_name_or_out_of_bounds_is_refused(dataset: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError):
        evaluation.dataset(dataset)
