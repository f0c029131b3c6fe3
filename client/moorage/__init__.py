"""Moorage: the Python SDK of a serverless model registry."""

from moorage.about import __version__
from moorage.audit import ChainBrokenError, ChainHead, verify_chain
from moorage.client import Client
from moorage.digests import Cutting
from moorage.download import Download
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
from moorage.progress import Progress
from moorage.results import (
    Alias,
    Artifact,
    Beats,
    Delivery,
    Event,
    Grant,
    Identity,
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
    "Client",
    "ConflictError",
    "Cutting",
    "Delivery",
    "Download",
    "Event",
    "Fault",
    "ForbiddenError",
    "Grant",
    "Identity",
    "IntegrityError",
    "InvalidRequestError",
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
    "ServerError",
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
