"""What MLflow's clients learn about the server."""

from chalicelib.aws.services import Services
from tests.api.gateway import Function
from tests.registry.mlflow.tracking.build import ADA

ME = Function(ADA)


def test_clients_are_told_to_send_bytes_to_storage(registry: Services) -> None:
    info = ME.get("/api/3.0/mlflow/server-info").document
    assert info["artifacts_presigned_only"] and info["multipart_uploads_enabled"]
    assert info["multipart_downloads_enabled"] and not info["workspaces_enabled"]
    assert Function(None).get("/api/3.0/mlflow/server-info").status == 401
