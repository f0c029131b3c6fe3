"""When the keeper looks through a model's versions for its retention rule."""

from collections.abc import Iterable

from chalicelib.aws import keys
from chalicelib.aws.item import due, item
from chalicelib.aws.table import Table, Write
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model


def retention_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """A new rule is applied from now on, beginning with the first version. Without a rule there is nothing to do."""
    before: Model | None = settlement.before
    former = None if before is None else before.retention
    rule = settlement.after.retention
    if rule == former:
        return
    model = settlement.after.name
    key = keys.retention(model)
    if rule is None:
        yield table.delete_write(key)
    else:
        yield table.put_write(item(key, {"name": model, "after": 0, **due(model, settlement.stamp.time)}))
