"""Targets, moves that start deployments, and deployers that report."""

from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.deployments.deployment import Deployment, Status
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.deployments.target import Policy
from chalicelib.domain.deployments.target_decisions import Setting
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import audit
from chalicelib.registry.deployments import deployments, opening, places, reporting, rolling_back, targets
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.promotion import stages
from tests.registry.build import MODEL, model, ready, request

TARGET = "eu"
ARGO = Principal("token:argo", ())


def a_target(registry: Services, name: str = TARGET, policy: Policy | None = None, **given: Any) -> str:
    """A target for what enters production, whose reporter is ``token:argo``."""
    started = {} if "alias" in given else {"stage": "production"}
    setting = Setting("production", ["*"], policy=policy or Policy(), reporters=[ARGO.name], **started, **given)
    targets.set_target(registry, request(), name, "external", setting)
    return name


def versions_in_production(registry: Services, count: int) -> list[dict[str, Any]]:
    """The events of so many versions that entered production one after the other. No deployer saw them yet."""
    model(registry)
    return [moved(registry) for _ in range(count)]


def moved(registry: Services, name: str = MODEL) -> dict[str, Any]:
    """The event of a new version that entered production."""
    stages.transition(registry, request(), name, ready(registry, name).number, "production", None, None)
    return newest(registry, name)


def pointed(registry: Services, alias: str, number: int) -> dict[str, Any]:
    """The event of an alias that was pointed at a version."""
    aliases.set_alias(registry, request(), MODEL, alias, number, None, None)
    return newest(registry)


def newest(registry: Services, name: str = MODEL) -> dict[str, Any]:
    return dict(audit.list_events(registry, f"model:{name}", "newest", 1, None).items[0])


def told(registry: Services, since: int = 0) -> list[tuple[str, str | None]]:
    """The types and subjects of the events of deployments, oldest first, after a sequence."""
    events = audit.list_events(registry, f"model:{MODEL}", "oldest", 100, None).items
    return [
        (event["type"].removeprefix("deployment."), event["subject"])
        for event in events
        if event["type"].startswith("deployment.") and event["sequence"] > since
    ]


def report(registry: Services, number: int, status: str, detail: str | None = None, **more: Any) -> Deployment:
    """A report of the target's reporter, who may do nothing else."""
    given = Report(Status(status), detail, **more)
    return reporting.report(registry, Request(ARGO, "request-2"), MODEL, number, given).result


def statuses(registry: Services) -> list[str]:
    """The status of every deployment, oldest first."""
    page = deployments.list_deployments(registry, MODEL, 100, None)
    return [one.status.value for one in reversed(page.items)]


def place(registry: Services) -> Place:
    (only,) = places.places_of(registry, MODEL)
    assert only.place is not None
    return only.place


def open_for(registry: Services, event: dict[str, Any]) -> list[int | None]:
    """The numbers of the deployments that an event opened."""
    return [opened.deployment for opened in opening.open_for_event(registry, event)]


def roll_back(registry: Services) -> rolling_back.RolledBack:
    """What follows the newest event, which says that a deployment failed."""
    return rolling_back.roll_back_failed(registry, newest(registry))
