"""Deployments of a model over HTTP."""

import re
from typing import Final

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of, whole_list
from chalicelib.api.deployments.presenters import deployment_document, place_document
from chalicelib.api.deployments.schemas import (
    Deploy,
    DeploymentView,
    ListDeployments,
    PlaceView,
    ReportStatus,
    Retry,
)
from chalicelib.api.document import ItemsView, PageView
from chalicelib.api.route import Routes, Scope
from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import InvalidNameError

routes = Routes("deployments")

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@routes.post("/v1/models/{model}/deployments", Action.DEPLOY, answers={201: DeploymentView})
def deploy(call: Call, model: str, body: Deploy) -> Answer:
    """Open a deployment by hand, of a version that the target's stage or alias allows."""
    opened = registry.deployments.opening.deploy(
        call.services, call.change(), model, body.target, str(body.version), body.reason
    )
    return changed(opened, deployment_document, revision_of, 201)


@routes.get("/v1/models/{model}/deployments", Action.READ, answers={200: PageView[DeploymentView]})
def list_deployments(call: Call, model: str, query: ListDeployments) -> Answer:
    """List a model's deployments, newest first. The limit counts the deployments that are read."""
    page = registry.deployments.deployments.list_deployments(
        call.services, model, query.limit, call.start(query), query.target, query.wanted()
    )
    return call.listing(page, deployment_document)


@routes.get("/v1/models/{model}/deployments/{deployment}", Action.READ, answers={200: DeploymentView})
def get_deployment(call: Call, model: str, deployment: str) -> Answer:
    """Show a deployment."""
    found = registry.deployments.deployments.get_deployment(call.services, model, _number(deployment))
    return Answer(deployment_document(found), revision=found.revision)


@routes.post("/v1/models/{model}/deployments/{deployment}/retry", Action.DEPLOY, answers={200: DeploymentView})
def retry_deployment(call: Call, model: str, deployment: str, body: Retry) -> Answer:
    """Try a deployment again that failed."""
    again = registry.deployments.opening.retry(call.services, call.change(), model, _number(deployment), body.reason)
    return changed(again, deployment_document, revision_of)


@routes.put("/v1/models/{model}/deployments/{deployment}/status", scope=Scope.ANYONE, answers={200: DeploymentView})
def report_deployment(call: Call, model: str, deployment: str, body: ReportStatus) -> Answer:
    """Report how a deployment stands: for who may deploy the model, and the target's reporters."""
    reported = registry.deployments.reporting.report(
        call.services, call.change(), model, _number(deployment), body.report()
    )
    return changed(reported, deployment_document, revision_of)


@routes.get("/v1/models/{model}/targets", Action.READ, answers={200: ItemsView[PlaceView]})
def list_model_targets(call: Call, model: str) -> Answer:
    """List where a model is deployed, what is wanted there and what is served."""
    return whole_list(registry.deployments.places.places_of(call.services, model), place_document)


@routes.delete("/v1/models/{model}/targets/{target}", Action.DEPLOY, answers={204: None})
def withdraw_model(call: Call, model: str, target: str) -> Answer:
    """Take a model off a target. Nothing changes on the target itself."""
    return gone(registry.deployments.withdrawing.withdraw(call.services, call.change(), model, target))


def _number(deployment: str) -> int:
    """The number of a deployment from its path. Raises InvalidNameError."""
    if not _NUMBER.fullmatch(deployment):
        raise InvalidNameError(f"{deployment!r} is not the number of a deployment.")
    return int(deployment)
