"""What targets say that they serve, as last said. Kept outside of the ledger: most of it is no news."""

from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.table import Item, Table
from chalicelib.domain.deployments.place import Serving
from chalicelib.domain.instants import Instant

# In place of the number of a version: the target serves none.
_NOTHING: Final = 0
_NOT_LATER: Final = "attribute_not_exists(seen_at) OR seen_at <= :at"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a target said that it serves, and when it said so last. A silent target shows by ``seen_at``."""

    serving: Serving
    seen_at: Instant


def heartbeat_from(stored: Item) -> Heartbeat:
    version = int(stored["version"])
    serving = Serving(
        version=None if version == _NOTHING else version,
        digest=str(stored["digest"]),
        since=Instant(str(stored["since"])),
        by=str(stored["said_by"]),
    )
    return Heartbeat(serving, Instant(str(stored["seen_at"])))


def target_of(stored: Item) -> str:
    """The target that said it."""
    return str(stored["target"])


def forget(table: Table, model: str, target: str) -> None:
    """Drop what a target said of a model. There may be nothing."""
    table.transact([table.drop_write(keys.heartbeat(model, target))])


def save(table: Table, model: str, target: str, heartbeat: Heartbeat) -> None:
    """Keep a heartbeat, unless a later one was kept meanwhile."""
    serving = heartbeat.serving
    attributes: Item = {
        "target": target,
        "version": serving.version or _NOTHING,
        "digest": serving.digest,
        "since": serving.since,
        "said_by": serving.by,
        "seen_at": heartbeat.seen_at,
    }
    table.put(item(keys.heartbeat(model, target), attributes), _NOT_LATER, {":at": heartbeat.seen_at})
