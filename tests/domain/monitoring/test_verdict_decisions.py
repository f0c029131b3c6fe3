"""When a verdict is news: alarm, recovery, silence, another version; and that nothing else is."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring.decisions import save
from chalicelib.domain.monitoring.judging import JudgedWindow, Judgement, judge
from chalicelib.domain.monitoring.monitor import Monitor
from chalicelib.domain.monitoring.verdict import UNWELL, Standing, Verdict
from chalicelib.domain.monitoring.verdict_decisions import reconsider
from tests.domain.build import changed, settled, stamp
from tests.domain.monitoring.build import SHIFTED, START, STEADY, definition, monitor, window

LATER = Instant("2026-11-24T00:00:00.000Z")
JUST_NOW = Instant("2026-11-23T23:30:00.000Z")
# Verdicts that windows lead to.
JUDGED = (Verdict.OK, Verdict.WARNING, Verdict.ALARM, Verdict.INSUFFICIENT)


def judgement(verdict: Verdict, well: bool = True) -> Judgement:
    """Windows that lead to the verdict. One of them is well, if that is possible and asked for."""
    verdicts = {
        Verdict.OK: ("ok",),
        Verdict.WARNING: ("breached", "ok") if well else ("breached",),
        Verdict.ALARM: ("breached", "breached"),
        Verdict.INSUFFICIENT: ("insufficient",),
    }[verdict]
    return Judgement(verdict, tuple(JudgedWindow(START, ("s",), 1_000, START, one, (), ("d",)) for one in verdicts))


def stood(verdict: Verdict, version: int | None = 1, unwell: bool = False) -> Monitor:
    return replace(monitor(), standing=Standing(verdict, version, START, "e1", unwell=unwell))


def reconsidered(
    current: Monitor, verdict: Verdict, version: int = 1, heard_at: Instant = JUST_NOW, **given: Any
) -> Outcome[Monitor]:
    well = given.pop("well", True)
    return reconsider(
        Model("fraud"), current, version, judgement(verdict, well), heard_at, stamp("e9", time=LATER), **given
    )


@pytest.mark.parametrize(
    ("before", "unwell", "verdict", "event"),
    [
        (Verdict.INSUFFICIENT, False, Verdict.OK, "monitor.judged"),
        (Verdict.OK, False, Verdict.WARNING, "monitor.judged"),
        (Verdict.WARNING, False, Verdict.OK, "monitor.judged"),
        (Verdict.OK, False, Verdict.ALARM, "monitor.alarmed"),
        (Verdict.WARNING, False, Verdict.ALARM, "monitor.alarmed"),
        (Verdict.ALARM, True, Verdict.WARNING, "monitor.recovered"),
        (Verdict.ALARM, True, Verdict.OK, "monitor.recovered"),
        (Verdict.SILENT, True, Verdict.OK, "monitor.recovered"),
        (Verdict.SILENT, True, Verdict.ALARM, "monitor.alarmed"),
        (Verdict.SILENT, True, Verdict.INSUFFICIENT, "monitor.judged"),
        (Verdict.INSUFFICIENT, True, Verdict.OK, "monitor.recovered"),
        (Verdict.OK, False, Verdict.INSUFFICIENT, "monitor.judged"),
    ],
)
def test_a_change_of_the_verdict_is_an_event(before: Verdict, unwell: bool, verdict: Verdict, event: str) -> None:
    decision = changed(reconsidered(stood(before, unwell=unwell), verdict))
    assert decision.event.type == event
    assert (decision.event.version, decision.event.subject) == (1, "amounts")
    assert decision.result.standing.verdict is verdict


@given(st.sampled_from([*JUDGED, Verdict.SILENT]))
def test_the_same_verdict_again_is_nothing(verdict: Verdict) -> None:
    if verdict is Verdict.SILENT:
        outcome = reconsidered(stood(verdict), Verdict.OK, heard_at=START, at_keeper=True)
    else:
        outcome = reconsidered(stood(verdict), verdict)
    assert isinstance(outcome, NoChange)


@pytest.mark.parametrize("verdict", [Verdict.INSUFFICIENT, Verdict.WARNING])
def test_an_alarm_stands_until_a_window_is_found_well(verdict: Verdict) -> None:
    assert isinstance(reconsidered(stood(Verdict.ALARM, unwell=True), verdict, well=False), NoChange)


def test_what_was_well_before_the_last_breach_does_not_end_an_alarm() -> None:
    shares = (SHIFTED, STEADY, SHIFTED)
    windows = [window(hour, one) for hour, one in enumerate(shares)]
    asked = definition()
    assert judge(asked, windows).verdict is Verdict.ALARM
    for hour, n, event in ((3, 10, None), (3, 1_000, "monitor.recovered")):
        judged = judge(asked, [*windows, window(hour, n=n)])
        assert judged.verdict is Verdict.WARNING
        outcome = reconsider(
            Model("fraud"), stood(Verdict.ALARM, unwell=True), 1, judged, JUST_NOW, stamp("e9", time=LATER)
        )
        assert (None if isinstance(outcome, NoChange) else outcome.event.type) == event


def test_one_that_is_heard_of_again_with_a_breach_has_not_recovered_yet() -> None:
    heard = changed(reconsidered(stood(Verdict.SILENT, unwell=True), Verdict.WARNING, well=False))
    assert (heard.event.type, heard.result.standing.unwell) == ("monitor.judged", True)
    assert changed(reconsidered(heard.result, Verdict.OK)).event.type == "monitor.recovered"


def test_another_version_has_not_recovered_from_what_it_never_had() -> None:
    alarmed = stood(Verdict.ALARM, unwell=True)
    decision = changed(reconsidered(alarmed, Verdict.OK, version=2))
    assert decision.event.type == "monitor.judged"
    assert (decision.result.standing.version, decision.result.standing.unwell) == (2, False)
    assert changed(reconsidered(alarmed, Verdict.ALARM, version=2)).event.type == "monitor.alarmed"
    assert changed(reconsidered(alarmed, Verdict.INSUFFICIENT, version=2)).event.type == "monitor.judged"


def test_only_the_keeper_finds_silence_and_only_fresh_windows_end_it() -> None:
    well = stood(Verdict.OK)
    assert isinstance(reconsidered(well, Verdict.OK, heard_at=START), NoChange)
    silent = changed(reconsidered(well, Verdict.OK, heard_at=START, at_keeper=True))
    assert (silent.event.type, silent.event.trigger.value) == ("monitor.silent", "keeper")
    assert isinstance(reconsidered(silent.result, Verdict.OK, heard_at=START), NoChange)
    assert changed(reconsidered(silent.result, Verdict.OK)).event.type == "monitor.recovered"


def test_the_keeper_does_not_judge_a_version_that_is_watched_anew_by_what_it_met_long_ago() -> None:
    """The windows of ``judgement`` are of yesterday, and the version has been expected since just now."""
    for current in (stood(Verdict.OK, version=2), stood(Verdict.ALARM, version=2)):
        anew = changed(reconsidered(current, Verdict.ALARM, at_keeper=True))
        standing = anew.result.standing
        assert (anew.event.type, standing.verdict, standing.version) == ("monitor.judged", Verdict.INSUFFICIENT, 1)
        assert (standing.window, standing.worst, anew.event.details) == ("", "", {"windows": []})
        assert isinstance(reconsidered(anew.result, Verdict.ALARM, at_keeper=True), NoChange)
        assert changed(reconsidered(anew.result, Verdict.ALARM)).event.type == "monitor.alarmed", "somebody reports it"
    assert isinstance(reconsidered(stood(Verdict.OK), Verdict.OK, at_keeper=True), NoChange)


def test_silence_begins_when_so_many_windows_are_missing() -> None:
    for hours, silent in ((2, True), (3, False)):
        current = replace(stood(Verdict.OK), definition=definition(silent_after=hours))
        outcome = reconsidered(current, Verdict.OK, heard_at=Instant("2026-11-23T22:00:00.000Z"), at_keeper=True)
        assert isinstance(outcome, Decision) is silent


@given(st.lists(st.tuples(st.sampled_from(JUDGED), st.integers(1, 2), st.booleans()), max_size=30))
def test_the_story_of_verdicts_holds_together(told: list[tuple[Verdict, int, bool]]) -> None:
    """Whatever comes: each event changes verdict or version, and who recovers was unwell, and is well."""
    current = monitor()
    for verdict, version, silent in told:
        heard_at = START if silent else JUST_NOW
        outcome = reconsidered(current, verdict, version, heard_at, at_keeper=silent)
        if isinstance(outcome, NoChange):
            continue
        before, after = current.standing, outcome.result.standing
        assert (before.verdict, before.version) != (after.verdict, after.version)
        same = before.version == after.version
        assert (outcome.event.type == "monitor.recovered") == (same and before.unwell and not after.unwell)
        assert after.unwell or after.verdict not in UNWELL
        assert not after.unwell or after.verdict in UNWELL or (same and before.unwell)
        current = outcome.result


def test_the_head_shows_the_verdict_from_the_commit_that_made_it() -> None:
    model = Model("fraud")
    created = settled(changed(save(model, None, "amounts", definition(), stamp())))
    current = created.present(Monitor, "amounts")
    assert current is not None
    decision = changed(reconsider(created.after, current, 1, judgement(Verdict.ALARM), JUST_NOW, stamp("e2")))
    after = settled(decision, current, before=created.after, time=LATER)
    health = after.after.monitors["amounts"]
    assert (health.verdict, health.version, health.since) == ("alarm", 1, LATER)
    saved = after.present(Monitor, "amounts")
    assert saved is not None
    assert (saved.standing.health, saved.standing.event_id) == (health, after.event["id"])
