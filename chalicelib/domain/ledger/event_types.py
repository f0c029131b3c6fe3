"""The type of every event, each declared once with what follows from it. An event is one committed change."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Judged(StrEnum):
    """What is judged anew after an event, because a gate may find otherwise."""

    VERSION = "the event's version"
    NEWEST = "the model's newest version"
    REQUESTS = "only the model's open requests"


@dataclass(frozen=True, slots=True)
class EventType:
    """An event type. ``of_model``: its events belong to a model's ledger, otherwise to the registry's.

    ``subject``: its model's events carry the id of something that belongs to the model. ``judged``: what the promoter
    judges anew. ``gives_scheme``: it gives a model a scheme, of which a later version may have been saved meanwhile.
    """

    name: str
    of_model: bool
    subject: bool = False
    judged: Judged | None = None
    gives_scheme: bool = False
    moves: bool = False


_DECLARED: Final[list[EventType]] = []


def _model(
    name: str,
    *,
    subject: bool = False,
    judged: Judged | None = None,
    gives_scheme: bool = False,
    moves: bool = False,
) -> str:
    _DECLARED.append(EventType(name, True, subject, judged, gives_scheme, moves))
    return name


def _registry(name: str) -> str:
    _DECLARED.append(EventType(name, False))
    return name


MODEL_CREATED: Final = _model("model.created", gives_scheme=True)
MODEL_UPDATED: Final = _model("model.updated")
MODEL_DELETED: Final = _model("model.deleted")
MODEL_RULE_SET: Final = _model("model.rule_set")
MODEL_RULE_CLEARED: Final = _model("model.rule_cleared")
MODEL_FROZEN: Final = _model("model.frozen")
MODEL_UNFROZEN: Final = _model("model.unfrozen", judged=Judged.NEWEST)
MODEL_RETENTION_SET: Final = _model("model.retention_set")
MODEL_RETENTION_CLEARED: Final = _model("model.retention_cleared")
MODEL_SCHEME_ASSIGNED: Final = _model("model.scheme_assigned", judged=Judged.NEWEST, gives_scheme=True)
MODEL_STATE_DIFFERS: Final = _model("model.state_differs")
MODEL_CLASSIFIED: Final = _model("model.classified", judged=Judged.NEWEST)
MODEL_TIER_SET: Final = _model("model.tier_set", judged=Judged.NEWEST)

VERSION_CREATED: Final = _model("version.created")
VERSION_READY: Final = _model("version.ready", judged=Judged.VERSION)
VERSION_UPDATED: Final = _model("version.updated", judged=Judged.VERSION)
VERSION_TRANSITIONED: Final = _model("version.transitioned", judged=Judged.VERSION, moves=True)
VERSION_EXPIRED: Final = _model("version.expired")
VERSION_DELETED: Final = _model("version.deleted", judged=Judged.REQUESTS)
VERSION_PURGE_STARTED: Final = _model("version.purge_started")
VERSION_PURGED: Final = _model("version.purged")
VERSION_RESTORED: Final = _model("version.restored", judged=Judged.VERSION)
VERSION_LOCKED: Final = _model("version.locked")
VERSION_UNLOCKED: Final = _model("version.unlocked", judged=Judged.VERSION)
VERSION_HELD: Final = _model("version.held")
VERSION_RELEASED: Final = _model("version.released")
VERSION_SIGNED: Final = _model("version.signed", judged=Judged.VERSION)

SCAN_REQUESTED: Final = _model("scan.requested")
SCAN_FINISHED: Final = _model("scan.finished", judged=Judged.VERSION)
QUARANTINE_RELEASED: Final = _model("quarantine.released", judged=Judged.VERSION)
QUARANTINE_RESTORED: Final = _model("quarantine.restored", judged=Judged.VERSION)

ALIAS_SET: Final = _model("alias.set", judged=Judged.REQUESTS, moves=True)
ALIAS_DELETED: Final = _model("alias.deleted", judged=Judged.REQUESTS)
ALIAS_PROTECTED: Final = _model("alias.protected")
ALIAS_UNPROTECTED: Final = _model("alias.unprotected")
CHALLENGER_PROMOTED: Final = _model("challenger.promoted", judged=Judged.REQUESTS, moves=True)
CHALLENGER_RETIRED: Final = _model("challenger.retired", judged=Judged.REQUESTS)

CHECK_OPENED: Final = _model("check.opened", judged=Judged.REQUESTS)
CHECK_EXTENDED: Final = _model("check.extended")
CHECK_REPORTED: Final = _model("check.reported", judged=Judged.VERSION)
CHECK_WITHDRAWN: Final = _model("check.withdrawn", judged=Judged.VERSION)
EVALUATION_RECORDED: Final = _model("evaluation.recorded", judged=Judged.VERSION)
EVALUATION_WITHDRAWN: Final = _model("evaluation.withdrawn", judged=Judged.VERSION)
EVIDENCE_FILE_ATTACHED: Final = _model("evidence_file.attached")
EVIDENCE_FILE_WITHDRAWN: Final = _model("evidence_file.withdrawn")
ATTESTATION_RECORDED: Final = _model("attestation.recorded", judged=Judged.VERSION)
ATTESTATION_WITHDRAWN: Final = _model("attestation.withdrawn", judged=Judged.VERSION)
VULNERABILITY_FOUND: Final = _model("vulnerability.found", judged=Judged.VERSION)
VULNERABILITY_RESOLVED: Final = _model("vulnerability.resolved", judged=Judged.VERSION)
VULNERABILITY_MATCHED: Final = _model("vulnerability.matched", judged=Judged.VERSION)
VULNERABILITY_STATED: Final = _model("vulnerability.stated", judged=Judged.VERSION)
VULNERABILITY_UNSTATED: Final = _model("vulnerability.unstated", judged=Judged.VERSION)

REQUEST_OPENED: Final = _model("request.opened", subject=True, judged=Judged.VERSION)
REQUEST_VOTED: Final = _model("request.voted", subject=True, judged=Judged.VERSION)
REQUEST_VOTES_VOIDED: Final = _model("request.votes_voided", subject=True)
REQUEST_WITHDRAWN: Final = _model("request.withdrawn", subject=True)
REQUEST_EXPIRED: Final = _model("request.expired", subject=True)
REQUEST_REMINDED: Final = _model("request.reminded", subject=True)

CARD_UPDATED: Final = _model("card.updated", judged=Judged.NEWEST)
COMMENT_CREATED: Final = _model("comment.created", subject=True)
COMMENT_UPDATED: Final = _model("comment.updated", subject=True)
COMMENT_DELETED: Final = _model("comment.deleted", subject=True)

DEPLOYMENT_OPENED: Final = _model("deployment.opened", subject=True)
DEPLOYMENT_STARTED: Final = _model("deployment.started", subject=True)
DEPLOYMENT_SUCCEEDED: Final = _model("deployment.succeeded", subject=True)
DEPLOYMENT_FAILED: Final = _model("deployment.failed", subject=True)
DEPLOYMENT_ROLLED_BACK: Final = _model("deployment.rolled_back", subject=True)
DEPLOYMENT_SUPERSEDED: Final = _model("deployment.superseded", subject=True)
DEPLOYMENT_WITHDRAWN: Final = _model("deployment.withdrawn", subject=True)
DEPLOYMENT_DRIFTED: Final = _model("deployment.drifted", subject=True)
DEPLOYMENT_AGREED: Final = _model("deployment.agreed", subject=True)

MONITOR_CREATED: Final = _model("monitor.created", subject=True)
MONITOR_UPDATED: Final = _model("monitor.updated", subject=True)
MONITOR_DELETED: Final = _model("monitor.deleted", subject=True)
MONITOR_JUDGED: Final = _model("monitor.judged", subject=True, judged=Judged.VERSION)
MONITOR_ALARMED: Final = _model("monitor.alarmed", subject=True, judged=Judged.VERSION)
MONITOR_RECOVERED: Final = _model("monitor.recovered", subject=True, judged=Judged.VERSION)
MONITOR_SILENT: Final = _model("monitor.silent", subject=True, judged=Judged.VERSION)
MONITOR_ACTED: Final = _model("monitor.acted", subject=True)
LINEAGE_STATED: Final = _model("lineage.stated")
LINEAGE_UNSTATED: Final = _model("lineage.unstated")
STATEMENT_SIGNED: Final = _model("statement.signed")

REGISTRY_STATE_DIFFERS: Final = _registry("registry.state_differs")
SCHEME_SAVED: Final = _registry("scheme.saved")
SCHEME_DEFAULT_SET: Final = _registry("scheme.default_set")
TOKEN_CREATED: Final = _registry("token.created")
TOKEN_REVOKED: Final = _registry("token.revoked")
TOKEN_ROTATED: Final = _registry("token.rotated")
ROLE_SET: Final = _registry("role.set")
ROLE_DELETED: Final = _registry("role.deleted")
GRANT_SET: Final = _registry("grant.set")
GRANT_DELETED: Final = _registry("grant.deleted")
TRUST_SET: Final = _registry("trust.set")
TRUST_DELETED: Final = _registry("trust.deleted")
SESSION_ENDED: Final = _registry("session.ended")
WEBHOOK_CREATED: Final = _registry("webhook.created")
WEBHOOK_UPDATED: Final = _registry("webhook.updated")
WEBHOOK_DELETED: Final = _registry("webhook.deleted")
WEBHOOK_DISABLED: Final = _registry("webhook.disabled")
SCHEDULE_CREATED: Final = _registry("schedule.created")
SCHEDULE_UPDATED: Final = _registry("schedule.updated")
SCHEDULE_DELETED: Final = _registry("schedule.deleted")
SCHEDULE_FIRED: Final = _registry("schedule.fired")
SCHEDULE_FINISHED: Final = _registry("schedule.finished")
TARGET_CREATED: Final = _registry("target.created")
TARGET_UPDATED: Final = _registry("target.updated")
TARGET_DELETED: Final = _registry("target.deleted")
SIGNER_SAVED: Final = _registry("signer.saved")
SIGNER_DELETED: Final = _registry("signer.deleted")
REGISTRY_LINEAGE_STATED: Final = _registry("registry.lineage_stated")
REGISTRY_LINEAGE_UNSTATED: Final = _registry("registry.lineage_unstated")
ADVISORIES_UPDATED: Final = _registry("advisories.updated")

ALL: Final = frozenset(event.name for event in _DECLARED)
MODEL_EVENTS: Final = frozenset(event.name for event in _DECLARED if event.of_model)
REGISTRY_EVENTS: Final = ALL - MODEL_EVENTS
# Events of a model whose subject is the id of something that belongs to it.
SUBJECT_EVENTS: Final = frozenset(event.name for event in _DECLARED if event.subject)

# Events after which an automatic move or an approved request is judged anew.
JUDGED_OF_ONE_VERSION: Final = frozenset(event.name for event in _DECLARED if event.judged is Judged.VERSION)
JUDGED_OF_THE_NEWEST: Final = frozenset(event.name for event in _DECLARED if event.judged is Judged.NEWEST)
SCHEME_GIVEN: Final = frozenset(event.name for event in _DECLARED if event.gives_scheme)
PROMOTER_EVENTS: Final = frozenset(event.name for event in _DECLARED if event.judged) | SCHEME_GIVEN | {SCHEME_SAVED}

# Events that ask for a scan of their version.
SCANNER_EVENTS: Final = frozenset({VERSION_READY, SCAN_REQUESTED})

# Events about which a monitor does what it is set to do.
MONITOR_ACTS: Final = frozenset({MONITOR_ALARMED, MONITOR_RECOVERED, MONITOR_SILENT})

# Events after which a deployment may be opened: a version enters a stage, or an alias is pointed at it.
MOVES: Final = frozenset(event.name for event in _DECLARED if event.moves)
# Events after which a version is matched against the current advisories: it arrives, or it may have come into use.
MATCHED: Final = MOVES | {VERSION_READY, REQUEST_OPENED, VERSION_RESTORED}
# Events that may let a version out of quarantine, which was not deployed until then.
OUT_OF_QUARANTINE: Final = frozenset({SCAN_FINISHED, QUARANTINE_RELEASED})
# Events that the signer takes from the bus: what became READY is signed, and what moved is stated.
SIGNER_EVENTS: Final = MOVES | {VERSION_READY}
# Events that the deployer takes from the bus.
DEPLOYER_EVENTS: Final = (
    MOVES | OUT_OF_QUARANTINE | {DEPLOYMENT_OPENED, DEPLOYMENT_FAILED, DEPLOYMENT_ROLLED_BACK, TARGET_DELETED}
)
