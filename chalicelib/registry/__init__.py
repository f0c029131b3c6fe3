"""Use cases: load, decide, commit.

The API takes one as an attribute, as in ``registry.aliases.get_alias``, and its module is imported when it is first
asked for: one function serves every route, and Lambda compiles what a cold start imports, so a request pays for the
use cases that it needs and not for all. It is an ordinary import under the interpreter's locks, after which the module
is an attribute like any other. Event functions import theirs by name, at once.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.registry import (
        access,
        aliases,
        anchors,
        audit,
        burials,
        cards,
        challengers,
        changes,
        checks,
        comments,
        commit,
        comparison,
        deliveries,
        downloads,
        evaluations,
        grants,
        history,
        intake,
        latest,
        ledgers,
        models,
        page,
        removal,
        requests,
        restrictions,
        retention,
        roles,
        schemes,
        search,
        simulation,
        stages,
        tags,
        tokens,
        trusts,
        uploads,
        usage,
        versions,
        webhook_trial,
        webhooks,
    )

__all__ = [
    "access",
    "aliases",
    "anchors",
    "audit",
    "burials",
    "cards",
    "challengers",
    "changes",
    "checks",
    "comments",
    "commit",
    "comparison",
    "deliveries",
    "downloads",
    "evaluations",
    "grants",
    "history",
    "intake",
    "latest",
    "ledgers",
    "models",
    "page",
    "removal",
    "requests",
    "restrictions",
    "retention",
    "roles",
    "schemes",
    "search",
    "simulation",
    "stages",
    "tags",
    "tokens",
    "trusts",
    "uploads",
    "usage",
    "versions",
    "webhook_trial",
    "webhooks",
]

if not TYPE_CHECKING:
    # Unseen by mypy, which would take it to answer any name.
    def __getattr__(name: str) -> ModuleType:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module(f"{__name__}.{name}")
