"""Moorage: the Python SDK of a serverless model registry.

Names are imported from their modules when they are first used, so that ``import moorage`` costs next to nothing, and
``verify_webhook`` does not wait for an HTTP client.
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moorage.about import __version__
    from moorage.aio.client import AsyncClient
    from moorage.aio.listing import AsyncListing
    from moorage.anchors import Anchor
    from moorage.audit import ChainBrokenError, ChainHead, verify_chain
    from moorage.audit_export import AuditExport
    from moorage.bom import ImportedBom
    from moorage.cache.blob_fetcher import Segments
    from moorage.cache.store import CachedVersion
    from moorage.capture.switches import Capture
    from moorage.card_document import CardContent
    from moorage.cards import Card, CardRevision
    from moorage.changes import FieldChange
    from moorage.checks import Check
    from moorage.client import Client
    from moorage.comments import Comment
    from moorage.comparison import ChallengerComparison, Comparison
    from moorage.croissant import croissant_dataset
    from moorage.deployments import Deployment, Recalled
    from moorage.digests import Multipart
    from moorage.download import Download
    from moorage.errors import (
        ConflictError,
        DiskError,
        Fault,
        ForbiddenError,
        IncompatibleModelError,
        IntegrityError,
        InvalidRequestError,
        LocalFilesError,
        MissingLibraryError,
        MoorageError,
        NotConfiguredError,
        NotFoundError,
        OfflineError,
        PackagingError,
        PreconditionFailedError,
        RateLimitedError,
        ServerError,
        StorageError,
        UnauthenticatedError,
        UnreachableError,
        UnsafePathError,
        UnsupportedModelError,
        UntrustedModelError,
        WebhookVerificationError,
    )
    from moorage.evaluations import (
        Dataset,
        Evaluation,
        EvaluationSeries,
        MeasuredPoint,
        RecordedEvaluation,
        Slice,
    )
    from moorage.events import Event, Verification
    from moorage.evidence_files import EvidenceFile
    from moorage.following.served_model import ServedModel
    from moorage.lifecycle import DeletedVersion, ExpiredVersion, PurgeReceipt
    from moorage.lineage import Descendant, Fed, Ingredient, Lineage, LineageEdge, LineageNode, ReachedNode, Recipe
    from moorage.listing import Listing, WholeList
    from moorage.measures import Confusion, Measure, MeasuredInterval, Paired, ShareInterval
    from moorage.models import ModelClassification
    from moorage.monitoring.collector import ClosedWindow, Collector
    from moorage.monitoring.feature import FeatureSummary
    from moorage.monitoring.findings import Finding
    from moorage.monitoring.profile import Profile
    from moorage.monitors import Monitor, MonitorJudgement
    from moorage.overviews import ModelOverview, StageOverview, VersionOverview
    from moorage.packaging.package import Package
    from moorage.principals import AccessPath, Grant, Identity, Role, SignIn, SubjectGrants, Token, Trust
    from moorage.progress import Progress
    from moorage.proving.claims import Claim, Outcome, Proof
    from moorage.proving.offline import prove_folder
    from moorage.quotas import DayOfQuotas, QuotaUse
    from moorage.requests import RequestExplanation, TransitionRequest, Vote, WaitingRequest
    from moorage.results import (
        Alias,
        Artifact,
        AsOf,
        Beats,
        FileWarning,
        Holders,
        ListedFile,
        ListedModel,
        Model,
        ModelAsOf,
        Move,
        PromotionRule,
        Restriction,
        RetentionRule,
        SchemeRef,
        Stage,
        Version,
        VersionSummary,
    )
    from moorage.retry import RetryPolicy
    from moorage.scan_results import (
        FileFindings,
        QuarantineRelease,
        Scan,
        ScanFindings,
        ScanReason,
        ScanReport,
        SecondOpinion,
    )
    from moorage.schedules import Schedule, ScheduleOutcome, When
    from moorage.schemes import ModelScheme, ModelTier, SavedScheme, SimulatedMove, Simulation, UnjudgedGate
    from moorage.search import Explanation, Point, RankedVersion, SearchCost, SearchField, SearchPlan, Series
    from moorage.sessions import BrowserSession
    from moorage.signatures import Signature, Signer
    from moorage.signing.bundle import Bundle
    from moorage.signing.errors import SignatureError, UnfitKeyError
    from moorage.signing.model_statement import ModelStatement
    from moorage.signing.signing import sign_folder
    from moorage.signing.verification import SigningTrust, verify_folder
    from moorage.statements import Statement
    from moorage.targets import Place, PlaceThen, Target
    from moorage.transitions import AwaitedReport, DryRun, GateResult, NextMove, Tally
    from moorage.usage import VersionUsage
    from moorage.vulnerabilities import (
        AdvisoryIndex,
        AdvisoryState,
        AffectedVersion,
        Assessment,
        VexStatement,
        Vulnerability,
    )
    from moorage.webhook_signature import verify_webhook
    from moorage.webhooks import Delivery, Webhook, WebhookHealth

__all__ = [
    "AccessPath",
    "AdvisoryIndex",
    "AdvisoryState",
    "AffectedVersion",
    "Alias",
    "Anchor",
    "Artifact",
    "AsOf",
    "Assessment",
    "AsyncClient",
    "AsyncListing",
    "AuditExport",
    "AwaitedReport",
    "Beats",
    "BrowserSession",
    "Bundle",
    "CachedVersion",
    "Capture",
    "Card",
    "CardContent",
    "CardRevision",
    "ChainBrokenError",
    "ChainHead",
    "ChallengerComparison",
    "Check",
    "Claim",
    "Client",
    "ClosedWindow",
    "Collector",
    "Comment",
    "Comparison",
    "ConflictError",
    "Confusion",
    "Dataset",
    "DayOfQuotas",
    "DeletedVersion",
    "Delivery",
    "Deployment",
    "Descendant",
    "DiskError",
    "Download",
    "DryRun",
    "Evaluation",
    "EvaluationSeries",
    "Event",
    "EvidenceFile",
    "ExpiredVersion",
    "Explanation",
    "Fault",
    "FeatureSummary",
    "Fed",
    "FieldChange",
    "FileFindings",
    "FileWarning",
    "Finding",
    "ForbiddenError",
    "GateResult",
    "Grant",
    "Holders",
    "Identity",
    "ImportedBom",
    "IncompatibleModelError",
    "Ingredient",
    "IntegrityError",
    "InvalidRequestError",
    "Lineage",
    "LineageEdge",
    "LineageNode",
    "ListedFile",
    "ListedModel",
    "Listing",
    "LocalFilesError",
    "Measure",
    "MeasuredInterval",
    "MeasuredPoint",
    "MissingLibraryError",
    "Model",
    "ModelAsOf",
    "ModelClassification",
    "ModelOverview",
    "ModelScheme",
    "ModelStatement",
    "ModelTier",
    "Monitor",
    "MonitorJudgement",
    "MoorageError",
    "Move",
    "Multipart",
    "NextMove",
    "NotConfiguredError",
    "NotFoundError",
    "OfflineError",
    "Outcome",
    "Package",
    "PackagingError",
    "Paired",
    "Place",
    "PlaceThen",
    "Point",
    "PreconditionFailedError",
    "Profile",
    "Progress",
    "PromotionRule",
    "Proof",
    "PurgeReceipt",
    "QuarantineRelease",
    "QuotaUse",
    "RankedVersion",
    "RateLimitedError",
    "ReachedNode",
    "Recalled",
    "Recipe",
    "RecordedEvaluation",
    "RequestExplanation",
    "Restriction",
    "RetentionRule",
    "RetryPolicy",
    "Role",
    "SavedScheme",
    "Scan",
    "ScanFindings",
    "ScanReason",
    "ScanReport",
    "Schedule",
    "ScheduleOutcome",
    "SchemeRef",
    "SearchCost",
    "SearchField",
    "SearchPlan",
    "SecondOpinion",
    "Segments",
    "Series",
    "ServedModel",
    "ServerError",
    "ShareInterval",
    "SignIn",
    "Signature",
    "SignatureError",
    "Signer",
    "SigningTrust",
    "SimulatedMove",
    "Simulation",
    "Slice",
    "Stage",
    "StageOverview",
    "Statement",
    "StorageError",
    "SubjectGrants",
    "Tally",
    "Target",
    "Token",
    "TransitionRequest",
    "Trust",
    "UnauthenticatedError",
    "UnfitKeyError",
    "UnjudgedGate",
    "UnreachableError",
    "UnsafePathError",
    "UnsupportedModelError",
    "UntrustedModelError",
    "Verification",
    "Version",
    "VersionOverview",
    "VersionSummary",
    "VersionUsage",
    "VexStatement",
    "Vote",
    "Vulnerability",
    "WaitingRequest",
    "Webhook",
    "WebhookHealth",
    "WebhookVerificationError",
    "When",
    "WholeList",
    "__version__",
    "croissant_dataset",
    "prove_folder",
    "sign_folder",
    "verify_chain",
    "verify_folder",
    "verify_webhook",
]

# The modules that have the names above. A test compares the three lists.
_NAMES: Final = {
    "about": ("__version__",),
    "aio.client": ("AsyncClient",),
    "aio.listing": ("AsyncListing",),
    "anchors": ("Anchor",),
    "audit": (
        "ChainBrokenError",
        "ChainHead",
        "verify_chain",
    ),
    "audit_export": ("AuditExport",),
    "bom": ("ImportedBom",),
    "cache.blob_fetcher": ("Segments",),
    "cache.store": ("CachedVersion",),
    "capture.switches": ("Capture",),
    "card_document": ("CardContent",),
    "cards": (
        "Card",
        "CardRevision",
    ),
    "changes": ("FieldChange",),
    "checks": ("Check",),
    "client": ("Client",),
    "comments": ("Comment",),
    "comparison": (
        "ChallengerComparison",
        "Comparison",
    ),
    "digests": ("Multipart",),
    "download": ("Download",),
    "errors": (
        "ConflictError",
        "DiskError",
        "Fault",
        "ForbiddenError",
        "IncompatibleModelError",
        "IntegrityError",
        "InvalidRequestError",
        "LocalFilesError",
        "MissingLibraryError",
        "MoorageError",
        "NotConfiguredError",
        "NotFoundError",
        "OfflineError",
        "PackagingError",
        "PreconditionFailedError",
        "RateLimitedError",
        "ServerError",
        "StorageError",
        "UnauthenticatedError",
        "UnreachableError",
        "UnsafePathError",
        "UnsupportedModelError",
        "UntrustedModelError",
        "WebhookVerificationError",
    ),
    "croissant": ("croissant_dataset",),
    "deployments": (
        "Deployment",
        "Recalled",
    ),
    "evaluations": (
        "Dataset",
        "Evaluation",
        "EvaluationSeries",
        "MeasuredPoint",
        "RecordedEvaluation",
        "Slice",
    ),
    "events": (
        "Event",
        "Verification",
    ),
    "evidence_files": ("EvidenceFile",),
    "following.served_model": ("ServedModel",),
    "lifecycle": (
        "DeletedVersion",
        "ExpiredVersion",
        "PurgeReceipt",
    ),
    "lineage": (
        "Descendant",
        "Fed",
        "Ingredient",
        "Lineage",
        "LineageEdge",
        "LineageNode",
        "ReachedNode",
        "Recipe",
    ),
    "listing": (
        "Listing",
        "WholeList",
    ),
    "measures": (
        "Confusion",
        "Measure",
        "MeasuredInterval",
        "Paired",
        "ShareInterval",
    ),
    "models": ("ModelClassification",),
    "monitors": (
        "Monitor",
        "MonitorJudgement",
    ),
    "monitoring.collector": (
        "ClosedWindow",
        "Collector",
    ),
    "monitoring.feature": ("FeatureSummary",),
    "monitoring.findings": ("Finding",),
    "monitoring.profile": ("Profile",),
    "overviews": (
        "ModelOverview",
        "StageOverview",
        "VersionOverview",
    ),
    "packaging.package": ("Package",),
    "principals": (
        "AccessPath",
        "Grant",
        "Identity",
        "Role",
        "SignIn",
        "SubjectGrants",
        "Token",
        "Trust",
    ),
    "progress": ("Progress",),
    "proving.claims": ("Claim", "Outcome", "Proof"),
    "proving.offline": ("prove_folder",),
    "requests": (
        "RequestExplanation",
        "TransitionRequest",
        "Vote",
        "WaitingRequest",
    ),
    "results": (
        "Alias",
        "Artifact",
        "AsOf",
        "Beats",
        "FileWarning",
        "Holders",
        "ListedFile",
        "ListedModel",
        "Model",
        "ModelAsOf",
        "Move",
        "PromotionRule",
        "Restriction",
        "RetentionRule",
        "SchemeRef",
        "Stage",
        "Version",
        "VersionSummary",
    ),
    "quotas": ("DayOfQuotas", "QuotaUse"),
    "retry": ("RetryPolicy",),
    "scan_results": (
        "FileFindings",
        "QuarantineRelease",
        "Scan",
        "ScanFindings",
        "ScanReason",
        "ScanReport",
        "SecondOpinion",
    ),
    "schedules": (
        "Schedule",
        "ScheduleOutcome",
        "When",
    ),
    "schemes": (
        "ModelScheme",
        "ModelTier",
        "SavedScheme",
        "SimulatedMove",
        "Simulation",
        "UnjudgedGate",
    ),
    "search": (
        "Explanation",
        "Point",
        "RankedVersion",
        "SearchCost",
        "SearchField",
        "SearchPlan",
        "Series",
    ),
    "sessions": ("BrowserSession",),
    "signatures": ("Signature", "Signer"),
    "signing.bundle": ("Bundle",),
    "signing.errors": ("SignatureError", "UnfitKeyError"),
    "signing.model_statement": ("ModelStatement",),
    "signing.signing": ("sign_folder",),
    "signing.verification": ("SigningTrust", "verify_folder"),
    "statements": ("Statement",),
    "targets": (
        "Place",
        "PlaceThen",
        "Target",
    ),
    "transitions": (
        "AwaitedReport",
        "DryRun",
        "GateResult",
        "NextMove",
        "Tally",
    ),
    "usage": ("VersionUsage",),
    "vulnerabilities": (
        "AdvisoryIndex",
        "AdvisoryState",
        "AffectedVersion",
        "Assessment",
        "VexStatement",
        "Vulnerability",
    ),
    "webhook_signature": ("verify_webhook",),
    "webhooks": (
        "Delivery",
        "Webhook",
        "WebhookHealth",
    ),
}
_MODULES: Final = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'moorage' has no attribute {name!r}")
    value = getattr(import_module(f"moorage.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


# The loggers print nothing until the application configures logging.
logging.getLogger("moorage").addHandler(logging.NullHandler())
