"""The Chalice app: every route and function of the registry, gathered. Importing it makes no AWS client."""

from chalice import Chalice

from chalicelib.api import authorizer, models

app = Chalice(app_name="moorage", configure_logs=False)
app.api.binary_types = []
app.register_blueprint(authorizer.blueprint)
for module in (models,):
    app.register_blueprint(module.routes.blueprint)
