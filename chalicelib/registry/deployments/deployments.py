"""Deployments: read and list."""

from collections.abc import Sequence

from chalicelib.aws import keys
from chalicelib.aws.deployments import progress
from chalicelib.aws.deployments.items import deployment_from
from chalicelib.aws.services import Services
from chalicelib.domain.deployments.deployment import Deployment, Status
from chalicelib.domain.deployments.reporting import existing
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.registry.models.models import model_head
from chalicelib.registry.page import Page


def get_deployment(services: Services, model: str, number: int) -> Deployment:
    """A deployment, and how it stands now if it is in progress, in one read. Raises DeploymentNotFoundError."""
    deployment_key, progress_key = keys.deployment(model, number), keys.progress(model, number)
    found = services.table.load([deployment_key, progress_key])
    stored = found.get(deployment_key)
    deployment = existing(model, number, None if stored is None else deployment_from(stored))
    return progress.shown(deployment, found.get(progress_key))


def list_deployments(
    services: Services,
    model: str,
    limit: int,
    start: dict[str, str | int] | None,
    target: str | None = None,
    status: Status | None = None,
) -> Page[Deployment]:
    """The deployments of a model, newest first. Of ``limit`` that are read, those of a target or status are listed.

    Those in progress say how they stand now, which takes a second read. Raises ModelNotFoundError.
    """
    after = None if start is None else keys.deployment(model, int(start["number"])).sort
    partition = keys.partition(model_ledger(model))
    stored, last = services.table.query(partition, keys.DEPLOYMENT_PREFIX, limit, after, newest_first=True)
    if not stored and start is None:
        model_head(services, model)
    read = [deployment_from(item) for item in stored]
    found = [
        one for one in read if (target is None or one.target == target) and (status is None or one.status is status)
    ]
    return Page(_as_they_stand(services, found), {"number": read[-1].number} if last is not None and read else None)


def _as_they_stand(services: Services, found: Sequence[Deployment]) -> tuple[Deployment, ...]:
    """The deployments of a model, those in progress with their progress. There is at most one on each target."""
    running = [keys.progress(one.model, one.number) for one in found if one.status is Status.IN_PROGRESS]
    stored = services.table.load(running) if running else {}
    return tuple(progress.shown(one, stored.get(keys.progress(one.model, one.number))) for one in found)
