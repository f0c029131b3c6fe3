"""Finds what is due. Most runs of the keeper find nothing, so what would do it is imported when it is needed."""

from functools import partial
from typing import Final

from chalicelib import registry
from chalicelib.aws import keys
from chalicelib.aws.names import DUE
from chalicelib.aws.services import Services
from chalicelib.aws.table import key_of
from chalicelib.domain.instants import epoch_seconds
from chalicelib.registry.ledger.isolation import Run, plainly

_PAGE: Final = 100


def sweep_due(services: Services, request_id: str, run: Run = plainly) -> int:
    """Do what is due; answers how many things were done. ``run`` runs each shard, and in it each item."""
    return sum(
        run(f"due items of shard {shard}", partial(_sweep, services, shard, request_id, run))
        for shard in keys.shards_in_turn(epoch_seconds(services.clock()))
    )


def _sweep(services: Services, shard: int, request_id: str, run: Run) -> int:
    done = 0
    start: dict[str, str | int] | None = None
    while True:
        stored, start = services.table.query_index(DUE, str(shard), _PAGE, up_to=services.clock(), start=start)
        found = services.table.load([key_of(item) for item in stored]) if stored else {}
        for key, item in found.items():
            done += run(
                f"{key.partition} {key.sort}", partial(registry.lifecycle.duties.perform, services, item, request_id)
            )
        if start is None:
            return done
