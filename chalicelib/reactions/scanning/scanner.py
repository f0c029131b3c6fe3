"""Scans the files of a version that has become READY, or whose scan was asked for."""

from typing import Any

from chalicelib.reactions.scanning.asked_scan import scan_asked
from chalicelib.registry.scanning.engine import OWN


def scanner(event: dict[str, Any], context: Any) -> None:
    """Scan one version. Lambda retries after a failure, and the retry goes on with the files that are left."""
    scan_asked("scanner", OWN, event, context)
