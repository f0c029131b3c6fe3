"""Every write survives a failure before and after each of its AWS calls: a retry with the same key has one effect."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws.services import Services
from chalicelib.domain import event_types
from chalicelib.domain.access import Grant, Role
from chalicelib.domain.decisions.models import ProfileChange
from chalicelib.domain.decisions.webhooks import WebhookChange
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.events import REGISTRY_LEDGER, model_ledger
from chalicelib.domain.promotion_rule import PromotionRule
from chalicelib.domain.trust import Iam
from chalicelib.domain.version import Description
from chalicelib.registry import (
    aliases,
    audit,
    grants,
    models,
    roles,
    stages,
    tokens,
    trusts,
    uploads,
    versions,
    webhooks,
)
from chalicelib.registry.commit import Changed, Request
from tests.registry.build import file, model, pending, ready, request
from tests.registry.faults import When, failing

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


def registry_ledger(_: str) -> str:
    return REGISTRY_LEDGER


def a_token(registry: Services, name: str) -> str:
    grants = [Grant(Role.VIEWER, "*")]
    return tokens.create_token(registry, request(), name, grants, 1).result.token.id


def a_role(registry: Services, name: str) -> str:
    return roles.set_role(registry, request(), f"role-{name}", ["read"], "").result.name


def a_webhook(registry: Services, name: str) -> str:
    return webhooks.create_webhook(registry, request(), WEBHOOK_URL, WebhookChange()).result.webhook.id


RULE = PromotionRule("auc", "production", at_least=0.5)
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
        lambda s, r, m, _: webhooks.create_webhook(s, r, WEBHOOK_URL, WebhookChange()),
        registry_ledger,
    ),
    "update a webhook": Case(
        event_types.WEBHOOK_UPDATED,
        a_webhook,
        lambda s, r, m, hook: webhooks.update_webhook(s, r, hook, WebhookChange(enabled=False)),
        registry_ledger,
    ),
    "delete a webhook": Case(
        event_types.WEBHOOK_DELETED,
        a_webhook,
        lambda s, r, m, hook: webhooks.delete_webhook(s, r, hook),
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
