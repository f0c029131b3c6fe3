"""The registry's errors: a shallow tree, each with a stable code.

``detail`` is for a person: what was wrong, with which field or model, and what to do. ``problems`` is for programs: a
pointer and a message for each fault. The docstring of an error says what its code means; users read it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an input: where it is, as a JSON pointer or a file's path, and what is wrong."""

    pointer: str
    message: str


class RegistryError(Exception):
    """The request cannot be carried out."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Internal error"

    def __init__(self, detail: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = tuple(problems)


class InvalidInputError(RegistryError):
    """The content of the request is not valid, whatever the state of the registry."""

    status = 400
    code = "invalid_input"
    title = "Invalid input"


class InvalidNameError(InvalidInputError):
    """A name, label, alias, tag key or path has a form that is not allowed."""

    code = "invalid_name"
    title = "Invalid name"


class InvalidCursorError(InvalidInputError):
    """A paging cursor is damaged, expired, or belongs to another query."""

    code = "invalid_cursor"
    title = "Invalid cursor"


class InvalidFilterError(InvalidInputError):
    """The filter or order of a search is not valid. The answer says at which character, and what was expected there."""

    code = "invalid_filter"
    title = "Invalid filter"


class SearchTooBroadError(InvalidInputError):
    """The search finds too much to sort, and no index has the requested order. Narrow the filter."""

    code = "search_too_broad"
    title = "Search too broad"


class MalformedBodyError(InvalidInputError):
    """The body is not JSON of the expected form."""

    code = "malformed_body"
    title = "Malformed body"


class BodyTooLargeError(RegistryError):
    """The body, or a document that it would make, is larger than the registry allows."""

    status = 413
    code = "too_large"
    title = "Too large"


class UnsupportedMediaTypeError(RegistryError):
    """This call does not accept the request's Content-Type."""

    status = 415
    code = "unsupported_media_type"
    title = "Unsupported media type"


class UnauthenticatedError(RegistryError):
    """The request carries no valid token."""

    status = 401
    code = "unauthenticated"
    title = "Unauthenticated"


class CredentialsRefusedError(UnauthenticatedError):
    """The caller's credentials were refused.

    ``reason`` and ``about`` are for the log only: the answer does not say which part was wrong.
    """

    def __init__(self, detail: str, reason: str, **about: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.about = about


class SessionEndedError(UnauthenticatedError):
    """The browser's session has ended, or there is none. Sign in again."""

    code = "session_ended"
    title = "Session ended"


class SignInExpiredError(InvalidInputError):
    """The sign-in took too long, or was begun in another browser. Begin again."""

    code = "sign_in_expired"
    title = "Sign-in expired"


class SignInRefusedError(CredentialsRefusedError):
    """The issuer did not let this person sign in, or the registry does not accept what the issuer said."""

    code = "sign_in_refused"
    title = "Sign-in refused"


class CrossSiteRequestError(RegistryError):
    """The request comes from a page of another site, or does not say where it comes from."""

    status = 403
    code = "cross_site_request"
    title = "Cross-site request"


class PermissionDeniedError(RegistryError):
    """The caller's grants do not allow this action."""

    status = 403
    code = "permission_denied"
    title = "Permission denied"


class SeparationOfDutiesError(PermissionDeniedError):
    """The caller registered the version or opened the request, so somebody else must judge it or report on it."""

    code = "separation_of_duties"
    title = "Separation of duties"


class ReporterRefusedError(PermissionDeniedError):
    """The model's scheme names who reports this check or evaluation, and the caller is not one of them."""

    code = "reporter_refused"
    title = "Reporter refused"


class QuarantinedError(RegistryError):
    """The version is in quarantine: the scheme does not allow what its scan has found, or the scan has failed."""

    status = 403
    code = "quarantined"
    title = "Quarantined"


class TooManyGrantsError(PermissionDeniedError):
    """The caller has more grants than one request can carry. Ask an administrator to combine them."""

    code = "too_many_grants"
    title = "Too many grants"


class NotFoundError(RegistryError):
    """Nothing exists at this address."""

    status = 404
    code = "not_found"
    title = "Not found"


class ModelNotFoundError(NotFoundError):
    """No model has this name."""

    code = "model_not_found"
    title = "Model not found"


class VersionNotFoundError(NotFoundError):
    """The model has no such version, or it was deleted."""

    code = "version_not_found"
    title = "Version not found"


class AliasNotFoundError(NotFoundError):
    """The model has no such alias."""

    code = "alias_not_found"
    title = "Alias not found"


class StageNotFoundError(NotFoundError):
    """The model's scheme has no such stage."""

    code = "stage_not_found"
    title = "Stage not found"


class FileNotInManifestError(NotFoundError):
    """The version has no such file."""

    code = "file_not_found"
    title = "File not found"


class RuleNotFoundError(NotFoundError):
    """The model has no promotion rule."""

    code = "promotion_rule_not_found"
    title = "Promotion rule not found"


class SchemeNotFoundError(NotFoundError):
    """No scheme has this name, or it has no such version."""

    code = "scheme_not_found"
    title = "Scheme not found"


class RequestNotFoundError(NotFoundError):
    """The model has no such transition request."""

    code = "request_not_found"
    title = "Request not found"


class RetentionRuleNotFoundError(NotFoundError):
    """The model has no retention rule."""

    code = "retention_rule_not_found"
    title = "Retention rule not found"


class CheckNotFoundError(NotFoundError):
    """The version has no check of this name."""

    code = "check_not_found"
    title = "Check not found"


class EvaluationNotFoundError(NotFoundError):
    """The version has no evaluation of this name."""

    code = "evaluation_not_found"
    title = "Evaluation not found"


class EvidenceFileNotFoundError(NotFoundError):
    """The version has no evidence file of this name, or no upload of one has this id."""

    code = "evidence_file_not_found"
    title = "Evidence file not found"


class TokenNotFoundError(NotFoundError):
    """No token has this id."""

    code = "token_not_found"
    title = "Token not found"


class SessionNotFoundError(NotFoundError):
    """No session has this id, or it has ended."""

    code = "session_not_found"
    title = "Session not found"


class RoleNotFoundError(NotFoundError):
    """No role has this name."""

    code = "role_not_found"
    title = "Role not found"


class GrantNotFoundError(NotFoundError):
    """There are no grants with this id."""

    code = "grant_not_found"
    title = "Grant not found"


class TrustNotFoundError(NotFoundError):
    """No trust has this name."""

    code = "trust_not_found"
    title = "Trust not found"


class WebhookNotFoundError(NotFoundError):
    """No webhook has this id."""

    code = "webhook_not_found"
    title = "Webhook not found"


class DeliveryNotFoundError(NotFoundError):
    """The webhook has no such delivery, or its log entry has expired."""

    code = "delivery_not_found"
    title = "Delivery not found"


class ScheduleNotFoundError(NotFoundError):
    """No schedule has this name."""

    code = "schedule_not_found"
    title = "Schedule not found"


class TargetNotFoundError(NotFoundError):
    """There is no target of this name."""

    code = "target_not_found"
    title = "Target not found"


class DeploymentNotFoundError(NotFoundError):
    """The model has no deployment of this number, or none on this target."""

    code = "deployment_not_found"
    title = "Deployment not found"


class MonitorNotFoundError(NotFoundError):
    """The model has no monitor of this name."""

    code = "monitor_not_found"
    title = "Monitor not found"


class CardRevisionNotFoundError(NotFoundError):
    """The model's card has no such revision."""

    code = "card_revision_not_found"
    title = "Card revision not found"


class CommentNotFoundError(NotFoundError):
    """The model has no such comment, or it was deleted."""

    code = "comment_not_found"
    title = "Comment not found"


class AnchorNotFoundError(NotFoundError):
    """There is no anchor of this number."""

    code = "anchor_not_found"
    title = "Anchor not found"


class ExperimentNotFoundError(NotFoundError):
    """No experiment has this id or name."""

    code = "experiment_not_found"
    title = "Experiment not found"


class RunNotFoundError(NotFoundError):
    """No run has this id, or it has no such tag."""

    code = "run_not_found"
    title = "Run not found"


class LoggedModelNotFoundError(NotFoundError):
    """No logged model has this id, or it has no such tag."""

    code = "logged_model_not_found"
    title = "Logged model not found"


class ArtifactNotFoundError(NotFoundError):
    """No file was logged under this path."""

    code = "artifact_not_found"
    title = "Artifact not found"


class ConflictError(RegistryError):
    """The current state of the registry does not allow this."""

    status = 409
    code = "conflict"
    title = "Conflict"


class EvidenceFileExistsError(ConflictError):
    """The version has an evidence file of this name. The bytes of an evidence file never change."""

    code = "evidence_file_exists"
    title = "Evidence file exists"


class TargetDisabledError(ConflictError):
    """The target is switched off, so nothing is deployed there."""

    code = "target_disabled"
    title = "Target disabled"


class DeploymentRefusedError(ConflictError):
    """The target does not take this version: it takes those that stand in its stage or that its alias points at."""

    code = "deployment_refused"
    title = "Deployment refused"


class DeploymentClosedError(ConflictError):
    """The deployment has ended, or its turn has not come, or the report is of an earlier attempt."""

    code = "deployment_closed"
    title = "Deployment closed"


class ModelExistsError(ConflictError):
    """A model of this name exists already."""

    code = "model_exists"
    title = "Model exists"


class LookAlikeError(ModelExistsError):
    """The name of another model looks the same: it differs only in blanks, the form of accents or the alphabet."""

    code = "name_looks_alike"
    title = "Name looks alike"


class ExperimentExistsError(ConflictError):
    """An experiment of this name exists already."""

    code = "experiment_exists"
    title = "Experiment exists"


class WebhookDisabledError(ConflictError):
    """Nothing is delivered to a webhook that is disabled."""

    code = "webhook_disabled"
    title = "Webhook disabled"


class ModelNotEmptyError(ConflictError):
    """A model that still has versions cannot be deleted."""

    code = "model_not_empty"
    title = "Model not empty"


class LabelTakenError(ConflictError):
    """Another version of the model has this semantic version label."""

    code = "label_taken"
    title = "Label taken"


class VersionNotReadyError(ConflictError):
    """The files of the version have not been verified yet."""

    code = "version_not_ready"
    title = "Version not ready"


class VersionExpiredError(ConflictError):
    """The version's upload was not finished in time."""

    code = "version_expired"
    title = "Version expired"


class VersionInUseError(ConflictError):
    """An alias points at the version, or a stage holds it. Move or delete that first."""

    code = "version_in_use"
    title = "Version in use"


class ModelFrozenError(ConflictError):
    """The model is frozen. Until the freeze is lifted, only roll-backs move its versions and aliases."""

    code = "model_frozen"
    title = "Model frozen"


class VersionLockedError(ConflictError):
    """The version is locked. It cannot be changed until it is unlocked."""

    code = "version_locked"
    title = "Version locked"


class VersionHeldError(ConflictError):
    """The version is under legal hold and cannot be deleted."""

    code = "version_held"
    title = "Version held"


class VersionGoneError(ConflictError):
    """The files of the version are deleted, being deleted, or were never verified."""

    code = "version_gone"
    title = "Version gone"


class ScanPendingError(ConflictError):
    """The version's files are still being scanned. Its bytes are given out once that is done, if the scheme allows."""

    code = "scan_pending"
    title = "Scan pending"


class VersionQuarantinedError(ConflictError):
    """The version is in quarantine, so it enters no stage that asks for more, nor do protected aliases take it."""

    code = "version_quarantined"
    title = "Version quarantined"


class NotQuarantinedError(ConflictError):
    """The version is not in quarantine, so nothing can be released."""

    code = "not_quarantined"
    title = "Not quarantined"


class ScanningOffError(ConflictError):
    """The registry does not scan versions: its operator has switched scanning off."""

    code = "scanning_off"
    title = "Scanning off"


class UploadIncompleteError(ConflictError):
    """Files of the manifest are not in S3 yet."""

    code = "upload_incomplete"
    title = "Upload incomplete"


class UploadMismatchError(ConflictError):
    """Files in S3 differ from the manifest."""

    code = "upload_mismatch"
    title = "Upload mismatch"


class AliasMovedError(ConflictError):
    """The alias does not point at the version that the caller expected."""

    code = "alias_moved"
    title = "Alias moved"


class StageChangedError(ConflictError):
    """The version is not in the stage that the caller expected."""

    code = "stage_changed"
    title = "Stage changed"


class TransitionNotAllowedError(ConflictError):
    """The model's scheme does not allow this move."""

    code = "transition_not_allowed"
    title = "Transition not allowed"


class GatesNotMetError(ConflictError):
    """Gates of the transition do not hold. ``errors`` names each of them, and what would satisfy it."""

    code = "gates_not_met"
    title = "Gates not met"


class ApprovalsMissingError(ConflictError):
    """The transition needs more approvals. Open a transition request, or wait until enough people approve it."""

    code = "approvals_missing"
    title = "Approvals missing"


class RequestClosedError(ConflictError):
    """The transition request is withdrawn, executed, expired or superseded."""

    code = "request_closed"
    title = "Request closed"


class RequestExistsError(ConflictError):
    """There is an open transition request for this move already."""

    code = "request_exists"
    title = "Request exists"


class BuiltinSchemeError(ConflictError):
    """Built-in schemes cannot be changed. Save a copy under another name."""

    code = "builtin_scheme"
    title = "Built-in scheme"


class SchemeIncompatibleError(ConflictError):
    """The scheme does not fit the model's versions or its promotion rule: move the versions or clear the rule first."""

    code = "scheme_incompatible"
    title = "Scheme incompatible"


class NothingToRollBackError(ConflictError):
    """There is no earlier version to go back to."""

    code = "nothing_to_roll_back"
    title = "Nothing to roll back"


class ScheduleExistsError(ConflictError):
    """A schedule has this name already."""

    code = "schedule_exists"
    title = "Schedule exists"


class ScheduleRunningError(ConflictError):
    """The schedule's last firing is still going through the models."""

    code = "schedule_running"
    title = "Schedule running"


class RoleInUseError(ConflictError):
    """A token, grant or trust still uses the role."""

    code = "role_in_use"
    title = "Role in use"


class BuiltInRoleError(ConflictError):
    """A built-in role cannot be changed."""

    code = "built_in_role"
    title = "Built-in role"


class LastAdministratorError(ConflictError):
    """The change would leave nobody but the bootstrap administrator to administer the registry."""

    code = "last_administrator"
    title = "Last administrator"


class TokenInactiveError(ConflictError):
    """The token is revoked or expired."""

    code = "token_inactive"
    title = "Token inactive"


class LimitExceededError(ConflictError):
    """A limit on how many of these may exist is reached."""

    code = "limit_exceeded"
    title = "Limit exceeded"


class QuotaExceededError(LimitExceededError):
    """You have made as many of these today as one caller may. Go on tomorrow, or ask the operator for more."""

    code = "quota_exceeded"
    title = "Quota exceeded"


class ContentionError(ConflictError):
    """Too many writers are changing the same model. It is safe to try again."""

    code = "contention"
    title = "Contention"


class PreconditionFailedError(RegistryError):
    """What the caller wants to change has changed since the caller read it. Read it again."""

    status = 412
    code = "precondition_failed"
    title = "Precondition failed"


class IdempotencyKeyReusedError(RegistryError):
    """The idempotency key was already used for a different request."""

    status = 422
    code = "idempotency_key_reused"
    title = "Idempotency key reused"


class LedgerDamagedError(RegistryError):
    """A ledger's head and its events do not fit together, because one was changed past the registry."""

    status = 500
    code = "ledger_damaged"
    title = "Ledger damaged"


class UnavailableError(RegistryError):
    """A service that the registry depends on does not answer. It is safe to try again."""

    status = 503
    code = "unavailable"
    title = "Unavailable"


class RecordEditedError(RegistryError):
    """A stored record was changed outside of the registry, so it is not served. Tell an administrator."""

    code = "record_edited"
    title = "Record edited"


class IssuerUnavailableError(UnavailableError):
    """The issuer at which people sign in does not answer, or not as OIDC requires."""

    code = "issuer_unavailable"
    title = "Issuer unavailable"
