"""A settled decision as the writes of one transaction."""

from typing import Any, Final

from chalicelib.aws.item import ABSENT
from chalicelib.aws.ledger import event_items
from chalicelib.aws.ledger.codec import Records
from chalicelib.aws.table import Table, Write
from chalicelib.domain.ledger.late import concerned
from chalicelib.domain.ledger.settlement import Difference, Settlement

# The positions of the head and of the event among the writes of a commit.
HEAD_WRITE: Final = 0
EVENT_WRITE: Final = 1
_DECIDED_ON: Final = "revision = :revision"


def commit_writes(table: Table, records: Records, ledger: str, settlement: Settlement) -> list[Write]:
    """The head first, on condition that its revision is the one decided on; then the events; then all that changes."""
    writes = [_head_write(table, records, settlement)]
    writes += (table.put_write(event_items.event_item(ledger, event), ABSENT) for event in settlement.events)
    for identity, difference in settlement.differences.items():
        writes.append(_record_write(table, records, settlement.after, identity, difference))
    for projection in records.projections:
        following = concerned(projection, settlement.differences)
        writes += () if following is None else following(table, settlement)
    return writes


def _head_write(table: Table, records: Records, settlement: Settlement) -> Write:
    state = settlement.after
    item = records.codec(type(state)).written(state, state)
    decided_on = state.head.revision - len(settlement.events)
    if decided_on == 0:
        return table.put_write(item, ABSENT)
    return table.put_write(item, _DECIDED_ON, {":revision": decided_on})


def _record_write(
    table: Table, records: Records, state: Any, identity: tuple[Any, ...], difference: Difference
) -> Write:
    codec = records.codec(identity[0])
    if difference.after is None:
        return table.delete_write(codec.places(state.owner, *identity[1:])[0])
    return table.put_write(codec.written(state, difference.after), ABSENT if codec.once else None)
