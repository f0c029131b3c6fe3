"""The headers of every answer. docs/security.md says which threat each one is for."""

from collections.abc import Iterable
from typing import Final

# No script, style, font or call but the registry's own, no frame around it, and no text that becomes HTML.
# ``storage`` stands for the hosts that files are uploaded to.
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'{storage}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=31536000",
}
# The name of an asset contains the hash of its content.
IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATED: Final = "no-cache"


def security(storage: Iterable[str]) -> dict[str, str]:
    """The headers that protect the pages. ``storage`` are the hosts of the bucket that pages may upload files to."""
    hosts = "".join(f" https://{host}" for host in storage)
    return {"Content-Security-Policy": _POLICY.format(storage=hosts), **_SECURITY}
