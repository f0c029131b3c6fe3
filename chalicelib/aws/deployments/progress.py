"""How far a deployment is that is in progress. Kept outside of the ledger, as it changes with every step."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import known_fields
from chalicelib.aws.table import Item, Table
from chalicelib.domain.deployments.deployment import Deployment, Status
from chalicelib.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Progress:
    """How an attempt stands, in a sentence and with links to pages about it.

    ``memo`` is what the steps of a driver have remembered, and ``next_at`` is when the next one makes sense.
    """

    attempt: int
    detail: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    memo: Mapping[str, str] = field(default_factory=dict)
    next_at: Instant = Instant("")


def progress_from(stored: Item) -> Progress:
    return Progress(**known_fields(Progress, document_from(stored)))


def save(table: Table, model: str, number: int, progress: Progress) -> None:
    table.put(item(keys.progress(model, number), body(asdict(progress))))


def shown(deployment: Deployment, stored: Item | None) -> Deployment:
    """The deployment with how it stands now, while it is in progress."""
    progress = None if stored is None else progress_from(stored)
    if progress is None or progress.attempt != deployment.attempt or deployment.status is not Status.IN_PROGRESS:
        return deployment
    return replace(
        deployment, detail=progress.detail or deployment.detail, links={**deployment.links, **progress.links}
    )
