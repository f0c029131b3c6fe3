"""Moorage: the Python SDK of a serverless model registry."""

from moorage.about import __version__
from moorage.audit import ChainBrokenError, ChainHead, verify_chain
from moorage.checks import Check
from moorage.client import Client
from moorage.comparison import Comparison, Contest
from moorage.digests import Cutting
from moorage.download import Download, Segments
from moorage.errors import (
    ConflictError,
    Fault,
    ForbiddenError,
    IntegrityError,
    InvalidRequestError,
    MoorageError,
    NotConfiguredError,
    NotFoundError,
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
from moorage.progress import Progress
from moorage.results import (
    Alias,
    Artifact,
    Beats,
    Delivery,
    Event,
    Grant,
    Identity,
    ListedModel,
    Model,
    Move,
    PromotionRule,
    Stage,
    Token,
    Verification,
    Version,
    Webhook,
)
from moorage.retry import RetryPolicy
from moorage.webhook_signature import verify_webhook

__all__ = [
    "Alias",
    "Artifact",
    "Beats",
    "ChainBrokenError",
    "ChainHead",
    "Check",
    "Client",
    "Comparison",
    "ConflictError",
    "Contest",
    "Cutting",
    "Dataset",
    "Delivery",
    "Download",
    "Evaluation",
    "Event",
    "Fault",
    "ForbiddenError",
    "Grant",
    "Identity",
    "IntegrityError",
    "InvalidRequestError",
    "ListedModel",
    "Model",
    "MoorageError",
    "Move",
    "NotConfiguredError",
    "NotFoundError",
    "PreconditionFailedError",
    "Progress",
    "PromotionRule",
    "RateLimitedError",
    "RetryPolicy",
    "Segments",
    "ServerError",
    "Slice",
    "Stage",
    "StorageError",
    "Token",
    "UnauthenticatedError",
    "UnreachableError",
    "UnsafePathError",
    "Verification",
    "Version",
    "Webhook",
    "WebhookVerificationError",
    "__version__",
    "verify_chain",
    "verify_webhook",
]
