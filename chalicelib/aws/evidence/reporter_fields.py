"""Who made a stored report: the fields that checks and evaluations share."""

from collections.abc import Mapping
from typing import Any


def reporter_fields(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the entities have them. Items of earlier releases lack them."""
    claims = stored.get("claims", {})
    return {
        "roles": tuple(stored.get("roles", ())),
        "claims": {name: tuple(values) for name, values in claims.items()},
    }
