"""Which versions a retention rule deletes: what is old and useless, and nothing that is held or may be needed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.aliases import decisions as aliases
from chalicelib.domain.errors import InvalidInputError, RetentionRuleNotFoundError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import EventDraft, Trigger
from chalicelib.domain.lifecycle import restriction_decisions as restrictions
from chalicelib.domain.lifecycle import retention_decisions as retention
from chalicelib.domain.lifecycle.retention_decisions import ExpiredVersion, ripe
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Freeze
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.promotion import stage_decisions as stages
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.versions import burial_decisions as burials
from chalicelib.domain.versions import decisions as versions
from chalicelib.domain.versions.version import Status, Version
from tests.domain.build import NOW, changed, ready, settled, stamp, transition_context

RULE = RetentionRule(never_promoted_after_days=90, archived_after_days=30)
NONE: frozenset[int] = frozenset()


def days(count: int) -> Instant:
    return later(NOW, timedelta(days=count))


def took(decision: Decision[Any], version: Version, time: Instant = NOW) -> tuple[Model, Version]:
    """The model and the version once a decision on the version is committed."""
    settlement = settled(decision, version, time=time)
    return settlement.after, settlement.present(Version, version.number)


def moved(model: Model, version: Version, *to: str, time: Instant = NOW) -> tuple[Model, Version]:
    for stage in to:
        move = stages.transition(transition_context(model, version), stage, None, None, stamp(time=time))
        model, version = took(changed(move), version, time)
    return model, version


def judged(model: Model, version: Version, at: int, newest: frozenset[int] = NONE) -> ExpiredVersion | None:
    return ripe(model, DEFAULT_SCHEME, RULE, version, newest, days(at))


def test_a_version_never_promoted_is_ripe_after_its_days() -> None:
    model, version = ready(Model("fraud"))
    assert judged(model, version, 89) is None
    found = judged(model, version, 90)
    assert found is not None
    assert (found.clause, found.since) == ("never_promoted", days(90))
    assert "90 days" in found.reason


def test_a_version_that_was_promoted_and_came_back_is_not_one_that_never_was() -> None:
    model, version = ready(Model("fraud"))
    model, version = moved(model, version, "staging", time=days(1))
    model, version = moved(model, version, "development", time=days(2))
    assert judged(model, version, 3000) is None


def test_an_archived_version_is_ripe_after_its_days_there() -> None:
    model, version = moved(*ready(Model("fraud")), "archived")
    assert judged(model, version, 29) is None
    found = judged(model, version, 30)
    assert found is not None and found.clause == "archived"


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_what_a_stage_holds_stays(stage: str) -> None:
    model, version = moved(*ready(Model("fraud")), stage)
    assert judged(model, version, 3000) is None


def test_what_an_alias_holds_stays() -> None:
    model, version = ready(Model("fraud"))
    pointed = changed(aliases.set_alias(model, "champion", version, None, None))
    assert judged(*took(pointed, version), 3000) is None


def test_what_one_roll_back_would_return_to_stays() -> None:
    model, first = moved(*ready(Model("fraud")), "production")
    model, second = ready(model)
    model, second = moved(model, second, "production")
    model, third = ready(model)
    model, third = moved(model, third, "production")
    first, second = (replace(version, stage="archived") for version in (first, second))
    assert judged(model, second, 3000) is None
    assert judged(model, first, 3000) is not None


def test_the_newest_stay() -> None:
    model, version = ready(Model("fraud"))
    assert judged(model, version, 3000, frozenset({version.number})) is None


def test_locked_and_held_versions_stay_and_a_frozen_model_keeps_all() -> None:
    model, version = ready(Model("fraud"))
    locked = changed(restrictions.lock(model, version, "audited", stamp()))
    held = changed(restrictions.hold(model, version, "case 7", stamp()))
    assert judged(*took(locked, version), 3000) is None
    assert judged(*took(held, version), 3000) is None
    assert judged(replace(model, frozen=Freeze("incident", "ada", NOW)), version, 3000) is None


def test_a_restored_version_is_given_its_days_again() -> None:
    model, version = ready(Model("fraud"))
    deleted = versions.delete(model, DEFAULT_SCHEME, version, timedelta(days=30), stamp(time=days(90)))
    model, buried = took(deleted, version, days(90))
    restored = burials.restore(model, DEFAULT_SCHEME, buried, None, stamp(time=days(100)))
    model, version = took(restored, buried, days(100))
    assert judged(model, version, 189) is None
    assert judged(model, version, 190) is not None


def test_deleting_by_rule_says_which_clause() -> None:
    model, version = ready(Model("fraud"))
    ruled = replace(model, retention=RULE)
    decision = changed(
        retention.delete_ripe(ruled, DEFAULT_SCHEME, version, NONE, timedelta(days=30), stamp(time=days(91)))
    )
    happening = decision.event
    assert (happening.type, happening.trigger) == (event_types.VERSION_DELETED, Trigger.RULE)
    assert happening.reason is not None and "never promoted for 90 days" in happening.reason


@pytest.mark.parametrize(
    ("never_promoted", "archived", "keep_last"),
    [(None, None, 5), (0, None, 0), (None, 4000, 0), (1, None, -1), (1, None, 101)],
)
def test_a_rule_that_says_nothing_or_too_much_is_refused(
    never_promoted: int | None, archived: int | None, keep_last: int
) -> None:
    with pytest.raises(InvalidInputError):
        RetentionRule(never_promoted, archived, keep_last)


def test_a_retention_rule_is_set_replaced_and_cleared_each_recorded_once() -> None:
    made = changed(retention.set_rule(Model("fraud"), RULE))
    shown = {"never_promoted_after_days": 90, "archived_after_days": 30, "keep_last": 0}
    assert made.state.retention == made.result == retention.current_rule(made.state) == RULE
    assert made.event == EventDraft("model.retention_set", None, shown)
    assert retention.set_rule(made.state, RULE) == NoChange(RULE)
    other = RetentionRule(archived_after_days=1, keep_last=100)
    replaced = changed(retention.set_rule(made.state, other))
    assert (replaced.event.before, replaced.event.after) == (shown, other.document())
    cleared = retention.clear_rule(made.state)
    assert cleared.state.retention is None and cleared.result is None
    assert cleared.event == EventDraft("model.retention_cleared", shown, None)
    with pytest.raises(RetentionRuleNotFoundError):
        retention.clear_rule(cleared.state)


def test_a_rule_deletes_only_what_is_ripe_now_of_a_model_that_still_has_it() -> None:
    model, version = ready(Model("fraud"))
    ruled = replace(model, retention=RULE)

    def delete(of: Model, at: int, newest: frozenset[int] = NONE) -> Outcome[bool]:
        return retention.delete_ripe(of, DEFAULT_SCHEME, version, newest, timedelta(days=30), stamp(time=days(at)))

    assert delete(ruled, 89) == delete(model, 90) == delete(replace(ruled, deleted=True), 90) == NoChange(False)
    assert delete(ruled, 90, frozenset({1})) == NoChange(False)
    made = changed(delete(ruled, 90))
    assert made.result is True
    assert settled(made, version, time=days(90)).present(Version, 1).burial.purge_at == days(120)


def test_a_clause_without_days_deletes_nothing() -> None:
    model, version = ready(Model("fraud"))
    only_archived = RetentionRule(archived_after_days=1)
    assert ripe(model, DEFAULT_SCHEME, only_archived, version, NONE, days(3000)) is None
    archived_model, archived = moved(model, version, "archived")
    only_fresh = RetentionRule(never_promoted_after_days=1)
    assert ripe(archived_model, DEFAULT_SCHEME, only_fresh, archived, NONE, days(3000)) is None


def test_a_version_that_is_not_ready_or_that_is_asked_for_stays() -> None:
    model, version = ready(Model("fraud"))
    assert judged(model, replace(version, status=Status.PENDING), 3000) is None
    assert judged(model, replace(version, ready_at=None), 3000) is None
    assert judged(replace(model, open_requests={1: (1, "staging")}), version, 3000) is None
    assert judged(replace(model, open_requests={1: (2, "staging")}), version, 3000) is not None


def test_days_count_from_when_a_version_was_ready() -> None:
    model, version = ready(Model("fraud"))
    late = replace(version, ready_at=days(2))
    assert judged(model, late, 91) is None
    found = judged(model, late, 92)
    assert found == ExpiredVersion(1, "never_promoted", days(92), f"never promoted for 90 days, since {days(2)}")


def test_an_archived_version_that_was_restored_is_given_its_days_again() -> None:
    model, version = moved(*ready(Model("fraud")), "archived")
    restored = replace(version, restored_at=days(10))
    assert judged(model, restored, 39) is None
    found = judged(model, restored, 40)
    assert found is not None and found.reason == f"in archived for 30 days, since {days(10)}"


def test_a_version_that_an_alias_would_return_to_or_in_a_stage_that_is_not_known_stays() -> None:
    model, version = ready(Model("fraud"))
    aliased = replace(model, aliases={"champion": Pointer(3, (2, 1))})
    assert judged(aliased, version, 3000) is None
    assert judged(replace(model, aliases={"champion": Pointer(3, (1, 2))}), version, 3000) is not None
    shared = replace(model, stages={"staging": Pointer(3, (1,))})
    assert judged(shared, version, 3000) is not None
    former = replace(model, stages={"former": Pointer(3, (1,))})
    assert judged(former, version, 3000) is None
    assert ripe(replace(model, locked=(1,)), DEFAULT_SCHEME, RULE, version, NONE, days(3000)) is None
