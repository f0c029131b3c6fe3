"""Deployments: read and list."""

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

    Raises ModelNotFoundError.
    """
    after = None if start is None else keys.deployment(model, int(start["number"])).sort
    partition = keys.partition(model_ledger(model))
    stored, last = services.table.query(partition, keys.DEPLOYMENT_PREFIX, limit, after, newest_first=True)
    if not stored and start is None:
        model_head(services, model)
    read = [deployment_from(item) for item in stored]
    found = tuple(
        one for one in read if (target is None or one.target == target) and (status is None or one.status is status)
    )
    return Page(found, {"number": read[-1].number} if last is not None and read else None)
