"""Where the registry is served, as the browser sees it."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

# The stage variable with the registry's public URL (chalicelib/aws/names.py), if its operator set one.
PUBLIC_URL: Final = "public_url"


def prefix(event: Mapping[str, Any]) -> str:
    """The path below which the registry is served, without a slash at its end: ``/api`` on API Gateway's own domain.

    API Gateway tells the path with the stage in the context of the request, and without it in the request.
    """
    public = (event.get("stageVariables") or {}).get(PUBLIC_URL)
    if public:
        return urlsplit(str(public)).path.rstrip("/")
    whole, inner = str((event.get("requestContext") or {}).get("path") or ""), str(event.get("path") or "")
    return whole.removesuffix(inner).rstrip("/") if whole.endswith(inner) else ""
