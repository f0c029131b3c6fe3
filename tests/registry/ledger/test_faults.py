"""Every write survives a failure before and after each of its AWS calls: a retry with the same key has one effect."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws.promotion import request_items
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.trust import Iam
from chalicelib.domain.cards.comment import Subject
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.evidence.check_decisions import CheckReport
from chalicelib.domain.evidence.evaluation import Kind
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, Trigger, model_ledger
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.domain.versions.version import Description
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.registry.access import grants, roles, tokens, trusts
from chalicelib.registry.aliases import aliases, challengers
from chalicelib.registry.audit import audit
from chalicelib.registry.cards import cards, comments
from chalicelib.registry.evidence import checks, evaluations
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.lifecycle import restrictions, retention
from chalicelib.registry.mlflow import webhooks as mlflow_webhooks
from chalicelib.registry.models import models, tags
from chalicelib.registry.promotion import requests, scheme_assignment, stages
from chalicelib.registry.schemes import saving
from chalicelib.registry.versions import burials, uploads, versions
from chalicelib.registry.versions import tags as version_tags
from chalicelib.registry.webhooks import saving as webhook_saving
from tests.domain.schemes.documents import document
from tests.registry.build import file, model, pending, ready, request
from tests.registry.faults import When, failing
from tests.registry.governed import REVIEWERS, approve, asked, governed

Arrange = Callable[[Services, str], Any]
Act = Callable[[Services, Request, str, Any], Changed[Any]]


@dataclass(frozen=True)
class Case:
    """A write: what must be there before (its value is handed on), the call, and the event that it makes."""

    event: str
    arrange: Arrange
    act: Act
    ledger: Callable[[str], str] = model_ledger


def nothing(registry: Services, name: str) -> None:
    return None


def two_ready(registry: Services, name: str) -> None:
    model(registry, name)
    for number in (1, 2):
        ready(registry, name, metrics={"auc": 0.9})
        aliases.set_alias(registry, request(), name, "champion", number, None, None)
        stages.transition(registry, request(), name, str(number), "production", None, None)


def a_deleted(registry: Services, name: str) -> None:
    ready(registry, model(registry, name))
    versions.delete_version(registry, request(), name, "1")


def two_of(registry: Services, name: str) -> str:
    two_ready(registry, name)
    return name


def a_challenger(registry: Services, name: str) -> None:
    two_ready(registry, name)
    challengers.set_challenger(registry, request(), name, 1, None, None)


def an_open_request(registry: Services, name: str) -> int:
    return asked(registry, governed(registry, name))


def an_approved_request(registry: Services, name: str) -> int:
    number = an_open_request(registry, name)
    approve(registry, number, "cy", "dan", name=name)
    return number


def a_request_that_is_due(registry: Services, name: str) -> int:
    number = an_open_request(registry, name)
    due = replace(requests.get_request(registry, name, number), due_at=Instant("2020-01-01T00:00:00.000Z"))
    registry.table.transact([registry.table.put_write(request_items.request_item(due))])
    return number


def void_votes(registry: Services, name: str) -> int:
    number = an_approved_request(registry, name)
    scheme_assignment.set_tier(registry, request(), name, Tier.HIGH, None)
    return number


def registry_ledger(_: str) -> str:
    return REGISTRY_LEDGER


def a_token(registry: Services, name: str) -> str:
    grants = [Grant(Role.VIEWER, "*")]
    return tokens.create_token(registry, request(), name, grants, 1).result.token.id


def a_role(registry: Services, name: str) -> str:
    return roles.set_role(registry, request(), f"role-{name}", ["read"], "").result.name


def a_webhook(registry: Services, name: str) -> str:
    return webhook_saving.create_webhook(registry, request(), WEBHOOK_URL, WebhookChange()).result.webhook.id


def a_webhook_of_mlflow(registry: Services, name: str) -> str:
    given = WebhookChange(name="ci")
    return mlflow_webhooks.create_webhook(registry, request(), WEBHOOK_URL, given, "secret").result.id


RETENTION = RetentionRule(archived_after_days=30)


def a_comment(registry: Services, name: str) -> str:
    return comments.create_comment(registry, request(), model(registry, name), Subject(), "Why?", None).result.id


RULE = PromotionRule("auc", "production", at_least=0.5)
PASS = CheckReport(True)
MEASUREMENT = Measurement(Kind.OFFLINE, {"auc": 0.9})
ROLE_ARN = "arn:aws:iam::123456789012:role/deploy"
WEBHOOK_URL = "https://93.184.216.34/hook"

CASES = {
    "create a model": Case(
        event_types.MODEL_CREATED,
        nothing,
        lambda s, r, m, _: models.create_model(s, r, m, ProfileChange(description="d")),
    ),
    "update a model": Case(
        event_types.MODEL_UPDATED,
        model,
        lambda s, r, m, _: models.update_model(s, r, m, ProfileChange(owner="ada")),
    ),
    "delete a model": Case(event_types.MODEL_DELETED, model, lambda s, r, m, _: models.delete_model(s, r, m)),
    "set a rule": Case(event_types.MODEL_RULE_SET, model, lambda s, r, m, _: models.set_rule(s, r, m, RULE)),
    "clear a rule": Case(
        event_types.MODEL_RULE_CLEARED,
        lambda s, m: models.set_rule(s, request(), model(s, m), RULE),
        lambda s, r, m, _: models.clear_rule(s, r, m),
    ),
    "register a version": Case(
        event_types.VERSION_CREATED,
        model,
        lambda s, r, m, _: versions.register_version(s, r, m, Description(label="1.0.0"), [file()]),
    ),
    "finalise a version": Case(
        event_types.VERSION_READY,
        lambda s, m: pending(s, model(s, m)),
        lambda s, r, m, _: uploads.finalise_version(s, r, m, "1"),
    ),
    "annotate a version": Case(
        event_types.VERSION_UPDATED,
        two_ready,
        lambda s, r, m, _: versions.annotate_version(s, r, m, "2", "better", {"a": "b"}),
    ),
    "delete a version": Case(
        event_types.VERSION_DELETED,
        lambda s, m: pending(s, model(s, m)),
        lambda s, r, m, _: versions.delete_version(s, r, m, "1"),
    ),
    "move a version": Case(
        event_types.VERSION_TRANSITIONED,
        lambda s, m: ready(s, model(s, m)),
        lambda s, r, m, _: stages.transition(s, r, m, "1", "production", None, None),
    ),
    "roll back a stage": Case(
        event_types.VERSION_TRANSITIONED,
        two_ready,
        lambda s, r, m, _: stages.roll_back_stage(s, r, m, "production", None),
    ),
    "override a move": Case(
        event_types.VERSION_TRANSITIONED,
        an_open_request,
        lambda s, r, m, _: stages.override(s, r, m, "1", "live", None, "outage"),
    ),
    "open a request": Case(
        event_types.REQUEST_OPENED,
        lambda s, m: ready(s, governed(s, m)),
        lambda s, r, m, _: requests.open_request(s, r, m, "1", "live", None, None, []),
    ),
    "vote on a request": Case(
        event_types.REQUEST_VOTED,
        an_open_request,
        lambda s, r, m, number: requests.vote(s, replace(r, principal=REVIEWERS["cy"]), m, number, True, None),
    ),
    "withdraw a request": Case(
        event_types.REQUEST_WITHDRAWN,
        an_open_request,
        lambda s, r, m, number: requests.withdraw(s, r, m, number, None),
    ),
    "execute a request": Case(
        event_types.VERSION_TRANSITIONED,
        an_approved_request,
        lambda s, r, m, number: requests.execute(s, r, m, number, Trigger.REQUEST, None),
    ),
    "void votes": Case(
        event_types.REQUEST_VOTES_VOIDED,
        void_votes,
        requests.void_votes,
    ),
    "expire a request": Case(event_types.REQUEST_EXPIRED, a_request_that_is_due, requests.expire),
    "save a scheme": Case(
        event_types.SCHEME_SAVED,
        nothing,
        lambda s, r, m, _: saving.save_scheme(s, r, document(name=m)),
        registry_ledger,
    ),
    "set the default scheme": Case(
        event_types.SCHEME_DEFAULT_SET,
        lambda s, m: saving.save_scheme(s, request(), document(name=m)),
        lambda s, r, m, _: saving.set_default(s, r, m),
        registry_ledger,
    ),
    "assign a scheme": Case(
        event_types.MODEL_SCHEME_ASSIGNED,
        model,
        lambda s, r, m, _: scheme_assignment.assign_scheme(s, r, m, "regulated", None),
    ),
    "set a tier": Case(
        event_types.MODEL_TIER_SET, model, lambda s, r, m, _: scheme_assignment.set_tier(s, r, m, Tier.HIGH, None)
    ),
    "set an alias": Case(
        event_types.ALIAS_SET,
        two_ready,
        lambda s, r, m, _: aliases.set_alias(s, r, m, "champion", 1, None, None),
    ),
    "roll back an alias": Case(
        event_types.ALIAS_SET,
        two_ready,
        lambda s, r, m, _: aliases.roll_back_alias(s, r, m, "champion", None),
    ),
    "delete an alias": Case(
        event_types.ALIAS_DELETED, two_ready, lambda s, r, m, _: aliases.delete_alias(s, r, m, "champion")
    ),
    "freeze a model": Case(
        event_types.MODEL_FROZEN, model, lambda s, r, m, _: restrictions.freeze_model(s, r, m, "incident")
    ),
    "unfreeze a model": Case(
        event_types.MODEL_UNFROZEN,
        lambda s, m: restrictions.freeze_model(s, request(), model(s, m), "incident"),
        lambda s, r, m, _: restrictions.unfreeze_model(s, r, m),
    ),
    "lock a version": Case(
        event_types.VERSION_LOCKED, two_ready, lambda s, r, m, _: restrictions.lock_version(s, r, m, "1", "audited")
    ),
    "unlock a version": Case(
        event_types.VERSION_UNLOCKED,
        lambda s, m: (two_ready(s, m), restrictions.lock_version(s, request(), m, "1", "audited")),
        lambda s, r, m, _: restrictions.unlock_version(s, r, m, "1"),
    ),
    "hold a version": Case(
        event_types.VERSION_HELD, a_deleted, lambda s, r, m, _: restrictions.hold_version(s, r, m, "1", "case 7")
    ),
    "release a version": Case(
        event_types.VERSION_RELEASED,
        lambda s, m: (a_deleted(s, m), restrictions.hold_version(s, request(), m, "1", "case 7")),
        lambda s, r, m, _: restrictions.release_version(s, r, m, "1"),
    ),
    "restore a version": Case(
        event_types.VERSION_RESTORED, a_deleted, lambda s, r, m, _: burials.restore_version(s, r, m, "1", None)
    ),
    "set a retention rule": Case(
        event_types.MODEL_RETENTION_SET, model, lambda s, r, m, _: retention.set_rule(s, r, m, RETENTION)
    ),
    "clear a retention rule": Case(
        event_types.MODEL_RETENTION_CLEARED,
        lambda s, m: retention.set_rule(s, request(), model(s, m), RETENTION),
        lambda s, r, m, _: retention.clear_rule(s, r, m),
    ),
    "write a card": Case(
        event_types.CARD_UPDATED,
        lambda s, m: cards.update_card(s, request(), model(s, m), CardChange({"factors": "Age."}, {})),
        lambda s, r, m, _: cards.update_card(s, r, m, CardChange({"metrics": "AUC."}, {"license": "mit"})),
    ),
    "comment on a version": Case(
        event_types.COMMENT_CREATED,
        lambda s, m: pending(s, model(s, m)),
        lambda s, r, m, _: comments.create_comment(s, r, m, Subject("version", 1), "Why?", None),
    ),
    "answer a comment": Case(
        event_types.COMMENT_CREATED,
        a_comment,
        lambda s, r, m, asked: comments.create_comment(s, r, m, Subject(), "Because.", asked),
    ),
    "edit a comment": Case(
        event_types.COMMENT_UPDATED,
        a_comment,
        lambda s, r, m, comment: comments.update_comment(s, r, m, comment, "Why not?"),
    ),
    "delete a comment": Case(
        event_types.COMMENT_DELETED,
        a_comment,
        comments.delete_comment,
    ),
    "set a model's tag": Case(
        event_types.MODEL_UPDATED, model, lambda s, r, m, _: tags.set_model_tag(s, r, m, "team", "risk")
    ),
    "delete a model's tag": Case(
        event_types.MODEL_UPDATED,
        lambda s, m: tags.set_model_tag(s, request(), model(s, m), "team", "risk"),
        lambda s, r, m, _: tags.delete_model_tag(s, r, m, "team"),
    ),
    "set a version's tag": Case(
        event_types.VERSION_UPDATED,
        two_ready,
        lambda s, r, m, _: version_tags.set_version_tag(s, r, m, 2, "team", "risk"),
    ),
    "delete a version's tag": Case(
        event_types.VERSION_UPDATED,
        lambda s, m: (two_ready(s, m), version_tags.set_version_tag(s, request(), m, 2, "team", "risk")),
        lambda s, r, m, _: version_tags.delete_version_tag(s, r, m, 2, "team"),
    ),
    "protect an alias": Case(
        event_types.ALIAS_PROTECTED, two_ready, lambda s, r, m, _: aliases.protect_alias(s, r, m, "champion", True)
    ),
    "unprotect an alias": Case(
        event_types.ALIAS_UNPROTECTED,
        lambda s, m: aliases.protect_alias(s, request(), model(s, m), "champion", True),
        lambda s, r, m, _: aliases.protect_alias(s, r, m, "champion", False),
    ),
    "report a check": Case(
        event_types.CHECK_REPORTED, two_ready, lambda s, r, m, _: checks.report_check(s, r, m, "@champion", "ci", PASS)
    ),
    "withdraw a check": Case(
        event_types.CHECK_WITHDRAWN,
        lambda s, m: checks.report_check(s, request(), two_of(s, m), "1", "ci", PASS),
        lambda s, r, m, _: checks.withdraw_check(s, r, m, "1", "ci"),
    ),
    "record an evaluation": Case(
        event_types.EVALUATION_RECORDED,
        two_ready,
        lambda s, r, m, _: evaluations.record_evaluation(s, r, m, "1", "holdout", MEASUREMENT),
    ),
    "withdraw an evaluation": Case(
        event_types.EVALUATION_WITHDRAWN,
        lambda s, m: evaluations.record_evaluation(s, request(), two_of(s, m), "1", "holdout", MEASUREMENT),
        lambda s, r, m, _: evaluations.withdraw_evaluation(s, r, m, "1", "holdout"),
    ),
    "set the challenger": Case(
        event_types.ALIAS_SET, two_ready, lambda s, r, m, _: challengers.set_challenger(s, r, m, 1, None, None)
    ),
    "promote the challenger": Case(
        event_types.CHALLENGER_PROMOTED,
        a_challenger,
        lambda s, r, m, _: challengers.promote_challenger(s, r, m, 1, None),
    ),
    "retire the challenger": Case(
        event_types.CHALLENGER_RETIRED, a_challenger, lambda s, r, m, _: challengers.retire_challenger(s, r, m, None)
    ),
    "create a token": Case(
        event_types.TOKEN_CREATED,
        nothing,
        lambda s, r, m, _: tokens.create_token(s, r, m, [Grant(Role.VIEWER, "*")], 1),
        registry_ledger,
    ),
    "revoke a token": Case(
        event_types.TOKEN_REVOKED,
        a_token,
        lambda s, r, m, token: tokens.revoke_token(s, r, token),
        registry_ledger,
    ),
    "rotate a token": Case(
        event_types.TOKEN_ROTATED,
        a_token,
        lambda s, r, m, token: tokens.rotate_token(s, r, token, 60),
        registry_ledger,
    ),
    "set a role": Case(
        event_types.ROLE_SET,
        nothing,
        lambda s, r, m, _: roles.set_role(s, r, f"role-{m}", ["read"], ""),
        registry_ledger,
    ),
    "delete a role": Case(
        event_types.ROLE_DELETED,
        a_role,
        lambda s, r, m, role: roles.delete_role(s, r, role),
        registry_ledger,
    ),
    "set grants": Case(
        event_types.GRANT_SET,
        a_role,
        lambda s, r, m, role: grants.set_grants(s, r, f"group:{m}", [Grant(role, "*")]),
        registry_ledger,
    ),
    "delete grants": Case(
        event_types.GRANT_DELETED,
        lambda s, m: grants.set_grants(s, request(), f"group:{m}", [Grant(a_role(s, m), "*")]).result.id,
        lambda s, r, m, grant: grants.delete_grants(s, r, grant),
        registry_ledger,
    ),
    "set trust": Case(
        event_types.TRUST_SET,
        nothing,
        lambda s, r, m, _: trusts.set_trust(s, r, m, Iam((ROLE_ARN,)), [Grant(Role.VIEWER, "*")]),
        registry_ledger,
    ),
    "delete trust": Case(
        event_types.TRUST_DELETED,
        lambda s, m: trusts.set_trust(s, request(), m, Iam((ROLE_ARN,)), [Grant(Role.VIEWER, "*")]),
        lambda s, r, m, _: trusts.delete_trust(s, r, m),
        registry_ledger,
    ),
    "create a webhook": Case(
        event_types.WEBHOOK_CREATED,
        nothing,
        lambda s, r, m, _: webhook_saving.create_webhook(s, r, WEBHOOK_URL, WebhookChange()),
        registry_ledger,
    ),
    "update a webhook": Case(
        event_types.WEBHOOK_UPDATED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.update_webhook(s, r, hook, WebhookChange(enabled=False)),
        registry_ledger,
    ),
    "create a webhook of MLflow's format": Case(
        event_types.WEBHOOK_CREATED,
        nothing,
        lambda s, r, m, _: mlflow_webhooks.create_webhook(s, r, WEBHOOK_URL, WebhookChange(name="ci"), "secret"),
        registry_ledger,
    ),
    "update a webhook of MLflow's format": Case(
        event_types.WEBHOOK_UPDATED,
        a_webhook_of_mlflow,
        lambda s, r, m, hook: mlflow_webhooks.update_webhook(s, r, hook, WebhookChange(name="cd"), "another"),
        registry_ledger,
    ),
    "delete a webhook": Case(
        event_types.WEBHOOK_DELETED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.delete_webhook(s, r, hook),
        registry_ledger,
    ),
}


def count(registry: Services, ledger: str, event_type: str) -> int:
    try:
        page = audit.list_events(registry, ledger, "newest", 100, None)
    except ModelNotFoundError:
        return 0
    assert page.next_start is None
    return sum(1 for event in page.items if event["type"] == event_type)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", CASES)
def test_a_write_that_fails_at_any_call_and_is_retried_has_one_effect_and_one_event(
    registry: Services, name: str, when: When
) -> None:
    case = CASES[name]
    nth, struck = 0, True
    while struck:
        nth += 1
        thing = f"{when}-{nth}"
        ledger = case.ledger(thing)
        arranged = case.arrange(registry, thing)
        before = count(registry, ledger, case.event)
        asked = request(key=f"key-{when}-{nth}")
        with failing(registry, nth, when) as fault:
            try:
                case.act(registry, asked, thing, arranged)
            except ReadTimeoutError:
                assert fault.struck
        struck = fault.struck
        made = case.act(registry, asked, thing, arranged)
        again = case.act(registry, asked, thing, arranged)
        assert again.replayed
        assert type(again.result) is type(made.result)
        assert count(registry, ledger, case.event) == before + 1
        check = audit.verify(registry, ledger, 0)
        assert check.complete and check.fault is None
    assert nth > 2, "every write makes at least a read and a transaction"
