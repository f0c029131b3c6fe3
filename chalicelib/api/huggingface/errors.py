"""The registry's errors as the Hub's: a status and a code in ``X-Error-Code``, by which clients tell them apart.

https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/utils/_http.py, ``hf_raise_for_status``
"""

import json
from typing import Final

from chalice.app import Response

from chalicelib.api import problems
from chalicelib.api.arrival import Headers
from chalicelib.domain.errors import (
    AliasNotFoundError,
    FileNotInManifestError,
    ModelNotFoundError,
    PermissionDeniedError,
    RegistryError,
    VersionExpiredError,
    VersionGoneError,
    VersionNotFoundError,
    VersionNotReadyError,
)

# The first class that an error is an instance of decides. Clients know no version that is there and not ready.
_CODES: Final[tuple[tuple[type[RegistryError], int, str], ...]] = (
    (PermissionDeniedError, 403, "GatedRepo"),
    (ModelNotFoundError, 404, "RepoNotFound"),
    (FileNotInManifestError, 404, "EntryNotFound"),
    (VersionNotFoundError, 404, "RevisionNotFound"),
    (AliasNotFoundError, 404, "RevisionNotFound"),
    (VersionNotReadyError, 404, "RevisionNotFound"),
    (VersionExpiredError, 404, "RevisionNotFound"),
    (VersionGoneError, 404, "RevisionNotFound"),
)


def error_response(error: RegistryError) -> Response:
    """The Hub's answer for an error. What the Hub has no code for keeps the registry's status."""
    status, code = next(
        ((status, code) for kind, status, code in _CODES if isinstance(error, kind)), (error.status, None)
    )
    # A header holds no line break, and no more than ASCII in all clients.
    message = " ".join(error.detail.encode("ascii", "backslashreplace").decode().split())
    headers: Headers = {**problems.headers(error), "Content-Type": "application/json", "X-Error-Message": message}
    if code is not None:
        headers["X-Error-Code"] = code
    return Response(json.dumps({"error": error.detail}), headers, status)
