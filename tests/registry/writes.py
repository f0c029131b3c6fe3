"""Every write of the registry: what must be there before, the call, and the event that it makes.

Tests that hold for all writes take them from this table, so that a new write joins them by being added here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.signing.signing_key import PemKey
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.trust import Iam
from chalicelib.domain.cards.comment import Subject
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.classification import Classification, Level
from chalicelib.domain.deployments.deployment import Status
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.deployments.target_decisions import Setting
from chalicelib.domain.evidence.check_decisions import CheckOpening
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import Trigger, model_ledger
from chalicelib.domain.lineage.link import LinkType
from chalicelib.domain.lineage.node import Kind as NodeKind
from chalicelib.domain.lineage.node import Node, dataset_node, version_node
from chalicelib.domain.lineage.stated import Stated
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.schedules.decisions import ScheduleChange
from chalicelib.domain.schedules.schedule import Job
from chalicelib.domain.schedules.timing import Timing
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.signing.signer_decisions import Trusting
from chalicelib.domain.versions.version import Description
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.registry.access import grants, roles, tokens, trusts
from chalicelib.registry.aliases import aliases, challengers
from chalicelib.registry.bom import importing
from chalicelib.registry.cards import cards, comments
from chalicelib.registry.deployments import (
    observing,
    opening,
    places,
    reporting,
    rolling_back,
    targets,
    withdrawing,
)
from chalicelib.registry.evidence import attestations, checks, evaluations, evidence_files
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.lifecycle import removal, restrictions, retention, sweep
from chalicelib.registry.lineage import stating
from chalicelib.registry.mlflow import webhooks as mlflow_webhooks
from chalicelib.registry.models import models, tags
from chalicelib.registry.monitoring import acting, monitors, watching, windows
from chalicelib.registry.promotion import openings, promotion, requests, scheme_assignment, stages
from chalicelib.registry.scanning import rejudging, rescans, scans
from chalicelib.registry.scanning.rescan_round import ROUND
from chalicelib.registry.schedules import firing, running
from chalicelib.registry.schedules import saving as schedule_saving
from chalicelib.registry.schemes import saving as scheme_saving
from chalicelib.registry.sessions import sessions
from chalicelib.registry.signing import signatures, signers, signing, statements
from chalicelib.registry.versions import burials, intake, uploads, versions
from chalicelib.registry.versions import tags as version_tags
from chalicelib.registry.vulnerabilities import assessing, indexes
from chalicelib.registry.vulnerabilities import stating as vulnerability_stating
from chalicelib.registry.webhooks import saving as webhook_saving
from chalicelib.registry.webhooks import webhooks
from tests.aws.signing.keys import FIXED_KEY, private_pem, public_pem
from tests.domain.bom.build import of_a_generator
from tests.domain.evidence.envelopes import envelope
from tests.domain.monitoring.build import STEADY, definition
from tests.domain.schemes.documents import document
from tests.registry.arranged import (
    MEASUREMENT,
    PASS,
    RETENTION,
    ROLE_ARN,
    RULE,
    WEBHOOK_URL,
    a_challenger,
    a_comment,
    a_deleted,
    a_deleted_target,
    a_deployment,
    a_deployment_on_a_deleted_target,
    a_deployment_that_rolls_back,
    a_deployment_to_give_up,
    a_drifting_target,
    a_failed_deployment,
    a_follower_of_a_saved_scheme,
    a_good_deployment,
    a_grant,
    a_held,
    a_model,
    a_monitor,
    a_monitor_that_alarms,
    a_monitor_that_hears_nothing,
    a_move,
    a_pending,
    a_quarantined,
    a_quarantined_and_released,
    a_reminder,
    a_request_that_is_due,
    a_review_that_another_scheme_allows,
    a_role,
    a_running_deployment_and_a_move,
    a_running_deployment_and_one_that_waits,
    a_scan_asked_for,
    a_schedule,
    a_schedule_that_has_fired,
    a_schedule_that_is_due,
    a_scheme_saved_while_it_was_assigned,
    a_session,
    a_signer,
    a_stale_request,
    a_target,
    a_token,
    a_trigger,
    a_trust,
    a_version,
    a_version_that_a_rule_deletes,
    a_version_that_a_rule_moves,
    a_version_that_waits_for_copies,
    a_version_to_purge,
    a_version_whose_gate_opens_a_check,
    a_version_whose_source_is_gone,
    a_webhook,
    a_webhook_of_mlflow,
    a_webhook_that_failed,
    a_window,
    an_administering_role,
    an_approved_request,
    an_evidence_file,
    an_open_request,
    an_overdue_upload,
    an_uploaded_evidence_file,
    copy,
    create_trigger,
    governed,
    newest_event,
    nothing,
    registry_ledger,
    reported,
    two_and_one_to_move,
    two_executed_requests,
    two_in_staging,
    two_of,
    two_ready,
    void_votes,
)
from tests.registry.build import file, request
from tests.registry.governed import REVIEWERS
from tests.registry.scanning.states import finish, scanning
from tests.registry.signing.build import by_key
from tests.registry.signing.keys import KEY
from tests.registry.vulnerabilities.build import (
    LIFTED,
    a_requiring_version,
    a_stated_version,
    a_version_that_is_resolved,
    a_vulnerable_version,
    a_vulnerable_version_and_newer_data,
    stored_index,
)

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


def ask_for_scan(registry: Services, request: Request, name: str) -> Changed[Any]:
    with scanning(registry):
        return scans.request_scan(registry, request, name, "2")


def rescan_all(registry: Services, request: Request, _name: str, _: Any) -> None:
    """A whole round of the keeper through all models."""
    stored: Item = {"ruleset": RULESET, "done": 0}
    while not stored["done"]:
        rescans.take_turn(registry, stored, request.request_id)
        stored = registry.table.load([ROUND])[ROUND]


def turn(registry: Services, request: Request, name: str, _: Any) -> None:
    """The keeper's turn at a model with a retention rule."""
    schedule = registry.table.get(keys.retention(name))
    if schedule is not None:
        retention.take_turn(registry, schedule, request.request_id)


def sign(registry: Services, request: Request, name: str, _: Any) -> str:
    """The registry's signature of a version, by a key that the test chose."""
    key = PemKey(lambda: private_pem(FIXED_KEY))
    with mock.patch.object(registry, "model_signing_key", key):
        return signing.sign_event(registry, {"id": request.request_id, "model": name, "version": 1})


def state(registry: Services, _: Request, moved: Any) -> str:
    """The registry's statement about a move, by a key that the test chose."""
    with mock.patch.object(registry, "model_signing_key", KEY):
        return statements.sign_event(registry, moved)


def disable(registry: Services, request: Request, _: str, webhook: str) -> None:
    webhook_saving.disable_gone(registry, request.request_id, webhooks.get_webhook(registry, webhook))


def disable_failing(registry: Services, request: Request, _: str, webhook: str) -> None:
    found = webhooks.get_webhook(registry, webhook)
    webhook_saving.disable_failing(registry, request.request_id, found, "it kept failing")


NARROWED = WebhookChange(
    only_stages=["production"],
    only_tags={"team": "risk"},
    only_fields=["description"],
    custom_headers={"X-Env": "prod"},
    rate_limit=60,
    max_attempts=3,
)


ORIGINS = ((LinkType.USED, dataset_node("clicks", "d1")),)
SETTING = Setting("staging", ["none-of-them"], alias="champion", description="changed")
LINKS = {"pipeline": "https://ci.example.com/runs/7"}


def a_place(registry: Services, name: str) -> Place:
    (found,) = places.places_of(registry, name)
    assert found.place is not None
    return found.place


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
    "sign what a move was": Write(
        event_types.STATEMENT_SIGNED,
        a_move,
        lambda s, r, m, moved: state(s, r, moved),
        keyed=False,
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
        lambda s, r, m, _: scheme_saving.save_scheme(s, r, document(name=m)),
        registry_ledger,
    ),
    "set the default scheme": Write(
        event_types.SCHEME_DEFAULT_SET,
        lambda s, m: scheme_saving.save_scheme(s, request(), document(name=m)),
        lambda s, r, m, _: scheme_saving.set_default(s, r, m),
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
    "ask for a scan": Write(event_types.SCAN_REQUESTED, two_ready, lambda s, r, m, _: ask_for_scan(s, r, m)),
    "finish a scan": Write(
        event_types.SCAN_FINISHED,
        a_scan_asked_for,
        lambda s, r, m, _: finish(s, Verdict.REVIEW, 2, model=m, made=r),
        keyed=False,
    ),
    "end a scan that failed": Write(
        event_types.SCAN_FINISHED,
        a_scan_asked_for,
        lambda s, r, m, _: finish(s, None, 2, model=m, made=r),
        keyed=False,
    ),
    "judge scans by another scheme": Write(
        event_types.SCAN_FINISHED,
        a_review_that_another_scheme_allows,
        lambda s, r, m, event: rejudging.judge_again(s, event),
        keyed=False,
    ),
    "ask for scans by later rules": Write(
        event_types.SCAN_REQUESTED,
        two_ready,
        rescan_all,
        keyed=False,
    ),
    "release a version from quarantine": Write(
        event_types.QUARANTINE_RELEASED,
        a_quarantined,
        lambda s, r, m, until: scans.release(s, r, m, "2", "incident 7", until),
    ),
    "restore a quarantine": Write(
        event_types.QUARANTINE_RESTORED,
        a_quarantined_and_released,
        lambda s, r, m, _: scans.restore_quarantine(s, r, m, "2"),
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
    "classify a model": Write(
        event_types.MODEL_CLASSIFIED,
        a_model,
        lambda s, r, m, _: models.classify_model(s, r, m, Classification(Level.CONFIDENTIAL, True), "customers"),
    ),
    "write a card": Write(
        event_types.CARD_UPDATED,
        lambda s, m: cards.update_card(s, request(), a_model(s, m), CardChange({"factors": "Age."}, {})),
        lambda s, r, m, _: cards.update_card(s, r, m, CardChange({"metrics": "AUC."}, {"license": "mit"})),
    ),
    "import a bill of materials": Write(
        event_types.CARD_UPDATED,
        a_version,
        lambda s, r, m, _: importing.import_bom(s, r, m, "1", of_a_generator()),
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
    "open a check": Write(
        event_types.CHECK_OPENED,
        lambda s, m: checks.report_check(s, request(), two_of(s, m), "1", "ci", PASS),
        lambda s, r, m, _: checks.await_check(s, r, m, "1", "ci", CheckOpening()),
    ),
    "extend a pending check": Write(
        event_types.CHECK_EXTENDED,
        lambda s, m: checks.await_check(s, request(), two_of(s, m), "1", "ci", CheckOpening(due_in_minutes=5)),
        lambda s, r, m, _: checks.await_check(s, r, m, "1", "ci", CheckOpening(link="https://ci.example.com/runs/42")),
    ),
    "report a pending check": Write(
        event_types.CHECK_REPORTED,
        lambda s, m: checks.await_check(s, request(), two_of(s, m), "1", "ci", CheckOpening()),
        lambda s, r, m, _: checks.report_check(s, r, m, "1", "ci", PASS),
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
    "attach an evidence file": Write(
        event_types.EVIDENCE_FILE_ATTACHED,
        an_uploaded_evidence_file,
        lambda s, r, m, upload: evidence_files.finish_upload(s, r, m, "1", *upload),
    ),
    "withdraw an evidence file": Write(
        event_types.EVIDENCE_FILE_WITHDRAWN,
        an_evidence_file,
        lambda s, r, m, name: evidence_files.withdraw_file(s, r, m, "1", name),
    ),
    "record an attestation": Write(
        event_types.ATTESTATION_RECORDED,
        two_ready,
        lambda s, r, m, _: attestations.record_attestation(s, r, m, "1", "slsa", envelope(file().sha256)),
    ),
    "withdraw an attestation": Write(
        event_types.ATTESTATION_WITHDRAWN,
        lambda s, m: attestations.record_attestation(s, request(), two_of(s, m), "1", "slsa", envelope(file().sha256)),
        lambda s, r, m, _: attestations.withdraw_attestation(s, r, m, "1", "slsa"),
    ),
    "find vulnerabilities of a version": Write(
        event_types.VULNERABILITY_FOUND,
        a_requiring_version,
        assessing.assess_again,
    ),
    "find vulnerabilities of a version that arrived": Write(
        event_types.VULNERABILITY_FOUND,
        a_requiring_version,
        lambda s, r, m, number: assessing.assess_after(
            s, {"type": event_types.VERSION_READY, "id": r.request_id, "model": m, "version": int(number)}
        ),
        keyed=False,
    ),
    "find vulnerabilities of a version resolved": Write(
        event_types.VULNERABILITY_RESOLVED,
        a_version_that_is_resolved,
        assessing.assess_again,
    ),
    "match a version against newer advisories": Write(
        event_types.VULNERABILITY_MATCHED,
        a_vulnerable_version_and_newer_data,
        assessing.assess_again,
    ),
    "state how a version stands to a vulnerability": Write(
        event_types.VULNERABILITY_STATED,
        a_vulnerable_version,
        lambda s, r, m, number: vulnerability_stating.state(s, r, m, number, "CVE-1", LIFTED),
    ),
    "take back what was stated of a vulnerability": Write(
        event_types.VULNERABILITY_UNSTATED,
        a_stated_version,
        lambda s, r, m, number: vulnerability_stating.unstate(s, r, m, number, "GHSA-1"),
    ),
    "bring advisories": Write(
        event_types.ADVISORIES_UPDATED,
        lambda s, m: stored_index(s),
        lambda s, r, m, given: indexes.make_current(s, r, given),
        registry_ledger,
    ),
    "bring a signature": Write(
        event_types.VERSION_SIGNED,
        a_signer,
        lambda s, r, m, _: signatures.bring_signature(s, r, m, "1", "build", by_key(FIXED_KEY)),
    ),
    "sign a version": Write(event_types.VERSION_SIGNED, two_ready, sign, keyed=False),
    "save a signer": Write(
        event_types.SIGNER_SAVED,
        nothing,
        lambda s, r, m, _: signers.save_signer(s, r, f"new-{m}".lower(), Trusting(public_key=public_pem(FIXED_KEY))),
        registry_ledger,
    ),
    "delete a signer": Write(
        event_types.SIGNER_DELETED,
        a_signer,
        lambda s, r, m, name: signers.delete_signer(s, r, name),
        registry_ledger,
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
    "end a session": Write(
        event_types.SESSION_ENDED,
        a_session,
        lambda s, r, m, session: sessions.end_session(s, r, session),
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
        lambda s, r, m, _: webhook_saving.create_webhook(s, r, WEBHOOK_URL, WebhookChange()),
        registry_ledger,
    ),
    "update a webhook": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.update_webhook(s, r, hook, WebhookChange(enabled=False)),
        registry_ledger,
    ),
    "rotate the secret of a webhook": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.rotate_secret(s, r, hook, 3600),
        registry_ledger,
    ),
    "create a webhook of MLflow's format": Write(
        event_types.WEBHOOK_CREATED,
        nothing,
        lambda s, r, m, _: mlflow_webhooks.create_webhook(s, r, WEBHOOK_URL, WebhookChange(name="ci"), "secret"),
        registry_ledger,
    ),
    "create a webhook of a product's format": Write(
        event_types.WEBHOOK_CREATED,
        nothing,
        lambda s, r, m, _: create_trigger(s, r),
        registry_ledger,
    ),
    "update the settings and secret of a webhook of a product's format": Write(
        event_types.WEBHOOK_UPDATED,
        a_trigger,
        lambda s, r, m, hook: webhook_saving.update_webhook(
            s, r, hook, WebhookChange(settings={"project": "team/other", "ref": "main"}), "another-token"
        ),
        registry_ledger,
    ),
    "update a webhook of MLflow's format": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook_of_mlflow,
        lambda s, r, m, hook: mlflow_webhooks.update_webhook(s, r, hook, WebhookChange(name="cd"), "another"),
        registry_ledger,
    ),
    "delete a webhook": Write(
        event_types.WEBHOOK_DELETED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.delete_webhook(s, r, hook),
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
    "open a check that a gate asks for": Write(
        event_types.CHECK_OPENED,
        a_version_whose_gate_opens_a_check,
        lambda s, r, m, event: openings.open_checks(s, event, event["version"]),
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
        lambda s, r, m, hook: mlflow_webhooks.delete_webhook(s, r, hook),
        registry_ledger,
    ),
    "disable a webhook whose receiver is gone": Write(
        event_types.WEBHOOK_DISABLED, a_webhook, disable, registry_ledger, keyed=False
    ),
    "disable a webhook whose receiver keeps failing": Write(
        event_types.WEBHOOK_DISABLED, a_webhook, disable_failing, registry_ledger, keyed=False
    ),
    "enable a webhook whose receiver failed": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook_that_failed,
        lambda s, r, m, hook: webhook_saving.update_webhook(s, r, hook, WebhookChange(enabled=True)),
        registry_ledger,
    ),
    "narrow a webhook and give it headers": Write(
        event_types.WEBHOOK_UPDATED,
        a_webhook,
        lambda s, r, m, hook: webhook_saving.update_webhook(
            s, r, hook, NARROWED, headers={"Authorization": "Bearer hush"}
        ),
        registry_ledger,
    ),
    "create a schedule": Write(
        event_types.SCHEDULE_CREATED,
        nothing,
        lambda s, r, m, _: schedule_saving.create_schedule(
            s, r, m, Job.REMIND, Timing("0 9 * * MON-FRI", "Europe/Berlin"), ScheduleChange(payload={"team": "risk"})
        ),
        registry_ledger,
    ),
    "update a schedule": Write(
        event_types.SCHEDULE_UPDATED,
        a_schedule,
        lambda s, r, m, name: schedule_saving.update_schedule(s, r, name, ScheduleChange(enabled=False)),
        registry_ledger,
    ),
    "delete a schedule": Write(
        event_types.SCHEDULE_DELETED,
        a_schedule,
        lambda s, r, m, name: schedule_saving.delete_schedule(s, r, name),
        registry_ledger,
    ),
    "delete a schedule that has fired": Write(
        event_types.SCHEDULE_DELETED,
        a_schedule_that_has_fired,
        lambda s, r, m, name: schedule_saving.delete_schedule(s, r, name),
        registry_ledger,
    ),
    "fire a schedule": Write(
        event_types.SCHEDULE_FIRED,
        lambda s, m: a_schedule(s, m, Job.JUDGE),
        lambda s, r, m, name: firing.fire_now(s, r, name),
        registry_ledger,
    ),
    "fire a schedule that is due": Write(
        event_types.SCHEDULE_FIRED,
        a_schedule_that_is_due,
        lambda s, r, m, schedule: firing.fire_due(s, schedule, r.request_id),
        registry_ledger,
        keyed=False,
    ),
    "go through the models of a schedule": Write(
        event_types.SCHEDULE_FINISHED,
        a_schedule_that_has_fired,
        lambda s, r, m, name: running.take_turn(s, name, r.request_id),
        registry_ledger,
        keyed=False,
    ),
    "promote by a schedule": Write(
        event_types.VERSION_TRANSITIONED,
        lambda s, m: (a_version_that_a_rule_moves(s, m), a_schedule_that_has_fired(s, m))[1],
        lambda s, r, m, name: running.take_turn(s, name, r.request_id),
        keyed=False,
    ),
    "remind of a request by a schedule": Write(
        event_types.REQUEST_REMINDED,
        a_reminder,
        lambda s, r, m, name: running.take_turn(s, name, r.request_id),
        keyed=False,
    ),
    "expire a request by a schedule": Write(
        event_types.REQUEST_EXPIRED,
        a_stale_request,
        lambda s, r, m, name: running.take_turn(s, name, r.request_id),
        keyed=False,
    ),
    "create a monitor": Write(
        event_types.MONITOR_CREATED,
        a_version,
        lambda s, r, m, _: monitors.save_monitor(s, r, m, "amounts", definition()),
    ),
    "update a monitor": Write(
        event_types.MONITOR_UPDATED,
        a_monitor,
        lambda s, r, m, name: monitors.save_monitor(s, r, m, name, definition(min_n=500)),
    ),
    "delete a monitor": Write(
        event_types.MONITOR_DELETED,
        a_monitor,
        monitors.delete_monitor,
    ),
    "put a window that is as the baseline": Write(
        event_types.MONITOR_JUDGED,
        a_monitor,
        lambda s, r, m, name: windows.put_windows(s, r, m, name, [a_window(s, STEADY)], batch=False),
        keyed=False,
    ),
    "put a window that breaches": Write(
        event_types.MONITOR_ALARMED,
        a_monitor,
        lambda s, r, m, name: windows.put_windows(s, r, m, name, [a_window(s)], batch=False),
        keyed=False,
    ),
    "correct a window that breached": Write(
        event_types.MONITOR_RECOVERED,
        a_monitor_that_alarms,
        lambda s, r, m, alarm: windows.put_windows(s, r, m, alarm["subject"], [a_window(s, STEADY)], batch=False),
        keyed=False,
    ),
    "find a monitor silent": Write(
        event_types.MONITOR_SILENT,
        a_monitor_that_hears_nothing,
        lambda s, r, m, watch: watching.look(s, watch, r.request_id),
        keyed=False,
    ),
    "act on an alarm": Write(
        event_types.MONITOR_ACTED,
        a_monitor_that_alarms,
        lambda s, r, m, alarm: acting.act_on(s, alarm),
        keyed=False,
    ),
    "make a target": Write(
        event_types.TARGET_CREATED,
        nothing,
        lambda s, r, m, _: targets.set_target(s, r, f"new-{m}".lower(), "external", SETTING),
        registry_ledger,
    ),
    "change a target": Write(
        event_types.TARGET_UPDATED,
        a_target,
        lambda s, r, m, target: targets.set_target(s, r, target, "external", SETTING),
        registry_ledger,
    ),
    "delete a target": Write(
        event_types.TARGET_DELETED,
        a_target,
        lambda s, r, m, target: targets.delete_target(s, r, target),
        registry_ledger,
    ),
    "open a deployment after a move": Write(
        event_types.DEPLOYMENT_OPENED, a_move, lambda s, r, m, event: opening.open_for_event(s, event), keyed=False
    ),
    "supersede a deployment": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: (a_deployment(s, m), a_move(s, m))[1],
        lambda s, r, m, event: opening.open_for_event(s, event),
        keyed=False,
    ),
    "let a deployment wait": Write(
        event_types.DEPLOYMENT_OPENED,
        a_running_deployment_and_a_move,
        lambda s, r, m, event: opening.open_for_event(s, event),
        keyed=False,
    ),
    "deploy by hand": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: (a_good_deployment(s, m), a_target(s, m))[1],
        lambda s, r, m, target: opening.deploy(s, r, m, target, str(a_place(s, m).good), "again"),
    ),
    "try a deployment again": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: reported(s, m, a_deployment(s, m), "failed"),
        lambda s, r, m, number: opening.retry(s, r, m, number, None),
    ),
    "start a deployment": Write(
        event_types.DEPLOYMENT_STARTED,
        a_deployment,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.IN_PROGRESS, "syncing")),
    ),
    "report that a deployment has succeeded": Write(
        event_types.DEPLOYMENT_SUCCEEDED,
        a_deployment,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.SUCCEEDED, links=LINKS)),
    ),
    "report what a driver found": Write(
        event_types.DEPLOYMENT_SUCCEEDED,
        a_deployment,
        lambda s, r, m, number: reporting.report_of_registry(s, r, m, number, Report(Status.SUCCEEDED, "in service")),
    ),
    "report that a deployment has failed": Write(
        event_types.DEPLOYMENT_FAILED,
        a_deployment,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.FAILED, "crash loop")),
    ),
    "report that the platform rolled back": Write(
        event_types.DEPLOYMENT_ROLLED_BACK,
        lambda s, m: (a_good_deployment(s, m), a_deployment(s, m))[1],
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.ROLLED_BACK, "alarm")),
    ),
    "end a deployment for which another waits": Write(
        event_types.DEPLOYMENT_OPENED,
        a_running_deployment_and_one_that_waits,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.SUCCEEDED)),
    ),
    "roll a target back": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: a_failed_deployment(s, m, roll_back=True),
        lambda s, r, m, event: rolling_back.roll_back_failed(s, event),
        keyed=False,
    ),
    "roll a target and its stage back": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: a_failed_deployment(s, m, roll_back=True, move_back=True),
        lambda s, r, m, event: rolling_back.roll_back_failed(s, event),
        keyed=False,
    ),
    "report that a roll-back has succeeded": Write(
        event_types.DEPLOYMENT_ROLLED_BACK,
        a_deployment_that_rolls_back,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.SUCCEEDED)),
    ),
    "give a deployment up": Write(
        event_types.DEPLOYMENT_FAILED,
        a_deployment_to_give_up,
        lambda s, r, m, _: sweep.sweep_due(s, r.request_id),
        keyed=False,
    ),
    "give a deployment up whose time is over": Write(
        event_types.DEPLOYMENT_FAILED,
        lambda s, m: (a_deployment_to_give_up(s, m), a_place(s, m).target)[1],
        reporting.give_up,
        keyed=False,
    ),
    "say that a target drifts": Write(
        event_types.DEPLOYMENT_DRIFTED,
        lambda s, m: (a_good_deployment(s, m), a_target(s, m))[1],
        lambda s, r, m, target: observing.observe(s, r, target, m, None, ""),
        keyed=False,
    ),
    "say that a target drifts no more": Write(
        event_types.DEPLOYMENT_AGREED,
        a_drifting_target,
        lambda s, r, m, target: observing.observe(s, r, target, m, a_place(s, m).wanted, ""),
        keyed=False,
    ),
    "take a model off a target": Write(
        event_types.DEPLOYMENT_WITHDRAWN,
        lambda s, m: (a_running_deployment_and_one_that_waits(s, m), a_target(s, m))[1],
        withdrawing.withdraw,
    ),
    "let go of a target that was deleted": Write(
        event_types.DEPLOYMENT_WITHDRAWN,
        a_deleted_target,
        lambda s, r, m, event: withdrawing.withdraw_all(s, event),
        keyed=False,
    ),
    "let go of a target that was deleted while a deployment was opened": Write(
        event_types.DEPLOYMENT_WITHDRAWN,
        a_deployment_on_a_deleted_target,
        lambda s, r, m, event: withdrawing.withdraw_if_deleted(s, event),
        keyed=False,
    ),
    "state what a version comes from": Write(
        event_types.LINEAGE_STATED,
        a_version,
        lambda s, r, m, _: stating.state(s, r, [Stated(version_node(m, 1), ORIGINS)]),
        keyed=False,
    ),
    "take back what was stated of a version": Write(
        event_types.LINEAGE_UNSTATED,
        lambda s, m: (a_version(s, m), stating.state(s, request(), [Stated(version_node(m, 1), ORIGINS)])),
        lambda s, r, m, _: stating.unstate(s, r, [Stated(version_node(m, 1), ORIGINS)]),
        keyed=False,
    ),
    "take back what was stated of a run": Write(
        event_types.REGISTRY_LINEAGE_UNSTATED,
        lambda s, m: stating.state(s, request(), [Stated(Node(NodeKind.RUN, m), ORIGINS)]),
        lambda s, r, m, _: stating.unstate(s, r, [Stated(Node(NodeKind.RUN, m), ORIGINS)]),
        ledger=registry_ledger,
        keyed=False,
    ),
    "state what a run comes from": Write(
        event_types.REGISTRY_LINEAGE_STATED,
        nothing,
        lambda s, r, m, _: stating.state(s, r, [Stated(Node(NodeKind.RUN, m), ORIGINS)]),
        ledger=registry_ledger,
        keyed=False,
    ),
}
