"""Links of lineage to items and back.

What a node comes from is one item for each source, because it is stated together and read together. What came of a node
is an item for each link, because each is written with another node.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Codec
from chalicelib.aws.table import Item, Table, Write, key_of
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.evidence.evaluation import Evaluations
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.record import Record
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.lineage import origins
from chalicelib.domain.lineage.link import Link, LinkType, Source, Statement
from chalicelib.domain.lineage.node import Node
from chalicelib.domain.lineage.stated import Origins
from chalicelib.domain.lineage.walk import Edge
from chalicelib.domain.versions.version import Version

# How what a record says of lineage is read off it. The first argument is the name of the ledger's owner.
_READ_OFF: Final[dict[type[Record], Callable[[str, Any], Statement]]] = {
    Version: lambda _, version: origins.registered(version),
    Evaluations: origins.evaluated,
    Place: origins.served,
    Origins: lambda _, stated: stated.statement,
}


def statement_of(owner: str, record: Record) -> Statement:
    """What a record of a ledger says of lineage. Raises KeyError for one that says nothing."""
    return _READ_OFF[type(record)](owner, record)


def link_items(statement: Statement | None) -> dict[Key, Item]:
    """The items that hold a statement: one beside its node, one beside each origin from which the node is found."""
    if statement is None or not statement.links:
        return {}
    node, source = statement.node, statement.source
    own = body({"node": node.stored(), "links": [_stored(link) for link in statement.links]})
    found = [item(keys.link_out(node.id, source.value), own)]
    for link in statement.listed_links:
        key = keys.link_in(link.origin.id, link.type.value, source.value, node.id)
        found.append(item(key, body({"node": node.stored(), "link": _stored(link)})))
    return {key_of(one): one for one in found}


def lineage_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Write the links that differ, of every record that is saved."""
    owner = settlement.after.owner
    for kind in _READ_OFF:
        for difference in settlement.of(kind):
            if kind is Version and origins.say_the_same(difference.before, difference.after):
                continue
            before, after = (
                link_items(None if record is None else statement_of(owner, record))
                for record in (difference.before, difference.after)
            )
            # What an earlier release saved has no items yet, so that there may be nothing to delete.
            yield from (table.drop_write(key) for key in before.keys() - after.keys())
            yield from (table.put_write(one) for key, one in after.items() if before.get(key) != one)


def edges_from(stored: Item) -> Iterator[Edge]:
    """The edges of an item: those of its node from one source, or the one to the origin beside which it lies."""
    document = document_from(stored)
    node, sort = Node.from_stored(document["node"]), key_of(stored).sort.split("#")
    if sort[0] == "OUT":
        yield from (Edge(node, _link_from(link), Source(sort[2])) for link in document["links"])
    else:
        yield Edge(node, _link_from(document["link"]), Source(sort[3]))


def _stored(link: Link) -> list[Any]:
    return [link.type.value, link.origin.stored(), link.since, link.relation]


def _link_from(stored: list[Any]) -> Link:
    link_type, origin, since, relation = stored
    return Link(LinkType(link_type), Node.from_stored(origin), Instant(since), relation)


def _origins_item(owner: str, stated: Origins) -> Item:
    document = {"node": stated.node.stored(), "links": [_stored(link) for link in stated.links]}
    return item(keys.stated_origins(owner, stated.node.id), body(document))


def origins_from(stored: Item) -> Origins:
    document = document_from(stored)
    return Origins(Node.from_stored(document["node"]), tuple(map(_link_from, document["links"])))


CODECS: Final = (
    Codec(
        Origins,
        lambda owner, node_id: (keys.stated_origins(owner, node_id),),
        lambda state, stated: _origins_item(state.owner, stated),
        origins_from,
        prefix=keys.LINEAGE_PREFIX,
    ),
)
