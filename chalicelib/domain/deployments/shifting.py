"""How much of a target's traffic goes to a new version after each step of a rollout."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.platforms.rollouts import ALL_AT_ONCE, LINEAR

EVERYTHING: Final = 100


def following(rollout: Mapping[str, Any], percent: int) -> int:
    """The percentage that follows ``percent`` under a checked rollout. It is always higher, and ends at 100."""
    if rollout["shift"] == ALL_AT_ONCE:
        return EVERYTHING
    if rollout["shift"] == LINEAR:
        return min(EVERYTHING, percent + int(rollout["percent"]))
    return int(rollout["percent"]) if percent < rollout["percent"] else EVERYTHING
