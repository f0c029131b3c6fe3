"""A registry for MLflow's clients: new models have the scheme with MLflow's four stages."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.registry.schemes import saving
from tests.api.mlflow.calling import Mlflow
from tests.registry.build import request


@pytest.fixture
def mlflow(registry: Services) -> Mlflow:
    """An administrator with MLflow's client."""
    saving.set_default(registry, request(), "standard")
    return Mlflow()
