"""The functions of the stack: their sizes, and what an operator should do about their dead letters."""

from dataclasses import dataclass
from typing import Final

API: Final = "api"
AUTHORIZER: Final = "authorizer"
RELAY: Final = "relay"
PROMOTER: Final = "promoter"
NOTIFIER: Final = "notifier"
SENDER: Final = "sender"
INTAKE: Final = "intake"
SIGNER: Final = "signer"
DEPLOYER: Final = "deployer"
KEEPER: Final = "keeper"
ANCHORER: Final = "anchorer"
USAGE: Final = "usage"
SCANNER: Final = "scanner"
QUARANTINE: Final = "quarantine"


@dataclass(frozen=True, slots=True)
class Workload:
    """One function. ``resource`` is its logical id in Chalice's template.

    ``dead_letters`` says what an operator should do about them, as the alarm does. None: it has no such queue.
    """

    resource: str
    timeout_seconds: int
    memory_megabytes: int
    dead_letters: str | None = None


WORKLOADS: Final = {
    # API Gateway gives up after 29 seconds; the function must answer before that.
    API: Workload("APIHandler", timeout_seconds=28, memory_megabytes=1024),
    AUTHORIZER: Workload("Authorizer", timeout_seconds=28, memory_megabytes=512),
    RELAY: Workload(
        "Relay",
        timeout_seconds=60,
        memory_megabytes=512,
        dead_letters="Stream records did not reach the bus. The keeper sends their events again from the "
        "outbox. Find the cause in the relay's log, then purge the queue.",
    ),
    PROMOTER: Workload(
        "Promoter",
        timeout_seconds=60,
        memory_megabytes=512,
        dead_letters="Automatic promotions failed. Find the cause in the promoter's log, then re-drive the "
        "queue: make ops STAGE=... OPS='redrive promoter'.",
    ),
    NOTIFIER: Workload(
        "Notifier",
        timeout_seconds=60,
        memory_megabytes=512,
        dead_letters="Events were not turned into webhook deliveries. Find the cause in the notifier's log, "
        "then re-drive the queue: make ops STAGE=... OPS='redrive notifier'.",
    ),
    SENDER: Workload(
        "Sender",
        timeout_seconds=120,
        memory_megabytes=512,
        dead_letters="Webhook deliveries failed for good. Read the webhook's delivery log, tell its owner, "
        "and once the receiver works, re-drive the queue: make ops STAGE=... OPS='redrive sender'.",
    ),
    # Lambda's longest timeout, and enough memory for full network speed: it reads large files once, to hash them.
    INTAKE: Workload(
        "Intake",
        timeout_seconds=900,
        memory_megabytes=1769,
        dead_letters="The files of registered versions were not copied. Find the cause in the intake function's log, "
        "then re-drive the queue (make ops STAGE=... OPS='redrive intake') before the version expires "
        "(upload_window_hours). Register expired versions again.",
    ),
    # It reads large files once, to hash them, as intake does.
    SIGNER: Workload(
        "Signer",
        timeout_seconds=900,
        memory_megabytes=1769,
        dead_letters="Versions that became READY were not signed, or moves of versions were not stated. Find the cause "
        "in the signer's log, then re-drive the queue: make ops STAGE=... OPS='redrive signer'. If a file has another "
        "SHA-256 than was declared, its version must not be used: lock it, and find out who registered it. If the "
        "ledger does not have an event, somebody else put it on the bus: moorage audit verify.",
    ),
    DEPLOYER: Workload(
        "Deployer",
        timeout_seconds=60,
        memory_megabytes=512,
        dead_letters="Moves did not open deployments, failed ones were not rolled back, or steps failed. Find the "
        "cause in the deployer's log, then re-drive the queue: make ops STAGE=... OPS='redrive deployer'. A deployment "
        "without steps is given up when its time is over.",
    ),
    KEEPER: Workload(
        "Keeper",
        timeout_seconds=240,
        memory_megabytes=512,
        dead_letters="Something that was due could not be done. The log lines duty_failed of the keeper name it. The "
        "rest was done, and the next run tries again. Remove the cause, then purge the queue.",
    ),
    # Measured; docs/operations.md has the figures.
    ANCHORER: Workload(
        "Anchorer",
        timeout_seconds=600,
        memory_megabytes=1024,
        dead_letters="The audit trail was not anchored. Find the cause in the anchorer's log, then invoke the function "
        "with an empty event. The chain of anchors continues from the last one.",
    ),
    USAGE: Workload(
        "Usage",
        timeout_seconds=60,
        memory_megabytes=512,
        dead_letters="Uses of versions were not counted. Find the cause in the usage function's log, then re-drive "
        "the queue: make ops STAGE=... OPS='redrive usage'.",
    ),
    # Lambda's longest timeout, and one whole processor: a pickle is read opcode by opcode.
    SCANNER: Workload(
        "Scanner",
        timeout_seconds=900,
        memory_megabytes=1769,
        dead_letters="Versions were not scanned, or what was found was not judged, so they stay in quarantine. Find "
        "the cause in the logs of the functions scanner, opinion and quarantine, then re-drive the queue: make ops "
        "STAGE=... OPS='redrive scanner'. Without that, and for second opinions, the keeper asks for each scan again "
        "after an hour.",
    ),
    # What it fails at goes to the scanner's queue: both have the same cure.
    QUARANTINE: Workload("Quarantine", timeout_seconds=60, memory_megabytes=512),
}
