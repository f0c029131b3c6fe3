"""What clients ask before they upload: how this server takes files."""

from typing import Any

from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.parameters import Parameters


def get(_: MlflowCall, __: Parameters) -> dict[str, Any]:
    """The server's abilities. ``artifacts_presigned_only`` makes clients from 3.18 on send all bytes to storage."""
    return {
        "artifacts_presigned_only": True,
        "multipart_uploads_enabled": True,
        "multipart_downloads_enabled": True,
        "workspaces_enabled": False,
        "trace_archival_enabled": False,
        "store_type": "SqlStore",
    }
