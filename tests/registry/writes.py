"""Every write of the registry: what must be there before, the call, and the event that it makes.

Tests that hold for all writes take them from this table, so that a new write joins them by being added here.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from unittest import mock

from chalicelib.aws import keys
from chalicelib.aws.mlflow.logged_files import logged_key
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.trust import Iam
from chalicelib.domain.cards.comment import Subject
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.errors import ModelExistsError
from chalicelib.domain.evidence.check_decisions import CheckReport
from chalicelib.domain.evidence.evaluation import Kind
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, Trigger, model_ledger
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.domain.versions import intake as rules
from chalicelib.domain.versions.version import Description, Version
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.registry.access import grants, roles, tokens, trusts
from chalicelib.registry.aliases import aliases, challengers
from chalicelib.registry.audit import audit
from chalicelib.registry.cards import cards, comments
from chalicelib.registry.evidence import checks, evaluations
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.lifecycle import removal, restrictions, retention, sweep
from chalicelib.registry.models import models, tags
from chalicelib.registry.promotion import promotion, requests, scheme_assignment, stages
from chalicelib.registry.schemes import schemes
from chalicelib.registry.versions import burials, intake, uploads, versions
from chalicelib.registry.versions import tags as version_tags
from chalicelib.registry.webhooks import webhooks
from tests.domain.schemes.documents import document
from tests.registry.build import ADMIN, file, model, pending, ready, request
from tests.registry.governed import REVIEWED, REVIEWERS, approve
from tests.registry.versions.logged import logged, root

Arrange = Callable[[Services, str], Any]
Act = Callable[[Services, Request, str, Any], Changed[Any]]


@dataclass(frozen=True)
class Write:
    """A write. ``arrange`` makes what must be there before, and ``act`` is given the value that it returns.

    ``ledger`` is where the event goes. A write that is ``keyed`` takes an idempotency key. The others are made by the
    registry itself, or are several changes in a row: repeating them completes what is missing.
    """

    event: str
    arrange: Arrange
    act: Act
    ledger: Callable[[str], str] = model_ledger
    keyed: bool = True


def nothing(registry: Services, name: str) -> None:
    return None


def a_model(registry: Services, name: str) -> str:
    """A model. One that exists already is taken as it is, so that writes can follow one another."""
    with suppress(ModelExistsError):
        model(registry, name)
    return name


def a_version(registry: Services, name: str, make: Callable[..., Version] = ready) -> Version:
    """A version with everything that copies or entries are made of."""
    number = models.model_head(registry, a_model(registry, name)).last_version + 1
    return make(
        registry,
        name,
        label=f"{number}.0.0",
        tags={"ok": "yes", "number": str(number)},
        metrics={"auc": 0.9, "loss": number / 7},
        provenance={"run": {"id": f"run-{number}"}},
    )


def two_ready(registry: Services, name: str) -> None:
    for _ in range(2):
        number = a_version(registry, name).number
        aliases.set_alias(registry, request(), name, "champion", number, None, None)
        stages.transition(registry, request(), name, number, "production", None, None)


def two_and_one_to_move(registry: Services, name: str) -> str:
    two_ready(registry, name)
    return str(a_version(registry, name).number)


def two_in_staging(registry: Services, name: str) -> int:
    for _ in range(2):
        number = a_version(registry, name).number
        stages.transition(registry, request(), name, number, "staging", None, None)
    return number


def a_pending(registry: Services, name: str) -> str:
    return str(a_version(registry, name, pending).number)


def a_deleted(registry: Services, name: str) -> None:
    a_version(registry, name)
    versions.delete_version(registry, request(), name, "1")


def a_held(registry: Services, name: str) -> None:
    a_deleted(registry, name)
    restrictions.hold_version(registry, request(), name, "1", "case 7")


def two_of(registry: Services, name: str) -> str:
    two_ready(registry, name)
    return name


def a_challenger(registry: Services, name: str) -> None:
    two_ready(registry, name)
    challengers.set_challenger(registry, request(), name, 1, None, None)


def governed(registry: Services, name: str) -> str:
    """A model whose scheme asks for approvals."""
    schemes.save_scheme(registry, request(), REVIEWED)
    scheme_assignment.assign_scheme(registry, request(), a_model(registry, name), REVIEWED["name"], None)
    return name


def an_open_request(registry: Services, name: str) -> int:
    version = a_version(registry, governed(registry, name))
    return requests.open_request(
        registry, request(), name, str(version.number), "live", "ready", None, []
    ).result.number


def an_approved_request(registry: Services, name: str) -> int:
    number = an_open_request(registry, name)
    approve(registry, number, "cy", "dan", name=name)
    return number


def two_executed_requests(registry: Services, name: str) -> None:
    """Two versions that entered a stage one after the other, and an alias with them."""
    for _ in range(2):
        requests.execute(registry, request(), name, an_approved_request(registry, name), Trigger.REQUEST, None)


def a_request_that_is_due(registry: Services, name: str) -> int:
    version = a_version(registry, governed(registry, name))
    due = later(registry.clock(), timedelta(hours=1))
    number = requests.open_request(registry, request(), name, str(version.number), "live", None, due, []).result.number
    pass_time(registry, timedelta(hours=2))
    return number


def void_votes(registry: Services, name: str) -> int:
    number = an_approved_request(registry, name)
    scheme_assignment.set_tier(registry, request(), name, Tier.HIGH, None)
    return number


def an_overdue_upload(registry: Services, name: str) -> None:
    a_pending(registry, name)
    pass_time(registry, timedelta(hours=25))


def a_version_to_purge(registry: Services, name: str) -> None:
    version = a_version(registry, name)
    versions.delete_version(registry, request(), name, version.number)
    pass_time(registry, timedelta(days=31))


def a_version_that_a_rule_deletes(registry: Services, name: str) -> None:
    a_version(registry, name)
    retention.set_rule(registry, request(), name, RetentionRule(never_promoted_after_days=10))
    pass_time(registry, timedelta(days=11))


def a_version_that_waits_for_copies(registry: Services, name: str) -> dict[str, Any]:
    """The event of a version whose files a function is to copy."""
    version = a_version(registry, name)
    return _deferred(registry, name, f"models:/{name}/{version.number}")


def a_version_whose_source_is_gone(registry: Services, name: str) -> dict[str, Any]:
    made = logged(registry, files={"model.pkl": b"weights"})
    event = _deferred(registry, a_model(registry, name), f"models:/{made.id}")
    client, bucket = registry.client("s3"), registry.settings.bucket
    key = logged_key(f"{root(made)}/model.pkl")
    (gone,) = client.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    client.delete_object(Bucket=bucket, Key=key, VersionId=gone["VersionId"])
    return event


def _deferred(registry: Services, name: str, source: str) -> dict[str, Any]:
    with mock.patch.object(rules, "MAX_AT_ONCE_FILES", 0):
        copy(registry, request(), name, source)
    return newest_event(registry, name)


def a_follower_of_a_saved_scheme(registry: Services, name: str) -> dict[str, Any]:
    """The event of a scheme that was saved since a model follows it."""
    schemes.save_scheme(registry, request(), document(name=name))
    scheme_assignment.assign_scheme(registry, request(), a_model(registry, name), name, None)
    schemes.save_scheme(registry, request(), document(name=name, rollback={"reason_required": True}))
    return _newest_event(registry, REGISTRY_LEDGER)


def a_scheme_saved_while_it_was_assigned(registry: Services, name: str) -> dict[str, Any]:
    """The event of a model that was given a scheme of which there is a newer version now."""
    a_follower_of_a_saved_scheme(registry, name)
    return newest_event(registry, name)


def a_version_that_a_rule_moves(registry: Services, name: str) -> dict[str, Any]:
    models.set_rule(registry, request(), a_model(registry, name), RULE)
    a_version(registry, name)
    return newest_event(registry, name)


def newest_event(registry: Services, name: str) -> dict[str, Any]:
    return _newest_event(registry, model_ledger(name))


def _newest_event(registry: Services, ledger: str) -> dict[str, Any]:
    return dict(audit.list_events(registry, ledger, "newest", 1, None).items[0])


def pass_time(registry: Services, by: timedelta) -> None:
    """Put the registry's clock forward."""
    clock = registry.clock
    registry.clock = lambda: later(clock(), by)


def registry_ledger(_: str) -> str:
    return REGISTRY_LEDGER


def another_administrator(registry: Services) -> None:
    """Somebody who administers whatever a write takes away."""
    grants.set_grants(registry, request(), "group:administrators", [Grant(Role.ADMIN, "*")])


def a_token(registry: Services, name: str) -> str:
    another_administrator(registry)
    held = [Grant(Role.ADMIN, "*"), Grant(a_role(registry, name), "*")]
    return tokens.create_token(registry, request(), name, held, 1).result.token.id


def a_role(registry: Services, name: str) -> str:
    return roles.set_role(registry, request(), f"role-{name}", ["read"], "").result.name


def an_administering_role(registry: Services, name: str) -> str:
    """A role that its holders administer by."""
    another_administrator(registry)
    role = roles.set_role(registry, request(), f"role-{name}", ["read", "administer"], "").result.name
    grants.set_grants(registry, request(), f"group:{name}", [Grant(role, "*"), Grant(Role.ADMIN, f"{name}*")])
    return role


def a_grant(registry: Services, name: str) -> str:
    return grants.set_grants(registry, request(), f"group:{name}", [Grant(a_role(registry, name), "*")]).result.id


def a_trust(registry: Services, name: str) -> str:
    another_administrator(registry)
    held = [Grant(Role.ADMIN, "*"), Grant(a_role(registry, name), "*")]
    return trusts.set_trust(registry, request(), name, Iam((ROLE_ARN,)), held).result.name


def a_webhook(registry: Services, name: str) -> str:
    return webhooks.create_webhook(registry, request(), WEBHOOK_URL, WebhookChange()).result.webhook.id


def a_webhook_of_mlflow(registry: Services, name: str) -> str:
    given = WebhookChange(name="ci")
    return webhooks.create_mlflow_webhook(registry, request(), WEBHOOK_URL, given, "secret").result.id


def a_comment(registry: Services, name: str) -> str:
    return comments.create_comment(registry, request(), a_model(registry, name), Subject(), "Why?", None).result.id


def copy(registry: Services, request: Request, name: str, source: str) -> Changed[Any]:
    """Register a version from files that are in the registry already."""
    return intake.register_from_source(registry, request, name, source, None, None, "", {"ok": "yes"}, None, ADMIN)


def turn(registry: Services, request: Request, name: str, _: Any) -> None:
    """The keeper's turn at a model with a retention rule."""
    schedule = registry.table.get(keys.retention(name))
    if schedule is not None:
        retention.take_turn(registry, schedule, request.request_id)


def disable(registry: Services, request: Request, _: str, webhook: str) -> None:
    webhooks.disable_gone(registry, request, webhooks.get_webhook(registry, webhook))


RETENTION = RetentionRule(archived_after_days=30)

RULE = PromotionRule("auc", "production", at_least=0.5)
PASS = CheckReport(True)
MEASUREMENT = Measurement(Kind.OFFLINE, {"auc": 0.9})
ROLE_ARN = "arn:aws:iam::123456789012:role/deploy"
WEBHOOK_URL = "https://93.184.216.34/hook"

WRITES = {
    "create a model": Write(
        event_types.MODEL_CREATED,
        nothing,
        lambda s, r, m, _: models.create_model(s, r, m, ProfileChange(description="d")),
    ),
    "update a model": Write(
        event_types.MODEL_UPDATED,
        a_model,
        lambda s, r, m, _: models.update_model(s, r, m, ProfileChange(owner="ada")),
    ),
    "delete a model": Write(event_types.MODEL_DELETED, a_model, lambda s, r, m, _: models.delete_model(s, r, m)),
    "set a rule": Write(event_types.MODEL_RULE_SET, a_model, lambda s, r, m, _: models.set_rule(s, r, m, RULE)),
    "clear a rule": Write(
        event_types.MODEL_RULE_CLEARED,
        lambda s, m: models.set_rule(s, request(), a_model(s, m), RULE),
        lambda s, r, m, _: models.clear_rule(s, r, m),
    ),
    "register a version": Write(
        event_types.VERSION_CREATED,
        a_model,
        lambda s, r, m, _: versions.register_version(s, r, m, Description(label="1.0.0"), [file()]),
    ),
    "finalise a version": Write(
        event_types.VERSION_READY,
        a_pending,
        uploads.finalise_version,
    ),
    "annotate a version": Write(
        event_types.VERSION_UPDATED,
        two_ready,
        lambda s, r, m, _: versions.annotate_version(s, r, m, "2", "better", {"a": "b"}),
    ),
    "delete a version": Write(
        event_types.VERSION_DELETED,
        a_pending,
        lambda s, r, m, _: versions.delete_version(s, r, m, "1"),
    ),
    "move a version": Write(
        event_types.VERSION_TRANSITIONED,
        a_version,
        lambda s, r, m, _: stages.transition(s, r, m, "1", "production", None, None),
    ),
    "roll back a stage": Write(
        event_types.VERSION_TRANSITIONED,
        two_ready,
        lambda s, r, m, _: stages.roll_back_stage(s, r, m, "production", None),
    ),
    "roll back a stage with its alias": Write(
        event_types.VERSION_TRANSITIONED,
        two_executed_requests,
        lambda s, r, m, _: stages.roll_back_stage(s, r, m, "live", "incident"),
    ),
    "override a move": Write(
        event_types.VERSION_TRANSITIONED,
        an_open_request,
        lambda s, r, m, _: stages.override(s, r, m, "1", "live", None, "outage"),
    ),
    "open a request": Write(
        event_types.REQUEST_OPENED,
        lambda s, m: a_version(s, governed(s, m)),
        lambda s, r, m, _: requests.open_request(s, r, m, "1", "live", None, None, []),
    ),
    "vote on a request": Write(
        event_types.REQUEST_VOTED,
        an_open_request,
        lambda s, r, m, number: requests.vote(s, replace(r, principal=REVIEWERS["cy"]), m, number, True, None),
    ),
    "withdraw a request": Write(
        event_types.REQUEST_WITHDRAWN,
        an_open_request,
        lambda s, r, m, number: requests.withdraw(s, r, m, number, None),
    ),
    "execute a request": Write(
        event_types.VERSION_TRANSITIONED,
        an_approved_request,
        lambda s, r, m, number: requests.execute(s, r, m, number, Trigger.REQUEST, None),
    ),
    "void votes": Write(
        event_types.REQUEST_VOTES_VOIDED,
        void_votes,
        requests.void_votes,
    ),
    "expire a request": Write(event_types.REQUEST_EXPIRED, a_request_that_is_due, requests.expire),
    "save a scheme": Write(
        event_types.SCHEME_SAVED,
        nothing,
        lambda s, r, m, _: schemes.save_scheme(s, r, document(name=m)),
        registry_ledger,
    ),
    "set the default scheme": Write(
        event_types.SCHEME_DEFAULT_SET,
        lambda s, m: schemes.save_scheme(s, request(), document(name=m)),
        lambda s, r, m, _: schemes.set_default(s, r, m),
        registry_ledger,
    ),
    "assign a scheme": Write(
        event_types.MODEL_SCHEME_ASSIGNED,
        a_model,
        lambda s, r, m, _: scheme_assignment.assign_scheme(s, r, m, "regulated", None),
    ),
    "set a tier": Write(
        event_types.MODEL_TIER_SET, a_model, lambda s, r, m, _: scheme_assignment.set_tier(s, r, m, Tier.HIGH, None)
    ),
    "set an alias": Write(
        event_types.ALIAS_SET,
        two_ready,
        lambda s, r, m, _: aliases.set_alias(s, r, m, "champion", 1, None, None),
    ),
    "roll back an alias": Write(
        event_types.ALIAS_SET,
        two_ready,
        lambda s, r, m, _: aliases.roll_back_alias(s, r, m, "champion", None),
    ),
    "delete an alias": Write(
        event_types.ALIAS_DELETED, two_ready, lambda s, r, m, _: aliases.delete_alias(s, r, m, "champion")
    ),
    "freeze a model": Write(
        event_types.MODEL_FROZEN, a_model, lambda s, r, m, _: restrictions.freeze_model(s, r, m, "incident")
    ),
    "unfreeze a model": Write(
        event_types.MODEL_UNFROZEN,
        lambda s, m: restrictions.freeze_model(s, request(), a_model(s, m), "incident"),
        lambda s, r, m, _: restrictions.unfreeze_model(s, r, m),
    ),
    "lock a version": Write(
        event_types.VERSION_LOCKED, two_ready, lambda s, r, m, _: restrictions.lock_version(s, r, m, "1", "audited")
    ),
    "unlock a version": Write(
        event_types.VERSION_UNLOCKED,
        lambda s, m: (two_ready(s, m), restrictions.lock_version(s, request(), m, "1", "audited")),
        lambda s, r, m, _: restrictions.unlock_version(s, r, m, "1"),
    ),
    "hold a version": Write(
        event_types.VERSION_HELD, a_deleted, lambda s, r, m, _: restrictions.hold_version(s, r, m, "1", "case 7")
    ),
    "release a version": Write(
        event_types.VERSION_RELEASED,
        a_held,
        lambda s, r, m, _: restrictions.release_version(s, r, m, "1"),
    ),
    "restore a version": Write(
        event_types.VERSION_RESTORED, a_deleted, lambda s, r, m, _: burials.restore_version(s, r, m, "1", None)
    ),
    "set a retention rule": Write(
        event_types.MODEL_RETENTION_SET, a_model, lambda s, r, m, _: retention.set_rule(s, r, m, RETENTION)
    ),
    "clear a retention rule": Write(
        event_types.MODEL_RETENTION_CLEARED,
        lambda s, m: retention.set_rule(s, request(), a_model(s, m), RETENTION),
        lambda s, r, m, _: retention.clear_rule(s, r, m),
    ),
    "write a card": Write(
        event_types.CARD_UPDATED,
        lambda s, m: cards.update_card(s, request(), a_model(s, m), CardChange({"factors": "Age."}, {})),
        lambda s, r, m, _: cards.update_card(s, r, m, CardChange({"metrics": "AUC."}, {"license": "mit"})),
    ),
    "comment on a version": Write(
        event_types.COMMENT_CREATED,
        a_pending,
        lambda s, r, m, _: comments.create_comment(s, r, m, Subject("version", 1), "Why?", None),
    ),
    "answer a comment": Write(
        event_types.COMMENT_CREATED,
        a_comment,
        lambda s, r, m, asked: comments.create_comment(s, r, m, Subject(), "Because.", asked),
    ),
    "edit a comment": Write(
        event_types.COMMENT_UPDATED,
        a_comment,
        lambda s, r, m, comment: comments.update_comment(s, r, m, comment, "Why not?"),
    ),
    "delete a comment": Write(
        event_types.COMMENT_DELETED,
        a_comment,
        comments.delete_comment,
    ),
    "set a model's tag": Write(
        event_types.MODEL_UPDATED, a_model, lambda s, r, m, _: tags.set_model_tag(s, r, m, "team", "risk")
    ),
    "delete a model's tag": Write(
        event_types.MODEL_UPDATED,
        lambda s, m: tags.set_model_tag(s, request(), a_model(s, m), "team", "risk"),
        lambda s, r, m, _: tags.delete_model_tag(s, r, m, "team"),
    ),
    "set a version's tag": Write(
        event_types.VERSION_UPDATED,
        two_ready,
        lambda s, r, m, _: version_tags.set_version_tag(s, r, m, 2, "team", "risk"),
    ),
    "delete a version's tag": Write(
        event_types.VERSION_UPDATED,
        lambda s, m: (two_ready(s, m), version_tags.set_version_tag(s, request(), m, 2, "team", "risk")),
        lambda s, r, m, _: version_tags.delete_version_tag(s, r, m, 2, "team"),
    ),
    "protect an alias": Write(
        event_types.ALIAS_PROTECTED, two_ready, lambda s, r, m, _: aliases.protect_alias(s, r, m, "champion", True)
    ),
    "unprotect an alias": Write(
        event_types.ALIAS_UNPROTECTED,
        lambda s, m: aliases.protect_alias(s, request(), a_model(s, m), "champion", True),
        lambda s, r, m, _: aliases.protect_alias(s, r, m, "champion", False),
    ),
    "report a check": Write(
        event_types.CHECK_REPORTED, two_ready, lambda s, r, m, _: checks.report_check(s, r, m, "@champion", "ci", PASS)
    ),
    "withdraw a check": Write(
        event_types.CHECK_WITHDRAWN,
        lambda s, m: checks.report_check(s, request(), two_of(s, m), "1", "ci", PASS),
        lambda s, r, m, _: checks.withdraw_check(s, r, m, "1", "ci"),
    ),
    "record an evaluation": Write(
        event_types.EVALUATION_RECORDED,
        two_ready,
        lambda s, r, m, _: evaluations.record_evaluation(s, r, m, "1", "holdout", MEASUREMENT),
    ),
    "withdraw an evaluation": Write(
        event_types.EVALUATION_WITHDRAWN,
        lambda s, m: evaluations.record_evaluation(s, request(), two_of(s, m), "1", "holdout", MEASUREMENT),
        lambda s, r, m, _: evaluations.withdraw_evaluation(s, r, m, "1", "holdout"),
    ),
    "set the challenger": Write(
        event_types.ALIAS_SET, two_ready, lambda s, r, m, _: challengers.set_challenger(s, r, m, 1, None, None)
    ),
    "promote the challenger": Write(
        event_types.CHALLENGER_PROMOTED,
        a_challenger,
        lambda s, r, m, _: challengers.promote_challenger(s, r, m, 1, None),
    ),
    "retire the challenger": Write(
        event_types.CHALLENGER_RETIRED, a_challenger, lambda s, r, m, _: challengers.retire_challenger(s, r, m, None)
    ),
    "create a token": Write(
        event_types.TOKEN_CREATED,
        nothing,
        lambda s, r, m, _: tokens.create_token(s, r, m, [Grant(Role.VIEWER, "*")], 1),
        registry_ledger,
    ),
    "revoke a token": Write(
        event_types.TOKEN_REVOKED,
        a_token,
        lambda s, r, m, token: tokens.revoke_token(s, r, token),
        registry_ledger,
    ),
    "rotate a token": Write(
        event_types.TOKEN_ROTATED,
        a_token,
        lambda s, r, m, token: tokens.rotate_token(s, r, token, 60),
        registry_ledger,
    ),
    "set a role": Write(
        event_types.ROLE_SET,
        nothing,
        lambda s, r, m, _: roles.set_role(s, r, f"role-{m}", ["read"], ""),
        registry_ledger,
    ),
    "delete a role": Write(
        event_types.ROLE_DELETED,
        a_role,
        lambda s, r, m, role: roles.delete_role(s, r, role),
        registry_ledger,
    ),
    "set grants": Write(
        event_types.GRANT_SET,
        a_role,
        lambda s, r, m, role: grants.set_grants(s, r, f"group:{m}", [Grant(role, "*")]),
        registry_ledger,
    ),
    "delete grants": Write(
        event_types.GRANT_DELETED,
        a_grant,
        lambda s, r, m, grant: grants.delete_grants(s, r, grant),
        registry_ledger,
    ),
    "set trust": Write(
        event_types.TRUST_SET,
        nothing,
        lambda s, r, m, _: trusts.set_trust(s, r, m, Iam((ROLE_ARN,)), [Grant(Role.VIEWER, "*")]),
        registry_ledger,
    ),
    "delete trust": Write(
        event_types.TRUST_DELETED,
        a_trust,
        lambda s, r, m, _: trusts.delete_trust(s, r, m),
        registry_ledger,
    ),
    "create a webhook": Write(
        event_types.WEBHOOK_CREATED,
        nothing,
        lambda s, r, m, _: webhooks.create_webhook(s, r, WEBHOOK_URL, WebhookChange()),
        registry_ledger,
    ),
    "update a webhook": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook,
        lambda s, r, m, hook: webhooks.update_webhook(s, r, hook, WebhookChange(enabled=False)),
        registry_ledger,
    ),
    "create a webhook of MLflow's format": Write(
        event_types.WEBHOOK_CREATED,
        nothing,
        lambda s, r, m, _: webhooks.create_mlflow_webhook(s, r, WEBHOOK_URL, WebhookChange(name="ci"), "secret"),
        registry_ledger,
    ),
    "update a webhook of MLflow's format": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook_of_mlflow,
        lambda s, r, m, hook: webhooks.update_mlflow_webhook(s, r, hook, WebhookChange(name="cd"), "another"),
        registry_ledger,
    ),
    "delete a webhook": Write(
        event_types.WEBHOOK_DELETED,
        a_webhook,
        lambda s, r, m, hook: webhooks.delete_webhook(s, r, hook),
        registry_ledger,
    ),
    "move a version over the one that has the stage": Write(
        event_types.VERSION_TRANSITIONED,
        two_and_one_to_move,
        lambda s, r, m, number: stages.transition(s, r, m, number, "production", None, None),
    ),
    "archive the others of a stage": Write(
        event_types.VERSION_TRANSITIONED,
        two_in_staging,
        lambda s, r, m, number: stages.archive_others(s, r, m, number, "staging"),
        keyed=False,
    ),
    "promote by a rule": Write(
        event_types.VERSION_TRANSITIONED,
        a_version_that_a_rule_moves,
        lambda s, r, m, event: promotion.judge_event(s, event),
        keyed=False,
    ),
    "execute an approved request by a rule": Write(
        event_types.VERSION_TRANSITIONED,
        lambda s, m: (an_approved_request(s, m), newest_event(s, m))[1],
        lambda s, r, m, event: promotion.judge_event(s, event),
        keyed=False,
    ),
    "hand on a scheme": Write(
        event_types.MODEL_SCHEME_ASSIGNED,
        a_follower_of_a_saved_scheme,
        lambda s, r, m, event: scheme_assignment.hand_on(s, event),
        keyed=False,
    ),
    "catch up with a scheme": Write(
        event_types.MODEL_SCHEME_ASSIGNED,
        a_scheme_saved_while_it_was_assigned,
        lambda s, r, m, event: scheme_assignment.catch_up(s, event),
        keyed=False,
    ),
    "copy a version": Write(
        event_types.VERSION_READY,
        two_ready,
        lambda s, r, m, _: copy(s, r, m, f"models:/{m}/1"),
    ),
    "register a version whose files are elsewhere": Write(
        event_types.VERSION_READY,
        a_model,
        lambda s, r, m, _: copy(s, r, m, "s3://elsewhere/model"),
    ),
    "take in the copies of a version": Write(
        event_types.VERSION_READY,
        a_version_that_waits_for_copies,
        lambda s, r, m, event: intake.take_in_event(s, event),
        keyed=False,
    ),
    "give up copying": Write(
        event_types.VERSION_EXPIRED,
        a_version_whose_source_is_gone,
        lambda s, r, m, event: intake.take_in_event(s, event),
        keyed=False,
    ),
    "delete a version with its aliases": Write(
        event_types.VERSION_DELETED,
        lambda s, m: aliases.set_alias(s, request(), m, "champion", a_version(s, m).number, None, None),
        lambda s, r, m, _: removal.delete_version_and_aliases(s, r, m, 1),
        keyed=False,
    ),
    "delete a model with its versions": Write(
        event_types.MODEL_DELETED,
        a_pending,
        lambda s, r, m, _: removal.delete_model_and_versions(s, r, m),
        keyed=False,
    ),
    "rename a model": Write(
        event_types.MODEL_DELETED,
        a_model,
        lambda s, r, m, _: removal.rename_model(s, r, m, f"{m}-renamed"),
        keyed=False,
    ),
    "expire an upload": Write(
        event_types.VERSION_EXPIRED,
        an_overdue_upload,
        lambda s, r, m, _: sweep.sweep_due(s, r.request_id),
        keyed=False,
    ),
    "purge a version": Write(
        event_types.VERSION_PURGED,
        a_version_to_purge,
        lambda s, r, m, _: sweep.sweep_due(s, r.request_id),
        keyed=False,
    ),
    "delete by a retention rule": Write(event_types.VERSION_DELETED, a_version_that_a_rule_deletes, turn, keyed=False),
    "give a role the right to administer": Write(
        event_types.ROLE_SET,
        a_grant,
        lambda s, r, m, _: roles.set_role(s, r, f"role-{m}", ["read", "administer"], ""),
        registry_ledger,
    ),
    "take from a role the right to administer": Write(
        event_types.ROLE_SET,
        an_administering_role,
        lambda s, r, m, role: roles.set_role(s, r, role, ["read"], ""),
        registry_ledger,
    ),
    "delete a webhook of MLflow's format": Write(
        event_types.WEBHOOK_DELETED,
        a_webhook_of_mlflow,
        lambda s, r, m, hook: webhooks.delete_mlflow_webhook(s, r, hook),
        registry_ledger,
    ),
    "disable a webhook whose receiver is gone": Write(
        event_types.WEBHOOK_UPDATED, a_webhook, disable, registry_ledger, keyed=False
    ),
}
