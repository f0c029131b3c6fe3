"""Overviews over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call
from chalicelib.api.overviews.presenters import (
    model_overview_document,
    model_overview_revision,
    version_overview_document,
)
from chalicelib.api.overviews.schemas import ModelOverviewView, VersionOverviewView
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("overviews")


@routes.get("/v1/models/{model}/overview", Action.READ, answers={200: ModelOverviewView})
def get_model_overview(call: Call, model: str) -> Answer:
    """Show a model at a glance: its stages, champion and challenger, open requests and card."""
    overview = registry.overviews.model_overview.get_model_overview(call.services, model)
    return Answer(model_overview_document(overview), revision=model_overview_revision(overview))


@routes.get("/v1/models/{model}/versions/{version}/overview", Action.READ, answers={200: VersionOverviewView})
def get_version_overview(call: Call, model: str, version: str) -> Answer:
    """Show a version at a glance: its evidence, its open requests, and how it differs from the champion."""
    now = call.services.clock()
    overview = registry.overviews.version_overview.get_version_overview(call.services, model, version)
    # No ETag: whether a check is valid changes with time alone.
    return Answer(version_overview_document(overview, now))
