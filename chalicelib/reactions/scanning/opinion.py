"""Gives a second opinion on the pickles of a version that has become READY, or whose scan was asked for.

It is packed by itself, with the second scanner (infra/opinion_package.py), and deployed only if it is wanted.
"""

from typing import Any

from chalicelib.reactions.scanning.scanner import scan_asked
from chalicelib.registry.scanning.second_opinion import SECOND


def opinion(event: dict[str, Any], context: Any) -> None:
    """Read the pickles of one version. Lambda retries after a failure, as with the scanner."""
    scan_asked("opinion", SECOND, event, context)
