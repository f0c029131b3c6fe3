"""The registry's errors as OCI's: a status, a code and a message.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
"""

import json
from typing import Final

from chalice.app import Response

from chalicelib.api import problems
from chalicelib.api.arrival import Headers
from chalicelib.domain.errors import (
    AliasNotFoundError,
    FileNotInManifestError,
    InvalidNameError,
    ModelNotFoundError,
    PermissionDeniedError,
    QuarantinedError,
    RegistryError,
    ScanPendingError,
    UnauthenticatedError,
    VersionExpiredError,
    VersionGoneError,
    VersionNotFoundError,
    VersionNotReadyError,
)

# The first class that an error is an instance of decides. Clients know no version that is there and not ready.
_CODES: Final[tuple[tuple[type[RegistryError], int, str], ...]] = (
    (UnauthenticatedError, 401, "UNAUTHORIZED"),
    (PermissionDeniedError, 403, "DENIED"),
    (QuarantinedError, 403, "DENIED"),
    (ScanPendingError, 409, "DENIED"),
    (ModelNotFoundError, 404, "NAME_UNKNOWN"),
    (FileNotInManifestError, 404, "BLOB_UNKNOWN"),
    (VersionNotFoundError, 404, "MANIFEST_UNKNOWN"),
    (AliasNotFoundError, 404, "MANIFEST_UNKNOWN"),
    (VersionNotReadyError, 404, "MANIFEST_UNKNOWN"),
    (VersionExpiredError, 404, "MANIFEST_UNKNOWN"),
    (VersionGoneError, 404, "MANIFEST_UNKNOWN"),
    # No tag has such a name.
    (InvalidNameError, 404, "MANIFEST_UNKNOWN"),
)


def error_response(error: RegistryError) -> Response:
    """OCI's answer for an error. What OCI has no code for keeps the registry's status, and is UNSUPPORTED."""
    status, code = next(
        ((status, code) for kind, status, code in _CODES if isinstance(error, kind)), (error.status, "UNSUPPORTED")
    )
    headers: Headers = {**problems.headers(error), "Content-Type": "application/json"}
    return Response(json.dumps({"errors": [{"code": code, "message": error.detail}]}), headers, status)
