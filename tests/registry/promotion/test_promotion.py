"""The promotion rule, whatever order and however often events come."""

from chalicelib.aws.services import Services
from chalicelib.domain.schemes.promotion_rule import Beats, PromotionRule
from chalicelib.registry.audit import audit
from chalicelib.registry.lifecycle import restrictions
from chalicelib.registry.models import models
from chalicelib.registry.promotion import promotion, stages
from tests.registry.build import model, pending, ready, request

RULE = PromotionRule("auc", "production", beats=Beats("production", 0.01))


def ruled(registry: Services) -> str:
    name = model(registry)
    models.set_rule(registry, request(), name, RULE)
    return name


def judged(registry: Services, name: str, number: int, event_id: str) -> promotion.Judgement:
    """What the promoter finds when it is told that a version became READY."""
    event = {"type": "version.ready", "model": name, "version": number, "id": event_id}
    (judgement,) = promotion.judge_event(registry, event)
    return judgement


def test_a_duplicate_event_promotes_once(registry: Services) -> None:
    name = ruled(registry)
    ready(registry, name, metrics={"auc": 0.9})
    assert [judged(registry, name, 1, "event-1").promoted for _ in range(3)] == [True, False, False]
    moves = [
        e for e in audit.list_events(registry, f"model:{name}", "newest", 100, None).items if e["trigger"] == "rule"
    ]
    assert [move["version"] for move in moves] == [1]
    assert moves[0]["actor"] == "rule:promotion" and "nobody holds the stage production" in moves[0]["reason"]


def test_events_out_of_order_end_with_the_best_version_in_production(registry: Services) -> None:
    name = ruled(registry)
    for auc in (0.90, 0.95, 0.92):
        ready(registry, name, metrics={"auc": auc})
    for number in (3, 2, 1):
        judged(registry, name, number, f"event-{number}")
    holders = {stage.name: stage.version for stage in stages.list_stages(registry, name)}
    assert holders["production"] == 2


def test_a_version_that_someone_moved_meanwhile_is_left_alone(registry: Services) -> None:
    name = ruled(registry)
    ready(registry, name, metrics={"auc": 0.9})
    stages.transition(registry, request(), name, "1", "archived", None, None)
    judgement = judged(registry, name, 1, "event-1")
    assert not judgement.promoted and "archived" in judgement.reason


def test_a_version_that_is_not_ready_is_not_promoted(registry: Services) -> None:
    name = ruled(registry)
    pending(registry, name, metrics={"auc": 0.9})
    assert not judged(registry, name, 1, "event-1").promoted


def test_without_a_rule_nothing_moves(registry: Services) -> None:
    name = model(registry)
    ready(registry, name, metrics={"auc": 0.9})
    assert not judged(registry, name, 1, "event-1").promoted


def test_a_frozen_model_and_a_locked_rival_keep_a_rule_from_promoting(registry: Services) -> None:
    name = ruled(registry)
    ready(registry, name, metrics={"auc": 0.9})
    restrictions.freeze_model(registry, request(), name, "incident 42")
    found = judged(registry, name, 1, "event-1")
    assert not found.promoted and "incident 42" in found.reason
    restrictions.unfreeze_model(registry, request(), name)
    stages.transition(registry, request(), name, "1", "production", None, None)
    restrictions.lock_version(registry, request(), name, "1", "audited")
    ready(registry, name, metrics={"auc": 0.95})
    found = judged(registry, name, 2, "event-2")
    assert not found.promoted and "locked" in found.reason
