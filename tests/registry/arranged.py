"""What must be there before a write: models and versions in each state, requests, tokens, roles, webhooks.

Each can be arranged again on a model that is there already, so that writes can follow one another.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from unittest import mock

from chalicelib.aws import keys
from chalicelib.aws.evidence.evidence_file_items import evidence_file_key
from chalicelib.aws.mlflow.logged_files import logged_key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.webhooks.counters import note_failure
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.access.trust import Iam
from chalicelib.domain.cards.comment import Subject
from chalicelib.domain.deployments.deployment import Status as DeploymentStatus
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.deployments.target import Policy
from chalicelib.domain.deployments.target_decisions import Setting
from chalicelib.domain.errors import ModelExistsError
from chalicelib.domain.evidence.check_decisions import CheckReport
from chalicelib.domain.evidence.evaluation import Kind
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.evidence.evidence_file import NewFile
from chalicelib.domain.instants import Instant, instant, later, moment
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, Trigger, model_ledger
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.monitoring.deeds import Act, Deed
from chalicelib.domain.monitoring.window import NewWindow
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.schedules.decisions import ScheduleChange
from chalicelib.domain.schedules.schedule import Job, Schedule
from chalicelib.domain.schedules.timing import Timing
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.domain.sessions.session import TokenCredential
from chalicelib.domain.triggers.gitlab import GITLAB_FORMAT
from chalicelib.domain.versions import intake as rules
from chalicelib.domain.versions.version import Version
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.registry.access import grants, roles, tokens, trusts
from chalicelib.registry.aliases import aliases, challengers
from chalicelib.registry.audit import audit
from chalicelib.registry.cards import comments
from chalicelib.registry.deployments import observing, opening, reporting, rolling_back, targets
from chalicelib.registry.evidence import evidence_files
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.lifecycle import restrictions, retention
from chalicelib.registry.mlflow import registration
from chalicelib.registry.mlflow import webhooks as mlflow_webhooks
from chalicelib.registry.models import models
from chalicelib.registry.monitoring import monitors, windows
from chalicelib.registry.promotion import requests, scheme_assignment, stages
from chalicelib.registry.scanning import scans
from chalicelib.registry.schedules import firing, schedules
from chalicelib.registry.schedules import saving as schedule_saving
from chalicelib.registry.schemes import saving as scheme_saving
from chalicelib.registry.sessions import sessions
from chalicelib.registry.versions import versions
from chalicelib.registry.webhooks import saving as webhook_saving
from chalicelib.registry.webhooks.saving import CreatedWebhook
from chalicelib.registry.webhooks.webhooks import get_webhook
from tests.aws.signing.keys import FIXED_KEY
from tests.domain.monitoring.build import SHIFTED, definition, numeric
from tests.domain.schemes.documents import document
from tests.registry.build import ADMIN, model, pending, put_object, ready, request, sha256
from tests.registry.governed import REVIEWED, approve
from tests.registry.mlflow.logged import logged, root
from tests.registry.scanning import states as scanning
from tests.registry.signing.build import trusted

RETENTION = RetentionRule(archived_after_days=30)

RULE = PromotionRule("auc", "production", at_least=0.5)
PASS = CheckReport(True)
MEASUREMENT = Measurement(Kind.OFFLINE, {"auc": 0.9})
PLOT = b"a plot"
ROLE_ARN = "arn:aws:iam::123456789012:role/deploy"
WEBHOOK_URL = "https://93.184.216.34/hook"


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


def a_scan_asked_for(registry: Services, name: str) -> None:
    """Of the version that the champion points at."""
    two_ready(registry, name)
    scanning.ask(registry, 2, name)


def a_review_that_another_scheme_allows(registry: Services, name: str) -> dict[str, Any]:
    """A version in quarantine, and the event by which its model was given a scheme that lets it out."""
    a_scan_asked_for(registry, name)
    scanning.finish(registry, Verdict.REVIEW, 2, model=name)
    allowing = {"allow": ["clean", "unscanned", "review"]}
    scheme_saving.save_scheme(registry, request(), {**PRESETS["default"], "name": "lenient", "scanning": allowing})
    scheme_assignment.assign_scheme(registry, request(), name, "lenient", None)
    return newest_event(registry, name)


def a_quarantined(registry: Services, name: str) -> Instant:
    """A version in quarantine at which the champion points; answers until when it may be released."""
    a_scan_asked_for(registry, name)
    scanning.finish(registry, Verdict.UNSAFE, 2, model=name)
    return later(registry.clock(), timedelta(days=1))


def a_quarantined_and_released(registry: Services, name: str) -> None:
    until = a_quarantined(registry, name)
    scans.release(registry, request(), name, "2", "incident 7", until)


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


def an_uploaded_evidence_file(registry: Services, name: str) -> tuple[str, str]:
    """The name and the id of an upload whose bytes S3 has."""
    two_ready(registry, name)
    plot = f"plot-{len(evidence_files.list_files(registry, name, '1'))}.png"
    declared = NewFile(len(PLOT), sha256(PLOT))
    uid = evidence_files.start_upload(registry, name, "1", plot, declared).id
    place = versions.get_version(registry, name, "1").uid
    put_object(registry, evidence_file_key(place, uid, plot), PLOT)
    return plot, uid


def an_evidence_file(registry: Services, name: str) -> str:
    plot, uid = an_uploaded_evidence_file(registry, name)
    evidence_files.finish_upload(registry, request(), name, "1", plot, uid)
    return plot


def a_challenger(registry: Services, name: str) -> None:
    two_ready(registry, name)
    challengers.set_challenger(registry, request(), name, 1, None, None)


def governed(registry: Services, name: str) -> str:
    """A model whose scheme asks for approvals."""
    scheme_saving.save_scheme(registry, request(), REVIEWED)
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
    scheme_saving.save_scheme(registry, request(), document(name=name))
    scheme_assignment.assign_scheme(registry, request(), a_model(registry, name), name, None)
    scheme_saving.save_scheme(registry, request(), document(name=name, rollback={"reason_required": True}))
    return _newest_event(registry, REGISTRY_LEDGER)


def a_scheme_saved_while_it_was_assigned(registry: Services, name: str) -> dict[str, Any]:
    """The event of a model that was given a scheme of which there is a newer version now."""
    a_follower_of_a_saved_scheme(registry, name)
    return newest_event(registry, name)


def a_version_whose_gate_opens_a_check(registry: Services, name: str) -> dict[str, Any]:
    """Returns the event that it is READY."""
    gate = {"name": "tests", "kind": "check", "check": "ci", "open_on": "arrival"}
    moves = [{"from": "draft", "to": "live", "gates": [gate]}, {"from": ["draft", "live"], "to": "gone"}]
    scheme_saving.save_scheme(registry, request(), document(name=name, transitions=moves))
    scheme_assignment.assign_scheme(registry, request(), a_model(registry, name), name, None)
    ready(registry, name)
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


def a_monitor(registry: Services, name: str) -> str:
    """A monitor of version 1 that alarms at the first window that breaches, and then fails a check."""
    a_version(registry, name)
    defined = definition(breaches=1, of=1, on_alarm=(Act(Deed.FAIL_CHECK),))
    monitor = f"amounts-{len(models.model_head(registry, name).monitors)}"
    return monitors.save_monitor(registry, request(), name, monitor, defined).result.name


def a_window(registry: Services, shares: tuple[float, ...] = SHIFTED) -> NewWindow:
    """The window of the last full hour, which breaches by default."""
    hour = moment(registry.clock()).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    return NewWindow(instant(hour), 1_000, features=(numeric(shares),))


def a_monitor_that_alarms(registry: Services, name: str) -> dict[str, Any]:
    """The event of the alarm."""
    monitor = a_monitor(registry, name)
    windows.put_windows(registry, request(), name, monitor, [a_window(registry)], batch=False)
    return newest_event(registry, name)


def a_monitor_that_hears_nothing(registry: Services, name: str) -> Item:
    """Its watch, whose time has come."""
    monitor = a_monitor(registry, name)
    pass_time(registry, timedelta(hours=2))
    stored = registry.table.get(keys.watch(name, monitor))
    assert stored is not None
    return stored


def a_signer(registry: Services, name: str) -> str:
    """The trusted signer of a model's versions, of which there are two."""
    two_of(registry, name)
    signer = f"signer-of-{name}".lower()
    trusted(registry, signer, FIXED_KEY)
    return signer


def registry_ledger(_: str) -> str:
    return REGISTRY_LEDGER


def another_administrator(registry: Services) -> None:
    """Somebody who administers whatever a write takes away."""
    grants.set_grants(registry, request(), "group:administrators", [Grant(Role.ADMIN, "*")])


def a_session(registry: Services, name: str) -> str:
    holder = Principal(f"token:{name}", ())
    return sessions.open_session(registry, holder, TokenCredential(name, "0" * 64)).session.id


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
    return webhook_saving.create_webhook(registry, request(), WEBHOOK_URL, WebhookChange()).result.webhook.id


def a_webhook_that_failed(registry: Services, name: str) -> str:
    """It was disabled because of its failures."""
    hook = a_webhook(registry, name)
    note_failure(registry.table, hook, registry.clock(), for_good=True)
    webhook_saving.disable_failing(registry, "r0", get_webhook(registry, hook), "it kept failing")
    return hook


def a_webhook_of_mlflow(registry: Services, name: str) -> str:
    given = WebhookChange(name="ci")
    return mlflow_webhooks.create_webhook(registry, request(), WEBHOOK_URL, given, "secret").result.id


def a_schedule(registry: Services, name: str, job: Job = Job.EVENT, **given: Any) -> str:
    """A schedule of a new name that fires every hour, about the model ``name``."""
    change, hourly = ScheduleChange(models=name, **given), Timing(every_minutes=60)
    new = f"{job}-{registry.new_id()}"
    return schedule_saving.create_schedule(registry, request(), new, job, hourly, change).result.name


def a_schedule_that_is_due(registry: Services, name: str) -> Schedule:
    made = a_schedule(registry, name)
    pass_time(registry, timedelta(hours=1))
    return schedules.get_schedule(registry, made)


def a_schedule_that_has_fired(registry: Services, name: str, job: Job = Job.JUDGE, **given: Any) -> str:
    """A schedule whose models were not gone through yet."""
    made = a_schedule(registry, name, job, **given)
    firing.fire_now(registry, request(), made)
    return made


def a_reminder(registry: Services, name: str) -> str:
    """A schedule that has fired to remind of an open request."""
    an_open_request(registry, name)
    pass_time(registry, timedelta(hours=2))
    return a_schedule_that_has_fired(registry, name, Job.REMIND)


def a_stale_request(registry: Services, name: str) -> str:
    """A schedule that has fired to end an open request that is two days old."""
    an_open_request(registry, name)
    pass_time(registry, timedelta(days=2))
    return a_schedule_that_has_fired(registry, name, Job.EXPIRE, older_than_days=1)


def a_target(registry: Services, name: str, **policy: Any) -> str:
    """A target for what enters production of one model."""
    setting = Setting("production", [name], stage="production", policy=Policy(**policy), reporters=["token:argo"])
    return targets.set_target(registry, request(), f"target-{name}".lower(), "external", setting).result.name


def a_move(registry: Services, name: str, **policy: Any) -> dict[str, Any]:
    """The event of a version that entered production, for which there is a target."""
    a_target(registry, name, **policy)
    stages.transition(registry, request(), name, a_version(registry, name).number, "production", None, None)
    return newest_event(registry, name)


def a_deployment(registry: Services, name: str, **policy: Any) -> int:
    """A deployment that may be carried out now."""
    (opened,) = opening.open_for_event(registry, a_move(registry, name, **policy))
    assert opened.deployment is not None
    return opened.deployment


def reported(registry: Services, name: str, number: int, status: str) -> int:
    reporting.report(registry, request(), name, number, Report(DeploymentStatus(status)))
    return number


def a_good_deployment(registry: Services, name: str, **policy: Any) -> int:
    return reported(registry, name, a_deployment(registry, name, **policy), "succeeded")


def a_running_deployment_and_a_move(registry: Services, name: str) -> dict[str, Any]:
    reported(registry, name, a_deployment(registry, name), "in_progress")
    return a_move(registry, name)


def a_running_deployment_and_one_that_waits(registry: Services, name: str) -> int:
    number = reported(registry, name, a_deployment(registry, name), "in_progress")
    opening.open_for_event(registry, a_move(registry, name))
    return number


def a_failed_deployment(registry: Services, name: str, **policy: Any) -> dict[str, Any]:
    """The event of a deployment that failed after a good one."""
    a_good_deployment(registry, name, **policy)
    reported(registry, name, a_deployment(registry, name, **policy), "failed")
    return newest_event(registry, name)


def a_deployment_that_rolls_back(registry: Services, name: str) -> int:
    followed = rolling_back.roll_back_failed(registry, a_failed_deployment(registry, name, roll_back=True))
    assert followed.deployment is not None
    return followed.deployment


def a_drifting_target(registry: Services, name: str) -> str:
    a_good_deployment(registry, name)
    target = a_target(registry, name)
    observing.observe(registry, request(), target, name, 9_999, "")
    return target


def a_deployment_to_give_up(registry: Services, name: str) -> int:
    number = a_deployment(registry, name, give_up_after=60)
    pass_time(registry, timedelta(minutes=2))
    return number


def a_deployment_on_a_deleted_target(registry: Services, name: str) -> dict[str, Any]:
    """The event of a deployment that was opened while its target was deleted."""
    a_deployment(registry, name)
    opened = newest_event(registry, name)
    targets.delete_target(registry, request(), a_target(registry, name))
    return opened


def a_deleted_target(registry: Services, name: str) -> dict[str, Any]:
    """The event of a target that was deleted while a deployment ran there."""
    a_running_deployment_and_one_that_waits(registry, name)
    targets.delete_target(registry, request(), a_target(registry, name))
    return _newest_event(registry, REGISTRY_LEDGER)


def create_trigger(registry: Services, asked: Request) -> Changed[CreatedWebhook]:
    given = WebhookChange(settings={"project": "team/models", "ref": "main"})
    return webhook_saving.create_webhook(registry, asked, WEBHOOK_URL, given, GITLAB_FORMAT, "a-token")


def a_trigger(registry: Services, name: str) -> str:
    return create_trigger(registry, request()).result.webhook.id


def a_comment(registry: Services, name: str) -> str:
    return comments.create_comment(registry, request(), a_model(registry, name), Subject(), "Why?", None).result.id


def copy(registry: Services, request: Request, name: str, source: str) -> Changed[Any]:
    """Register a version from files that are in the registry already."""
    return registration.register_from_source(
        registry, request, name, source, None, None, "", {"ok": "yes"}, None, ADMIN
    )
