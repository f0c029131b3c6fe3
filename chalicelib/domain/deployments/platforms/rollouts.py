"""What a target's rollout may say: how traffic moves to a new version, and which alarms end it."""

import math
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.platforms.fields import Fields

WHERE: Final = "/policy/rollout"
ALL_AT_ONCE: Final = "all_at_once"
CANARY: Final = "canary"
LINEAR: Final = "linear"
# The checked rollout that says nothing.
AT_ONCE: Final[Mapping[str, Any]] = {"shift": ALL_AT_ONCE, "alarms": [], "wait_seconds": 0}
MAX_WAIT_SECONDS: Final = 3_600
# What SageMaker's AutoRollbackConfiguration takes.
MAX_ALARMS: Final = 10
_ALARM: Final = r"[^\x00-\x1f:]{1,255}"
_LOWEST_PERCENT: Final = {CANARY: 1, LINEAR: 10}
_HIGHEST_PERCENT: Final = 50


def shifting(given: Mapping[str, Any]) -> dict[str, Any]:
    """The rollout of a target whose traffic can be shifted step by step.

    ``shift`` is ``all_at_once``, ``canary`` (``percent`` of the traffic first, then all) or ``linear`` (``percent``
    more at each step). Each step lasts ``wait_seconds``. An alarm of CloudWatch in ``alarms`` brings the old version
    back. Raises InvalidInputError.
    """
    fields = Fields(given, WHERE)
    shift = fields.choice("shift", (ALL_AT_ONCE, CANARY, LINEAR), ALL_AT_ONCE)
    rollout: dict[str, Any] = {"shift": shift, "alarms": _alarms(fields)}
    if shift == ALL_AT_ONCE:
        if "percent" in fields:
            fields.refuse("percent", f"needs the shift {CANARY} or {LINEAR}")
    else:
        rollout["percent"] = fields.whole("percent", _LOWEST_PERCENT[shift], _HIGHEST_PERCENT, 10)
    rollout["wait_seconds"] = fields.whole("wait_seconds", 0, MAX_WAIT_SECONDS, 0 if shift == ALL_AT_ONCE else 300)
    fields.end()
    return rollout


def lasting(rollout: Mapping[str, Any]) -> int:
    """For how many seconds a checked rollout that shifts traffic waits until the new version has all of it."""
    waits = math.ceil(100 / rollout["percent"]) - 1 if rollout["shift"] == LINEAR else 1
    return waits * int(rollout["wait_seconds"])


def watching(given: Mapping[str, Any]) -> dict[str, Any]:
    """The rollout of a target whose platform has its own way of shifting: only ``alarms``. Raises InvalidInputError."""
    fields = Fields(given, WHERE)
    rollout = {"alarms": _alarms(fields)}
    fields.end()
    return rollout


def nothing(given: Mapping[str, Any]) -> dict[str, Any]:
    """The rollout of a target that leaves everything to its platform: empty. Raises InvalidInputError."""
    Fields(given, WHERE).end()
    return {}


def _alarms(fields: Fields) -> list[str]:
    return fields.texts("alarms", _ALARM, "the name of an alarm of CloudWatch, not its ARN", MAX_ALARMS)
