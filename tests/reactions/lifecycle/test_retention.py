"""The keeper and what stays or goes by rule and by hold: in turns, safe to repeat, never what has just been kept."""

from datetime import timedelta

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import VersionGoneError
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.registry.audit import audit
from chalicelib.registry.lifecycle import restrictions, retention
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.models import models
from chalicelib.registry.promotion import stages
from chalicelib.registry.versions import burials, versions
from tests.reactions.lifecycle.test_keeper import objects, pass_time, types
from tests.registry.build import model, pending, ready, request
from tests.registry.faults import Crash, CrashAt

RULE = RetentionRule(never_promoted_after_days=10)


def standing(registry: Services) -> list[int]:
    return [version.number for version in versions.list_versions(registry, "fraud", 100, None).items]


def test_a_rule_deletes_by_itself_and_says_why(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    ready(registry)
    ready(registry)
    stages.transition(registry, request(), "fraud", "2", "production", None, None)
    retention.set_rule(registry, request(), "fraud", RULE)
    assert sweep_due(registry, "r") == 0
    pass_time(registry, monkeypatch, timedelta(days=11))
    assert sweep_due(registry, "r") == 1
    assert standing(registry) == [2]
    event = audit.list_events(registry, "model:fraud", "newest", 1, None).items[0]
    assert (event["type"], event["actor"], event["trigger"]) == ("version.deleted", "rule:retention", "rule")
    assert "never promoted for 10 days" in event["reason"]
    assert objects(registry) == 2, "the bytes stay for the retention of deleted versions"


def test_the_newest_ready_versions_stay(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    for _ in range(3):
        ready(registry)
    retention.set_rule(registry, request(), "fraud", RetentionRule(never_promoted_after_days=10, keep_last=2))
    pass_time(registry, monkeypatch, timedelta(days=11))
    pending(registry)
    sweep_due(registry, "r")
    assert standing(registry) == [4, 3, 2], "an unfinished upload takes no other's place"


def test_long_lists_are_looked_through_in_turns_and_again_after_a_day(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "TURN", 2)
    model(registry)
    for _ in range(5):
        ready(registry)
    retention.set_rule(registry, request(), "fraud", RULE)
    pass_time(registry, monkeypatch, timedelta(days=11))
    assert [sweep_due(registry, "r") for _ in range(4)] == [2, 2, 1, 0]
    ready(registry)
    pass_time(registry, monkeypatch, timedelta(days=11))
    assert sweep_due(registry, "r") == 1


def test_a_turn_that_dies_is_taken_again(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    ready(registry)
    ready(registry)
    retention.set_rule(registry, request(), "fraud", RULE)
    pass_time(registry, monkeypatch, timedelta(days=11))
    dynamodb = registry.client("dynamodb")
    with CrashAt(dynamodb, "TransactWriteItems", "before", spared=1), pytest.raises(Crash):
        sweep_due(registry, "r")
    assert standing(registry) == [2]
    assert sweep_due(registry, "r") == 1
    assert standing(registry) == []


def test_a_version_promoted_while_the_turn_runs_stays(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    ready(registry)
    retention.set_rule(registry, request(), "fraud", RULE)
    pass_time(registry, monkeypatch, timedelta(days=11))
    raced: list[bool] = []

    def promote(**_: object) -> None:
        if not raced:
            raced.append(True)
            stages.transition(registry, request(), "fraud", "1", "production", None, None)

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.TransactWriteItems", promote)
    assert sweep_due(registry, "r") == 0
    assert raced and standing(registry) == [1]


def test_a_rule_that_is_removed_deletes_nothing_more(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    ready(registry)
    retention.set_rule(registry, request(), "fraud", RULE)
    retention.clear_rule(registry, request(), "fraud")
    pass_time(registry, monkeypatch, timedelta(days=11))
    assert sweep_due(registry, "r") == 0
    assert standing(registry) == [1]


def test_held_bytes_stay_past_their_time_and_go_after_the_release(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    ready(registry)
    versions.delete_version(registry, request(), "fraud", "1")
    restrictions.hold_version(registry, request(), "fraud", "1", "case 7")
    pass_time(registry, monkeypatch, timedelta(days=31))
    assert sweep_due(registry, "r") == 0
    assert objects(registry) == 1
    restrictions.release_version(registry, request(), "fraud", "1")
    assert sweep_due(registry, "r") == 1
    assert objects(registry) == 0
    assert types(registry)[-2:] == ["version.purge_started", "version.purged"]


@pytest.mark.parametrize("rescue", ["hold", "restore"])
def test_a_version_kept_at_the_last_moment_keeps_its_bytes(
    registry: Services, monkeypatch: pytest.MonkeyPatch, rescue: str
) -> None:
    """The keeper has found it due; before it can say so, the version is held or restored."""
    model(registry)
    ready(registry)
    versions.delete_version(registry, request(), "fraud", "1")
    pass_time(registry, monkeypatch, timedelta(days=31))
    raced: list[bool] = []

    def keep(**_: object) -> None:
        if raced:
            return
        raced.append(True)
        if rescue == "hold":
            restrictions.hold_version(registry, request(), "fraud", "1", "case 7")
        else:
            burials.restore_version(registry, request(), "fraud", "1", None)

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.TransactWriteItems", keep)
    assert sweep_due(registry, "r") == 0
    assert raced
    assert objects(registry) == 1


def test_a_version_whose_bytes_are_going_cannot_be_kept_any_more(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    ready(registry)
    versions.delete_version(registry, request(), "fraud", "1")
    pass_time(registry, monkeypatch, timedelta(days=31))
    with monkeypatch.context() as refusing:
        refusing.setattr(registry.bucket, "delete_version", lambda uid: None)
        assert sweep_due(registry, "r") == 0
    assert types(registry)[-1] == "version.purge_started"
    with pytest.raises(VersionGoneError):
        burials.restore_version(registry, request(), "fraud", "1", None)
    with pytest.raises(VersionGoneError):
        restrictions.hold_version(registry, request(), "fraud", "1", "case 7")
    assert sweep_due(registry, "r") == 1
    assert objects(registry) == 0


def test_a_model_deleted_while_the_turn_begins_ends_the_turn(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    retention.set_rule(registry, request(), "fraud", RULE)
    raced: list[bool] = []

    def delete(**_: object) -> None:
        if not raced:
            raced.append(True)
            models.delete_model(registry, request(), "fraud")

    # The turn's first read of the model: the sweep has found its schedule already.
    registry.client("dynamodb").meta.events.register("before-call.dynamodb.BatchGetItem", delete)
    assert sweep_due(registry, "r") == 0
    assert raced
    assert sweep_due(registry, "r") == 0
