"""A model judged by a scheme with approvals, and people to approve."""

from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.registry.audit import audit
from chalicelib.registry.ledger.commit import Idempotency, Request
from chalicelib.registry.promotion import promotion, requests, scheme_assignment
from chalicelib.registry.schemes import saving
from tests.domain.schemes.documents import document
from tests.registry.build import model, ready, request

REVIEWERS = {name: Principal(f"token:{name}", (Grant(Role.REVIEWER, "*"),)) for name in ("cy", "dan", "eve")}
REVIEWED = document(
    name="reviewed",
    stages=[
        {"name": "draft"},
        {"name": "live", "exclusive": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "gone"},
    ],
    transitions=[
        {
            "from": "draft",
            "to": "live",
            "gates": [{"name": "auc", "kind": "condition", "expression": "metrics.auc > 0.5 && tags.ok == 'yes'"}],
            "approvals": [{"count": 2, "roles": ["reviewer"]}],
        },
        {"from": ["draft", "live"], "to": "gone"},
    ],
    rollback={"reason_required": True},
)


def by(name: str, key: str | None = None) -> Request:
    """A request by one of the reviewers."""
    return Request(REVIEWERS[name], "request-1", None if key is None else Idempotency(key, key))


def governed(registry: Services, name: str = "fraud", scheme: dict[str, Any] = REVIEWED) -> str:
    """A model that follows ``scheme``."""
    saving.save_scheme(registry, request(), scheme)
    model(registry, name)
    scheme_assignment.assign_scheme(registry, request(), name, scheme["name"], None)
    return name


def asked(registry: Services, name: str = "fraud", tags: dict[str, str] | None = None) -> int:
    """An open request for a fresh version's way into ``live``."""
    version = ready(registry, name, metrics={"auc": 0.9}, tags={"ok": "yes"} if tags is None else tags)
    return requests.open_request(
        registry, request(), name, str(version.number), "live", "ready", None, []
    ).result.number


def approve(registry: Services, number: int, *people: str, name: str = "fraud") -> None:
    for person in people:
        requests.vote(registry, by(person), name, number, True, None)


def told(registry: Services, name: str = "fraud") -> list[dict[str, Any]]:
    """The model's events, oldest first."""
    return list(audit.list_events(registry, f"model:{name}", "oldest", 100, None).items)


def last(registry: Services, name: str = "fraud") -> dict[str, Any]:
    return told(registry, name)[-1]


def saved(registry: Services) -> dict[str, Any]:
    """The registry's last event: a scheme that was saved."""
    return dict(audit.list_events(registry, "registry", "newest", 1, None).items[0])


def judge(registry: Services, event: dict[str, Any]) -> dict[str, promotion.Judgement]:
    """What the promoter finds, by what it judged."""
    return {judgement.what: judgement for judgement in promotion.judge_event(registry, event)}
