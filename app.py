"""The Chalice app: every route and function of the registry, gathered. Importing it makes no AWS client."""

from chalice.app import Chalice

from chalicelib.api import authorizer, contract
from chalicelib.api.access import routes as access
from chalicelib.api.access import token_routes
from chalicelib.api.aliases import as_of_routes, challenger_routes
from chalicelib.api.aliases import routes as aliases
from chalicelib.api.audit import change_routes, usage_routes
from chalicelib.api.audit import routes as audit
from chalicelib.api.cards import comment_routes
from chalicelib.api.cards import routes as cards
from chalicelib.api.evidence import attestation_routes, check_routes, comparison_routes, evaluation_routes
from chalicelib.api.lifecycle import routes as lifecycle
from chalicelib.api.mlflow import routes as mlflow
from chalicelib.api.models import routes as models
from chalicelib.api.promotion import request_routes, stage_routes, transition_routes
from chalicelib.api.schemes import routes as schemes
from chalicelib.api.search import routes as search
from chalicelib.api.serving import blueprint_of
from chalicelib.api.versions import artifact_routes
from chalicelib.api.versions import routes as versions
from chalicelib.api.webhooks import routes as webhooks
from chalicelib.reactions import functions

app = Chalice(app_name="moorage", configure_logs=False)
# Binary answers mark themselves. Chalice would otherwise decide by Content-Type and by the caller's Accept.
app.api.binary_types = []
app.register_blueprint(authorizer.blueprint)
for resource in (
    models,
    versions,
    transition_routes,
    artifact_routes,
    aliases,
    stage_routes,
    as_of_routes,
    lifecycle,
    schemes,
    request_routes,
    cards,
    comment_routes,
    change_routes,
    check_routes,
    evaluation_routes,
    attestation_routes,
    comparison_routes,
    challenger_routes,
    search,
    audit,
    token_routes,
    access,
    webhooks,
    contract,
    usage_routes,
):
    app.register_blueprint(blueprint_of(resource.routes))
app.register_blueprint(mlflow.blueprint)
for blueprint in functions.blueprints():
    app.register_blueprint(blueprint)
