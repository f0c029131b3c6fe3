"""All ledgers with their heads, including those of deleted models."""

from chalicelib.aws import keys
from chalicelib.aws.ledger import heads
from chalicelib.aws.names import LEDGER, LEDGER_SHARD, LEDGERS, PARTITION_KEY, SORT_KEY
from chalicelib.aws.services import Services
from chalicelib.aws.table import key_of
from chalicelib.domain.audit.anchor import ChainHead
from chalicelib.registry.page import Page


def list_ledgers(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[ChainHead]:
    """Ledgers with their heads, at most 100: by shard, and within a shard by name. A page may be short.

    Takes two calls, because the index holds no heads: so writing a head does not write the index.
    """
    shard = 0 if start is None else int(start["shard"])
    index_key = {name: value for name, value in (start or {}).items() if name != "shard"}
    stored, last = services.table.query_index(LEDGERS, str(shard), limit, start=index_key or None)
    items = services.table.load([key_of(item) for item in stored]) if stored else {}
    # A head is never deleted, so each one in the index is in the table too.
    listed = []
    for item in stored:
        head = heads.head_from(items[key_of(item)])
        listed.append(ChainHead(str(item[LEDGER]), head.revision, head.hash))
    if last is not None:
        return Page(tuple(listed), {"shard": shard, **last})
    return Page(tuple(listed), {"shard": shard + 1} if shard + 1 < keys.SHARDS else None)


def after_ledger(ledger: str) -> dict[str, str | int]:
    """Where ``list_ledgers`` starts to list the ledgers after this one."""
    key, shard = keys.head(ledger), keys.shard(ledger)
    return {
        "shard": int(shard),
        PARTITION_KEY: key.partition,
        SORT_KEY: key.sort,
        LEDGER_SHARD: shard,
        LEDGER: ledger,
    }


def all_heads(services: Services) -> list[ChainHead]:
    """The head of every ledger, each at some moment during the call."""
    heads: list[ChainHead] = []
    start: dict[str, str | int] | None = None
    while True:
        page = list_ledgers(services, 100, start)
        heads += page.items
        start = page.next_start
        if start is None:
            return heads
