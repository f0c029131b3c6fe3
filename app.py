"""The Chalice app: every route and function of the registry, gathered. Importing it makes no AWS client."""

from chalice.app import Chalice

from chalicelib.api import authorizer
from chalicelib.api.huggingface import routes as huggingface
from chalicelib.api.mlflow import routes as mlflow
from chalicelib.api.oci import routes as oci
from chalicelib.api.serving import routes_blueprint
from chalicelib.reactions import functions

app = Chalice(app_name="moorage", configure_logs=False)
# Binary answers mark themselves. Chalice would otherwise decide by Content-Type and by the caller's Accept.
app.api.binary_types = []
app.register_blueprint(authorizer.blueprint)
app.register_blueprint(routes_blueprint())
app.register_blueprint(mlflow.blueprint)
app.register_blueprint(huggingface.blueprint)
app.register_blueprint(oci.blueprint)
for blueprint in functions.blueprints():
    app.register_blueprint(blueprint)
