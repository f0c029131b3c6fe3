"""Moorage: the Python SDK of a serverless model registry."""

from moorage.about import __version__
from moorage.anchors import Anchor
from moorage.audit import ChainBrokenError, ChainHead, verify_chain
from moorage.audit_export import AuditExport
from moorage.cache.blob_fetcher import Segments
from moorage.cache.store import CachedVersion
from moorage.card_document import CardContent
from moorage.cards import Card, CardRevision
from moorage.changes import FieldChange
from moorage.checks import Check
from moorage.client import Client
from moorage.comments import Comment
from moorage.comparison import ChallengerComparison, Comparison
from moorage.digests import Multipart
from moorage.download import Download
from moorage.errors import (
    ConflictError,
    DiskError,
    Fault,
    ForbiddenError,
    IntegrityError,
    InvalidRequestError,
    LocalFilesError,
    MoorageError,
    NotConfiguredError,
    NotFoundError,
    OfflineError,
    PreconditionFailedError,
    RateLimitedError,
    ServerError,
    StorageError,
    UnauthenticatedError,
    UnreachableError,
    UnsafePathError,
    WebhookVerificationError,
)
from moorage.evaluations import Dataset, Evaluation, Slice
from moorage.events import Event, Verification
from moorage.lifecycle import DeletedVersion, ExpiredVersion, PurgeReceipt
from moorage.overviews import ModelOverview, StageOverview, VersionOverview
from moorage.principals import AccessPath, Grant, Identity, Role, SignIn, SubjectGrants, Token, Trust
from moorage.progress import Progress
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
from moorage.schemes import ModelScheme, ModelTier, SavedScheme, SimulatedMove, Simulation
from moorage.search import Explanation, Point, RankedVersion, SearchCost, SearchField, SearchPlan, Series
from moorage.sessions import BrowserSession
from moorage.transitions import DryRun, GateResult, NextMove, Tally
from moorage.usage import VersionUsage
from moorage.webhook_signature import verify_webhook
from moorage.webhooks import Delivery, Webhook

__all__ = [
    "AccessPath",
    "Alias",
    "Anchor",
    "Artifact",
    "AsOf",
    "AuditExport",
    "Beats",
    "BrowserSession",
    "CachedVersion",
    "Card",
    "CardContent",
    "CardRevision",
    "ChainBrokenError",
    "ChainHead",
    "ChallengerComparison",
    "Check",
    "Client",
    "Comment",
    "Comparison",
    "ConflictError",
    "Dataset",
    "DeletedVersion",
    "Delivery",
    "DiskError",
    "Download",
    "DryRun",
    "Evaluation",
    "Event",
    "ExpiredVersion",
    "Explanation",
    "Fault",
    "FieldChange",
    "FileWarning",
    "ForbiddenError",
    "GateResult",
    "Grant",
    "Holders",
    "Identity",
    "IntegrityError",
    "InvalidRequestError",
    "ListedFile",
    "ListedModel",
    "LocalFilesError",
    "Model",
    "ModelAsOf",
    "ModelOverview",
    "ModelScheme",
    "ModelTier",
    "MoorageError",
    "Move",
    "Multipart",
    "NextMove",
    "NotConfiguredError",
    "NotFoundError",
    "OfflineError",
    "Point",
    "PreconditionFailedError",
    "Progress",
    "PromotionRule",
    "PurgeReceipt",
    "RankedVersion",
    "RateLimitedError",
    "RequestExplanation",
    "Restriction",
    "RetentionRule",
    "RetryPolicy",
    "Role",
    "SavedScheme",
    "SchemeRef",
    "SearchCost",
    "SearchField",
    "SearchPlan",
    "Segments",
    "Series",
    "ServerError",
    "SignIn",
    "SimulatedMove",
    "Simulation",
    "Slice",
    "Stage",
    "StageOverview",
    "StorageError",
    "SubjectGrants",
    "Tally",
    "Token",
    "TransitionRequest",
    "Trust",
    "UnauthenticatedError",
    "UnreachableError",
    "UnsafePathError",
    "Verification",
    "Version",
    "VersionOverview",
    "VersionSummary",
    "VersionUsage",
    "Vote",
    "WaitingRequest",
    "Webhook",
    "WebhookVerificationError",
    "__version__",
    "verify_chain",
    "verify_webhook",
]
