"""Use cases: load, decide, commit.

The API reaches a use case as an attribute, for example ``registry.aliases.aliases.get_alias``. Its module is imported
on first use: one Lambda function serves every route, and a cold start should load only what the request needs. Event
functions import their use cases by name.
"""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry import (
        access,
        aliases,
        audit,
        bom,
        cards,
        deployments,
        evidence,
        ledger,
        lifecycle,
        lineage,
        mlflow,
        models,
        monitoring,
        overviews,
        page,
        promotion,
        scanning,
        schedules,
        schemes,
        search,
        sessions,
        signing,
        versions,
        vulnerabilities,
        webhooks,
    )

__all__ = [
    "access",
    "aliases",
    "audit",
    "bom",
    "cards",
    "deployments",
    "evidence",
    "ledger",
    "lifecycle",
    "lineage",
    "mlflow",
    "models",
    "monitoring",
    "overviews",
    "page",
    "promotion",
    "scanning",
    "schedules",
    "schemes",
    "search",
    "sessions",
    "signing",
    "versions",
    "vulnerabilities",
    "webhooks",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
