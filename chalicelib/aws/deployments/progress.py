"""How far a deployment is that is in progress. Kept outside of the ledger, as it changes with every step."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT, body, document_from, item
from chalicelib.aws.ledger.codec import known_fields
from chalicelib.aws.table import Item, Table
from chalicelib.domain.deployments.deployment import Deployment, Status
from chalicelib.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Progress:
    """How an attempt stands, in a sentence and with links to pages about it.

    ``memo`` is what the steps of a driver have remembered, and ``next_at`` is when the next one makes sense.
    ``revision`` counts how often the progress of the deployment was saved.
    """

    attempt: int
    detail: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    memo: Mapping[str, str] = field(default_factory=dict)
    next_at: Instant = Instant("")
    revision: int = 0


def progress_from(stored: Item) -> Progress:
    return Progress(**known_fields(Progress, document_from(stored)))


def load(table: Table, model: str, number: int) -> Progress | None:
    stored = table.get(keys.progress(model, number))
    return None if stored is None else progress_from(stored)


def save(table: Table, model: str, number: int, progress: Progress, before: Progress | None) -> bool:
    """Put ``progress`` in the place of ``before``; answers False if another process has saved some meanwhile.

    So a process that stalled never replaces what a later step of a driver has remembered.
    """
    revision = 0 if before is None else before.revision
    attributes = {**body(asdict(replace(progress, revision=revision + 1))), "revision": revision + 1}
    condition, values = (ABSENT, None) if before is None else ("revision = :before", {":before": revision})
    return table.put(item(keys.progress(model, number), attributes), condition, values)


def shown(deployment: Deployment, stored: Item | None) -> Deployment:
    """The deployment with how it stands now, while it is in progress."""
    progress = None if stored is None else progress_from(stored)
    if progress is None or progress.attempt != deployment.attempt or deployment.status is not Status.IN_PROGRESS:
        return deployment
    return replace(
        deployment, detail=progress.detail or deployment.detail, links={**deployment.links, **progress.links}
    )
