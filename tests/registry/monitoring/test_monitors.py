"""Saving and deleting monitors: bounds, baselines from windows, ETags, and what the model's head shows."""

from dataclasses import replace

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action, Grant, Principal
from chalicelib.domain.errors import (
    InvalidInputError,
    LimitExceededError,
    ModelNotFoundError,
    MonitorNotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
)
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.models.health import Health
from chalicelib.domain.monitoring.deeds import Act, Deed
from chalicelib.domain.monitoring.window import WindowRange
from chalicelib.domain.statistics.histogram import merge
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.models import models
from chalicelib.registry.monitoring import monitors
from tests.domain.monitoring.build import SHIFTED, STEADY, categorical, definition, numeric
from tests.registry.build import MODEL, model, request
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


def test_a_monitor_is_created_once_and_changed_after_that(registry: Services) -> None:
    made = watched(registry)
    assert saved(registry) == made
    saved(registry, min_n=500)
    (created, updated) = events(registry)
    assert (created["type"], created["subject"], created["after"]["features"]) == ("monitor.created", NAME, ["amount"])
    assert (updated["before"], updated["after"]) == ({"min_n": 200}, {"min_n": 500})


@pytest.mark.parametrize(
    ("act", "action"),
    [
        (Act(Deed.MOVE, "archived"), Action.TRANSITION),
        (Act(Deed.ROLL_BACK, "alias:champion"), Action.TRANSITION),
        (Act(Deed.FREEZE), Action.FREEZE),
        (Act(Deed.OPEN_REQUEST, "archived"), None),
        (Act(Deed.FAIL_CHECK), None),
    ],
)
def test_nobody_has_done_by_a_monitor_what_they_may_not_do(registry: Services, act: Act, action: Action | None) -> None:
    watched(registry)
    given = definition(on_alarm=(act,))

    def save(*actions: Action) -> None:
        curator = Principal("token:mo", (Grant("curator", "*"),), roles={"curator": frozenset(actions)})
        monitors.save_monitor(registry, Request(curator, "request-1"), MODEL, NAME, given)

    if action is not None:
        with pytest.raises(PermissionDeniedError, match=f"a role that has {action}"):
            save(Action.READ, Action.MANAGE)
        save(Action.READ, Action.MANAGE, action)
    else:
        save(Action.READ, Action.MANAGE)
    assert standing(registry).definition.on_alarm == (act,)


def test_another_baseline_shows_in_the_event_by_its_digest(registry: Services) -> None:
    watched(registry)
    saved(registry, baseline=(numeric(n=9_000),))
    event = last(registry, "monitor.updated")
    assert event["before"]["baseline"]["digest"] != event["after"]["baseline"]["digest"]


def test_a_baseline_that_is_not_given_is_kept(registry: Services) -> None:
    made = watched(registry)
    monitors.save_monitor(registry, request(), MODEL, NAME, definition(baseline=(), min_n=500), keep_baseline=True)
    assert standing(registry).definition.baseline == made.definition.baseline


def test_a_baseline_of_a_model_with_personal_data_is_kept_without_small_groups(registry: Services) -> None:
    given = (numeric(n=10_000, mean=15.0, m2=9.0, min=5.0, max=25.0), categorical(de=900, li=3))
    watched(registry, baseline=given)
    assert standing(registry).definition.baseline == given
    models.update_model(registry, request(), MODEL, ProfileChange(metadata={"personal_data": True}))
    kept = (numeric(n=10_000, mean=15.0, m2=9.0), categorical(de=900, other=3))
    assert saved(registry, baseline=given).definition.baseline == kept
    assert monitors.get_monitor(registry, MODEL, NAME).definition.baseline == kept
    malformed = (replace(given[1], counts=(900, 3)),)
    with pytest.raises(InvalidInputError):
        saved(registry, baseline=malformed)


def test_a_baseline_is_taken_from_windows(registry: Services) -> None:
    watched(registry, baseline=())
    set_clock(registry, 4)
    for hour, shares in enumerate((STEADY, SHIFTED, STEADY, SHIFTED)):
        put(registry, hour, shares)
    assert types(registry) == [], "without a baseline there is nothing to judge by"
    taken = WindowRange("1", hours_on(1), hours_on(2))
    made = monitors.save_monitor(registry, request(), MODEL, NAME, definition(baseline=()), taken).result
    assert made.definition.baseline == (merge([numeric(SHIFTED), numeric(STEADY)]),)
    assert made.definition.baseline_from == f"2 windows of version 1, from {hours_on(1)} to {hours_on(2)}"
    everything = monitors.save_monitor(registry, request(), MODEL, NAME, definition(baseline=()), WindowRange("1"))
    assert everything.result.definition.baseline[0].n == 4_000


def test_a_baseline_of_windows_that_are_not_there_or_do_not_fit_together_is_refused(registry: Services) -> None:
    watched(registry, baseline=())
    with pytest.raises(InvalidInputError, match="finds no features"):
        monitors.save_monitor(registry, request(), MODEL, NAME, definition(baseline=()), WindowRange("1"))
    set_clock(registry, 2)
    put(registry, 0)
    put(registry, 1, features=(replace(numeric(), edges=(1.0, 2.0)),))
    with pytest.raises(InvalidInputError, match="must be the same to merge"):
        monitors.save_monitor(registry, request(), MODEL, NAME, definition(baseline=()), WindowRange("1"))


def test_a_baseline_of_a_time_that_ends_before_it_begins_is_refused(registry: Services) -> None:
    watched(registry)
    reported(registry, STEADY)
    backwards = WindowRange("1", hours_on(2), hours_on(1))
    with pytest.raises(InvalidInputError) as refused:
        monitors.save_monitor(registry, request(), MODEL, NAME, definition(baseline=()), backwards)
    assert refused.value.problems[0].pointer == "/baseline/last"


def test_the_verdict_outlives_a_change_of_the_definition(registry: Services) -> None:
    watched(registry)
    an_alarm(registry)
    before = standing(registry).standing
    saved(registry, description="amounts in euros")
    assert standing(registry).standing == before


def test_the_head_of_the_model_shows_every_monitor(registry: Services) -> None:
    watched(registry)
    saved(registry, "other")
    event = an_alarm(registry)
    shown = models.model_head(registry, MODEL).monitors
    assert shown[NAME] == Health("alarm", 1, event["time"])
    assert shown["other"].verdict == "insufficient"
    monitors.delete_monitor(registry, request(), MODEL, NAME)
    assert list(models.model_head(registry, MODEL).monitors) == ["other"]


def test_a_model_has_at_most_twenty_monitors(registry: Services) -> None:
    model(registry)
    for number in range(20):
        saved(registry, f"m{number}")
    with pytest.raises(LimitExceededError, match="20 monitors"):
        saved(registry, "m20")
    assert [one.name for one in monitors.list_monitors(registry, MODEL)] == sorted(f"m{n}" for n in range(20))


def test_a_monitor_changes_only_as_the_caller_knows_it(registry: Services) -> None:
    made = watched(registry)
    stale = request(if_match='"1"')
    with pytest.raises(PreconditionFailedError):
        monitors.save_monitor(registry, stale, MODEL, NAME, definition(min_n=500))
    with pytest.raises(PreconditionFailedError):
        monitors.delete_monitor(registry, stale, MODEL, NAME)
    with pytest.raises(PreconditionFailedError, match="does not exist"):
        monitors.save_monitor(registry, stale, MODEL, "other", definition())
    monitors.delete_monitor(registry, request(if_match=f'"{made.revision}"'), MODEL, NAME)
    with pytest.raises(MonitorNotFoundError):
        monitors.get_monitor(registry, MODEL, NAME)
    with pytest.raises(MonitorNotFoundError):
        monitors.delete_monitor(registry, request(), MODEL, NAME)


def test_monitors_of_a_model_that_does_not_exist_are_not_found(registry: Services) -> None:
    with pytest.raises(ModelNotFoundError):
        monitors.list_monitors(registry, MODEL)
    with pytest.raises(ModelNotFoundError):
        saved(registry)


def test_a_monitor_of_the_same_name_judges_windows_that_are_still_there(registry: Services) -> None:
    watched(registry)
    reported(registry, SHIFTED)
    monitors.delete_monitor(registry, request(), MODEL, NAME)
    saved(registry)
    reported(registry, SHIFTED, first=1)
    assert standing(registry).standing.verdict == "alarm"
