"""The table for a call whose right depends on an item: nothing is read or written before that item was checked."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.aws.keys import Key
from chalicelib.aws.names import PARTITION_KEY, SORT_KEY
from chalicelib.aws.table import MAX_BATCH, Item, Spent, Table


class GuardedTable(Table):
    """The table of one call. ``check`` raises if the item under ``guard``, None if there is none, refuses the call.

    The item is read together with whatever the call loads first by key, so that it takes no call of its own. Before
    any other call of DynamoDB, it is read alone. It is checked each time that it is read: a change is decided on an
    item that was checked, and committed only if that has not changed.
    """

    def __init__(self, table: Table, guard: Key, check: Callable[[Item | None], None]) -> None:
        client, pauses = table._client, table._pauses  # noqa: SLF001 - a table's parts, which this is one of
        super().__init__(client, table.name, table.sealer, pauses)
        self._guard = guard
        self._check = check
        self._checked = False

    def load(self, keys: Sequence[Key], spent: "Spent | None" = None) -> dict[Key, Item]:
        if self._guard not in keys and (self._checked or len(keys) == MAX_BATCH):
            return super().load(keys, spent)
        found = super().load(list(dict.fromkeys([*keys, self._guard])), spent)
        self._judge(found.get(self._guard))
        return {key: item for key, item in found.items() if key in keys}

    def get(self, key: Key) -> Item | None:
        if key != self._guard:
            return super().get(key) if self._checked else self.load([key]).get(key)
        item = super().get(key)
        self._judge(item)
        return item

    def ensure_checked(self) -> None:
        """Check the item now, unless it was. For a call that needs nothing of the table."""
        if not self._checked:
            self.get(self._guard)

    def _patiently(self, call: Callable[..., Any], **arguments: Any) -> Any:
        if not self._asks_for_guard(arguments):
            self.ensure_checked()
        return super()._patiently(call, **arguments)

    def _judge(self, item: Item | None) -> None:
        self._check(item)
        self._checked = True

    def _asks_for_guard(self, arguments: dict[str, Any]) -> bool:
        """Whether the call reads the item, alone or among others."""
        key = {PARTITION_KEY: {"S": self._guard.partition}, SORT_KEY: {"S": self._guard.sort}}
        asked = arguments.get("RequestItems", {}).get(self.name, {}).get("Keys", [])
        return key in asked or ("UpdateExpression" not in arguments and arguments.get("Key") == key)
