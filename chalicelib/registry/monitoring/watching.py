"""Looking whether a monitor has fallen silent, when the time has come."""

from chalicelib.aws.monitoring.watch_items import Watch, watch_from, watch_item
from chalicelib.aws.names import DUE_AT, PARTITION_KEY
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.monitoring.verdict import Verdict
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.monitoring.reconsidering import MONITORING, reconsider_monitor


def look(services: Services, stored: Item, request_id: str) -> int:
    """Judge a monitor whose time has come; answers how many verdicts changed.

    While windows come, this is all that silence costs: a look each time that the newest one known becomes too old. It
    also judges windows whose reporter's request died before they were judged.
    """
    watch = watch_from(stored)
    found = reconsider_monitor(services, Request(MONITORING, request_id), watch.model, watch.monitor, watch)
    # A silence ends when a window comes. Without a version none can, but there may be a version again.
    if found is not None and (found.version is None or found.monitor.standing.verdict is not Verdict.SILENT):
        expected = Watch(watch.model, watch.monitor, found.version, found.heard_at)
        again = watch_item(expected, found.monitor.definition.silent_at(found.heard_at))
        # Unless the monitor was deleted meanwhile, or watched anew.
        unchanged = f"attribute_exists({PARTITION_KEY}) AND {DUE_AT} = :was"
        services.table.put(again, unchanged, {":was": stored[DUE_AT]})
    return 0 if found is None else int(found.committed)
