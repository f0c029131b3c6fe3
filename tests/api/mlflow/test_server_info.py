"""What MLflow's clients learn about the server."""

from chalicelib.aws.services import Services
from tests.api.gateway import Function
from tests.registry.mlflow.tracking.build import ADA

ME = Function(ADA)


def test_clients_are_told_to_send_bytes_to_storage(registry: Services) -> None:
    told = ME.get("/api/3.0/mlflow/server-info").document
    assert told["artifacts_presigned_only"] and told["multipart_uploads_enabled"]
    assert told["multipart_downloads_enabled"] and not told["workspaces_enabled"]
    assert Function(None).get("/api/3.0/mlflow/server-info").status == 401
