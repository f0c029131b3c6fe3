"""Windows are kept outside of the ledger, and only a change of the verdict is an event, whatever order they come in."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import InvalidInputError, MonitorNotFoundError, VersionNotFoundError
from chalicelib.domain.instants import epoch_seconds
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.monitoring.verdict import Verdict
from chalicelib.domain.monitoring.window import NewWindow
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import state
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.models import models
from chalicelib.registry.monitoring import windows
from tests.domain.monitoring.build import SHIFTED, STEADY, categorical, numeric
from tests.registry.build import MODEL, request
from tests.registry.monitoring.watched import (
    NAME,
    an_alarm,
    events,
    hours_on,
    last,
    put,
    reported,
    saved,
    set_clock,
    standing,
    types,
    watched,
)


def test_windows_of_one_verdict_add_nothing_to_the_ledger(registry: Services) -> None:
    watched(registry)
    reported(registry, *[STEADY] * 6)
    assert types(registry) == ["judged"], "the first window says that all is well; the others say nothing new"
    assert standing(registry).standing.verdict is Verdict.OK


def test_an_alarm_says_what_it_rests_on(registry: Services) -> None:
    watched(registry)
    event = an_alarm(registry)
    assert types(registry) == ["judged", "alarmed"], "a warning came first"
    assert (event["version"], event["subject"], event["trigger"], event["actor"]) == (
        1,
        NAME,
        "rule",
        "rule:monitoring",
    )
    assert (event["before"]["verdict"], event["after"]["verdict"]) == ("warning", "alarm")
    assert event["after"]["worst"] == "amount"
    assert event["after"]["score"] > event["after"]["threshold"]
    judged = windows.judge_now(registry, MODEL, NAME, None, None).judgement
    assert judged is not None
    assert event["after"]["digest"] == judged.digest
    assert [one["digests"] for one in event["details"]["windows"]] == [list(one.digests) for one in judged.windows]
    assert "2 of the last 2 windows of version 1 breached: amount: psi is" in event["reason"]


def test_a_recovery_is_an_event_of_its_own(registry: Services) -> None:
    watched(registry)
    an_alarm(registry)
    reported(registry, STEADY, STEADY, STEADY, first=2)
    assert types(registry) == ["judged", "alarmed", "recovered", "judged"]
    assert [event["after"]["verdict"] for event in events(registry)[3:]] == ["warning", "ok"]


def test_windows_that_say_too_little_end_no_alarm(registry: Services) -> None:
    watched(registry, of=2)
    an_alarm(registry)
    for hour in (2, 3, 4):
        set_clock(registry, hour + 1)
        put(registry, hour, n=10)
    assert types(registry)[-1] == "alarmed"


def test_reporting_a_window_again_changes_nothing(registry: Services) -> None:
    watched(registry)
    an_alarm(registry)
    before = len(events(registry, ""))
    put(registry, 1, SHIFTED)
    put(registry, 0, SHIFTED)
    assert len(events(registry, "")) == before
    assert len(windows.list_windows(registry, MODEL, NAME, None, 50, None).items) == 2


def test_a_window_that_is_corrected_is_judged_anew(registry: Services) -> None:
    watched(registry)
    an_alarm(registry)
    put(registry, 1, STEADY)
    assert types(registry)[-1] == "recovered"


def test_windows_in_any_order_lead_to_the_same_verdict(registry: Services) -> None:
    watched(registry)
    set_clock(registry, 3)
    for hour in (2, 0, 1):
        put(registry, hour, STEADY if hour == 1 else SHIFTED)
    assert standing(registry).standing.verdict is Verdict.ALARM
    assert standing(registry).standing.window == hours_on(2)


def test_a_late_window_among_the_last_is_judged_and_an_older_one_is_only_kept(registry: Services) -> None:
    watched(registry)
    set_clock(registry, 6)
    for hour in (2, 4, 5):
        put(registry, hour, SHIFTED if hour == 2 else STEADY)
    put(registry, 0, SHIFTED)
    assert standing(registry).standing.verdict is Verdict.WARNING
    put(registry, 3, SHIFTED)
    assert standing(registry).standing.verdict is Verdict.WARNING, "the one before it is no longer among the last"
    assert len(windows.list_windows(registry, MODEL, NAME, None, 50, None).items) == 5


def test_windows_that_race_make_one_event(registry: Services) -> None:
    watched(registry, breaches=1, of=1)
    set_clock(registry, 1)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: put(registry, 0, SHIFTED, source=f"s{number}"), range(8)))
    assert types(registry) == ["alarmed"]
    assert standing(registry).standing.digest == last(registry, "monitor.alarmed")["after"]["digest"]


def test_a_window_that_comes_between_the_reading_and_the_commit_is_not_forgotten(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(registry, breaches=1, of=1)
    set_clock(registry, 1)
    transact = registry.table.transact
    slipped = []

    def slip_in(writes: list[object]) -> None:
        if not slipped:
            slipped.append(True)
            # Another reporter replaces the window, and finds the verdict as it was.
            put(registry, 0, STEADY)
        transact(writes)

    monkeypatch.setattr(registry.table, "transact", slip_in)
    put(registry, 0, SHIFTED)
    assert standing(registry).standing.verdict is Verdict.OK


def test_a_window_of_many_sources_is_read_as_a_whole(registry: Services) -> None:
    watched(registry, breaches=1, of=2)
    set_clock(registry, 2)
    for hour in (0, 1):
        for number in range(20):
            put(registry, hour, SHIFTED if hour == 0 else STEADY, 50, source=f"s{number}")
    judged = windows.judge_now(registry, MODEL, NAME, None, None).judgement
    assert judged is not None
    assert [(len(one.sources), one.n, one.verdict) for one in judged.windows] == [
        (20, 1_000, "breached"),
        (20, 1_000, "ok"),
    ]


def test_a_batch_is_kept_as_a_whole_or_not_at_all(registry: Services) -> None:
    watched(registry)
    set_clock(registry, 3)
    good = [NewWindow(hours_on(hour), 1_000, features=(numeric(SHIFTED),)) for hour in range(3)]
    with pytest.raises(InvalidInputError) as refused:
        windows.put_windows(
            registry, request(), MODEL, NAME, [*good, NewWindow(hours_on(5), 10, features=(numeric(n=10),))], batch=True
        )
    assert refused.value.problems[0].pointer == "/windows/3/start"
    assert windows.list_windows(registry, MODEL, NAME, None, 50, None).items == ()
    received = windows.put_windows(registry, request(), MODEL, NAME, good, batch=True)
    assert (len(received.windows), received.monitor.standing.verdict) == (3, Verdict.ALARM)
    assert types(registry) == ["alarmed"]
    with pytest.raises(InvalidInputError, match="earlier window of the batch"):
        windows.put_windows(registry, request(), MODEL, NAME, [good[0], good[0]], batch=True)


def test_a_monitor_of_an_alias_follows_it(registry: Services) -> None:
    watched(registry, versions=2, selector="@champion")
    with pytest.raises(InvalidInputError, match="@champion stands for no version"):
        put_at(registry, 0)
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)
    an_alarm(registry)
    aliases.set_alias(registry, request(), MODEL, "champion", 2, None, None)
    set_clock(registry, 3)
    put(registry, 2, SHIFTED, version="1")
    assert standing(registry).standing.version == 1, "what is said of another version is kept, and changes no verdict"
    put(registry, 2, STEADY)
    assert types(registry)[-1] == "judged", "version 2 has not recovered from anything"
    assert (standing(registry).standing.version, standing(registry).standing.verdict) == (2, Verdict.OK)
    assert [one.version for one in windows.list_windows(registry, MODEL, NAME, "1", 50, None).items] == [1, 1, 1]


def test_a_version_that_serves_again_is_not_judged_by_what_it_met_long_ago(registry: Services) -> None:
    watched(registry, versions=2, selector="@champion")
    aliases.set_alias(registry, request(), MODEL, "champion", 2, None, None)
    an_alarm(registry)
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)
    reported(registry, STEADY, first=5)
    aliases.set_alias(registry, request(), MODEL, "champion", 2, None, None)
    set_clock(registry, 100)
    sweep_due(registry, "run-1")
    assert types(registry)[-1] == "judged" and standing(registry).standing.verdict is Verdict.INSUFFICIENT
    reported(registry, STEADY, first=100)
    assert (standing(registry).standing.version, standing(registry).standing.verdict) == (2, Verdict.OK)
    reported(registry, SHIFTED, first=101)
    assert standing(registry).standing.verdict is Verdict.WARNING
    assert types(registry).count("alarmed") == 1


def put_at(registry: Services, hour: int) -> None:
    set_clock(registry, hour + 1)
    put(registry, hour)


def test_a_version_that_was_never_there_is_neither_judged_nor_listed(registry: Services) -> None:
    watched(registry)
    assert windows.judge_now(registry, MODEL, NAME, "1", None).version == 1
    with pytest.raises(VersionNotFoundError, match="has no version 99"):
        windows.judge_now(registry, MODEL, NAME, "99", None)
    with pytest.raises(VersionNotFoundError, match="has no version 99"):
        windows.list_windows(registry, MODEL, NAME, "99", 10, None)


def test_a_window_of_a_version_that_does_not_exist_is_refused(registry: Services) -> None:
    watched(registry)
    set_clock(registry, 1)
    with pytest.raises(InvalidInputError) as refused:
        put(registry, 0, version="7")
    assert refused.value.problems[0].pointer == "/version"
    with pytest.raises(MonitorNotFoundError):
        windows.put_windows(registry, request(), MODEL, "other", [NewWindow(hours_on(0), 0)], batch=False)


def test_small_categories_of_a_model_with_personal_data_are_not_kept(registry: Services) -> None:
    watched(registry, baseline=())
    models.update_model(registry, request(), MODEL, ProfileChange(metadata={"personal_data": True}))
    set_clock(registry, 1)
    put(registry, 0, features=(categorical(de=900, li=3),))
    (kept,) = windows.list_windows(registry, MODEL, NAME, None, 50, None).items
    assert kept.features == (categorical(de=900, other=3),)


def test_windows_of_the_length_that_a_monitor_had_before_are_not_added_to_its_new_ones(registry: Services) -> None:
    watched(registry, breaches=1)
    set_clock(registry, 24)
    for hour in (0, 23):
        put(registry, hour, SHIFTED)
    assert standing(registry).standing.verdict is Verdict.ALARM
    saved(registry, window=Span.DAY, breaches=1)
    put(registry, 0, STEADY, source="daily")
    judged = windows.judge_now(registry, MODEL, NAME, None, None)
    assert [(one.start, one.sources, one.n) for one in judged.windows] == [(hours_on(0), ("daily",), 1_000)]
    assert standing(registry).standing.verdict is Verdict.OK


def test_windows_of_the_length_before_do_not_hide_the_first_of_the_new_one(registry: Services) -> None:
    watched(registry, breaches=1)
    reported(registry, *[STEADY] * 24)
    saved(registry, window=Span.DAY, breaches=1)
    put(registry, 0, SHIFTED, source="daily")
    assert standing(registry).standing.verdict is Verdict.ALARM, "it began before the 23 that began last"
    set_clock(registry, 48)
    put(registry, 24, STEADY, source="daily")
    judged = windows.judge_now(registry, MODEL, NAME, None, None)
    assert [(one.start, one.verdict) for one in judged.windows] == [(hours_on(0), "breached"), (hours_on(24), "ok")]


@pytest.mark.parametrize(("span", "days"), [(Span.HOUR, 30), (Span.DAY, 396), (Span.WEEK, 1_098)])
def test_windows_go_when_their_time_is_over(registry: Services, span: Span, days: int) -> None:
    watched(registry, window=span)
    set_clock(registry, 24 * 7)
    put(registry, 24 * 7 - {Span.HOUR: 1, Span.DAY: 24, Span.WEEK: 24 * 7}[span])
    stored, _ = registry.table.query(f"MODEL#{MODEL}", keys.windows_of(NAME, 1), 5)
    assert [item["expires_at"] for item in stored] == [epoch_seconds(registry.clock()) + days * 86_400]


def test_the_stored_state_of_a_model_with_windows_agrees_with_its_events(registry: Services) -> None:
    watched(registry)
    an_alarm(registry)
    check = state.check_state(registry, f"model:{MODEL}", 1_000)
    assert (check.differences, check.complete) == ((), True)
