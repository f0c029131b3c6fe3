"""The functions that the stack runs: their size, and what their dead letters mean to an operator."""

from dataclasses import dataclass
from typing import Final

API: Final = "api"
AUTHORIZER: Final = "authorizer"
RELAY: Final = "relay"
PROMOTER: Final = "promoter"
NOTIFIER: Final = "notifier"
SENDER: Final = "sender"
INTAKE: Final = "intake"
KEEPER: Final = "keeper"
ANCHORER: Final = "anchorer"
USAGE: Final = "usage"


@dataclass(frozen=True, slots=True)
class Workload:
    """One function. ``resource`` is the logical id that Chalice gives it."""

    resource: str
    timeout_seconds: int
    memory_megabytes: int
    dead_letters: str | None = None


WORKLOADS: Final = {
    # API Gateway gives up after 29 seconds: answer before it does.
    API: Workload("APIHandler", timeout_seconds=28, memory_megabytes=1024),
    AUTHORIZER: Workload("Authorizer", timeout_seconds=28, memory_megabytes=512),
    RELAY: Workload(
        "Relay",
        timeout_seconds=60,
        memory_megabytes=512,
        dead_letters="Stream records did not reach the bus. The keeper re-emits their events from the "
        "outbox; find the cause in the relay's log, then purge the queue.",
    ),
    PROMOTER: Workload(
        "Promoter",
        timeout_seconds=60,
        memory_megabytes=512,
        dead_letters="Automatic promotions failed. Find the cause in the promoter's log, then replay the "
        "events in the queue from the bus archive.",
    ),
    NOTIFIER: Workload(
        "Notifier",
        timeout_seconds=60,
        memory_megabytes=512,
        dead_letters="Events were not turned into webhook deliveries. Find the cause in the notifier's log, "
        "then replay the events in the queue from the bus archive.",
    ),
    SENDER: Workload(
        "Sender",
        timeout_seconds=120,
        memory_megabytes=512,
        dead_letters="Webhook deliveries failed for good. Read the webhook's delivery log, tell its owner, "
        "and redeliver over the API once the receiver works.",
    ),
    # Lambda's longest, and memory for the most of its network: the bytes of large files are read once, to be hashed.
    INTAKE: Workload(
        "Intake",
        timeout_seconds=900,
        memory_megabytes=1769,
        dead_letters="Versions were not given the files that they were registered with. Find the cause in the intake "
        "function's log, then invoke it with the event of each message in the queue, before the version expires "
        "(upload_window_hours); one that has expired is to be registered again.",
    ),
    KEEPER: Workload(
        "Keeper",
        timeout_seconds=240,
        memory_megabytes=512,
        dead_letters="Housekeeping runs failed. Find the cause in the keeper's log; the next run takes up "
        "what this one left.",
    ),
    # Measured: docs/operations.md says how many ledgers fit.
    ANCHORER: Workload(
        "Anchorer",
        timeout_seconds=600,
        memory_megabytes=1024,
        dead_letters="The audit trail was not anchored. Find the cause in the anchorer's log, then invoke the function "
        "with an empty event; the chain of anchors goes on from the last one written.",
    ),
    USAGE: Workload(
        "Usage",
        timeout_seconds=60,
        memory_megabytes=512,
        dead_letters="Uses of versions were not counted. Find the cause in the usage function's log, then invoke it "
        "with the requestPayload of each message in the queue.",
    ),
}
