"""Replaying events of a time from the bus's archive to one function."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from tools.ops.parts import ARCHIVE, Parts
from tools.stack import ToolFailure

POLL_SECONDS: Final = 5
_UNDER_WAY: Final = ("STARTING", "RUNNING", "CANCELLING")
COMPLETED: Final = "COMPLETED"


@dataclass(frozen=True, slots=True)
class Span:
    """The time whose events are replayed: from ``since`` on, before ``until``. Both are in UTC."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since >= self.until:
            raise ToolFailure(f"--since {self.since.isoformat()} is not before --until {self.until.isoformat()}.")


def replay(
    function: str, span: Span, parts: Parts, events: Any, sleep: Callable[[float], None], say: Callable[[str], None]
) -> str:
    """Let EventBridge replay the events of ``span`` to the rule of one function, and wait. Answers its last state.

    Only that rule gets them; rules that others added to the bus do not. An interrupted wait does not end the replay.
    Running it again with the same arguments waits for the same replay. Raises ToolFailure.
    """
    archive = _archive(parts, events)
    bus = archive["EventSourceArn"].rpartition("/")[2]
    rule = events.describe_rule(Name=parts.rule(function), EventBusName=bus)
    # At most 64 characters of letters, digits, ".", "-" and "_".
    name = f"moorage-{function}-{span.since:%Y%m%dT%H%M%S}-{span.until:%Y%m%dT%H%M%S}"
    try:
        events.start_replay(
            ReplayName=name,
            Description=f"Moorage events for the {function}",
            EventSourceArn=archive["ArchiveArn"],
            EventStartTime=span.since,
            EventEndTime=span.until,
            Destination={"Arn": archive["EventSourceArn"], "FilterArns": [rule["Arn"]]},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise
        say(f"The replay {name} was started before.")
    return _watched(name, events, sleep, say)


def _archive(parts: Parts, events: Any) -> dict[str, Any]:
    try:
        name = parts.named(ARCHIVE)
    except ToolFailure as failure:
        raise ToolFailure("The stack has no archive: it was deployed with archive_days=0.") from failure
    return dict(events.describe_archive(ArchiveName=name))


def _watched(name: str, events: Any, sleep: Callable[[float], None], say: Callable[[str], None]) -> str:
    """Say how far the replay has come whenever that changes, until it has ended."""
    said = ""
    while True:
        found = events.describe_replay(ReplayName=name)
        state, reached = str(found["State"]), found.get("EventLastReplayedTime")
        line = f"{name}: {state}" + (f", replayed up to {reached.isoformat()}" if reached else "")
        if line != said:
            say(line)
            said = line
        if state not in _UNDER_WAY:
            if reason := found.get("StateReason"):
                say(str(reason))
            return state
        sleep(POLL_SECONDS)
