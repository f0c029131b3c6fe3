"""The Chalice app: every route and function of the registry, gathered. Importing it makes no AWS client."""

from chalice.app import Chalice

from chalicelib.api import (
    access,
    aliases,
    artifacts,
    as_of,
    audit,
    authorizer,
    cards,
    challengers,
    changes,
    checks,
    comments,
    comparison,
    contract,
    evaluations,
    lifecycle,
    models,
    requests,
    schemes,
    stages,
    tokens,
    usage,
    versions,
    webhooks,
)
from chalicelib.api.mlflow import routes as mlflow_routes
from chalicelib.reactions import functions

app = Chalice(app_name="moorage", configure_logs=False)
# What is bytes says so itself: Chalice goes by the Content-Type, and by the Accept of who asks.
app.api.binary_types = []
app.register_blueprint(authorizer.blueprint)
for resource in (
    models,
    versions,
    artifacts,
    aliases,
    stages,
    as_of,
    lifecycle,
    schemes,
    requests,
    cards,
    comments,
    changes,
    checks,
    evaluations,
    comparison,
    challengers,
    audit,
    tokens,
    access,
    webhooks,
    contract,
    usage,
):
    app.register_blueprint(resource.routes.blueprint)
app.register_blueprint(mlflow_routes.blueprint)
for blueprint in functions.blueprints():
    app.register_blueprint(blueprint)
