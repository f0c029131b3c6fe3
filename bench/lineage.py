"""What a page of lineage reads at 1,000 and at 100,000 versions, ten steps deep, up and down.

Versions come in families of a hundred, ten generations of ten: each is based on two of the generation before and was
trained on a dataset of its family. So a walk finds the same however many families there are, and must read the same.
The table is a stand-in held in memory, with the very items that commits write, because an emulator takes seconds for
each query at this size. ``python -m bench.lineage`` prints it alone.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from rich.table import Table

from bench import report
from bench.emulation import fresh_registry, metered
from bench.environment import leave_accounts_alone
from bench.meter import Meter, Usage
from bench.seed import seeded_version
from chalicelib.aws.lineage.items import link_items
from chalicelib.aws.names import PARTITION_KEY, SORT_KEY
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.lineage.node import Kind, version_node
from chalicelib.domain.lineage.origins import registered
from chalicelib.domain.lineage.walk import MAX_DEPTH, PAGE, Direction
from chalicelib.domain.versions.version import Version
from chalicelib.registry.lineage.walking import node_lineage

SMALL: Final = 1_000
LARGE: Final = 100_000
GENERATIONS: Final = 10
WIDE: Final = 10
FAMILY: Final = GENERATIONS * WIDE
MODEL: Final = "fraud"
# A query for each node that is looked at, which are those of a page and where it begins.
MOST_CALLS: Final = PAGE + 1
# The last version of the first family, and its first.
STARTS: Final = {Direction.UP: FAMILY, Direction.DOWN: 1}


def rows() -> list[dict[str, Any]]:
    """One row a direction."""
    small, large = _measured(SMALL), _measured(LARGE)
    return [_row(direction, small[direction], large[direction]) for direction in Direction]


def _measured(versions: int) -> dict[Direction, tuple[int, int, Usage]]:
    """For each direction how many versions the first page found, of how many, and what it read."""
    with fresh_registry() as registry:
        _fill(registry, versions)
        meter = metered(registry)
        return {direction: _page(registry, meter, direction) for direction in Direction}


def _page(registry: Services, meter: Meter, direction: Direction) -> tuple[int, int, Usage]:
    start = version_node(MODEL, STARTS[direction])
    with meter.measuring() as usage:
        found = node_lineage(registry, start, [direction], MAX_DEPTH, lambda _: True, PAGE, None)
    versions = {one.node.number for one in found.page.nodes if one.node.kind is Kind.VERSION}
    return len(versions), len(_reached(STARTS[direction], direction)), usage


def _row(direction: Direction, small: tuple[int, int, Usage], large: tuple[int, int, Usage]) -> dict[str, Any]:
    found, expected, usage = large
    usages = (small[2], usage)
    same = usages[0].calls == usage.calls and usages[0].read_units == usage.read_units
    return {
        "walk": f"{direction.value}, {MAX_DEPTH} steps",
        "versions": found,
        "versions_expected": expected,
        "calls": [one.dynamodb_calls for one in usages],
        "calls_budget": MOST_CALLS,
        "read_units": [one.read_units for one in usages],
        "kept": same and found == expected and usage.dynamodb_calls <= MOST_CALLS,
    }


def _parents(number: int) -> tuple[int, ...]:
    """The two versions of the generation before that a version is based on, the same in every family."""
    family, place = divmod(number - 1, FAMILY)
    generation = place // WIDE
    if generation == 0:
        return ()
    before = range(family * FAMILY + (generation - 1) * WIDE + 1, family * FAMILY + generation * WIDE + 1)
    return tuple(before[chosen] for chosen in random.Random(place).sample(range(WIDE), 2))


def _reached(start: int, direction: Direction) -> set[int]:
    """The versions of the first family that a search of the whole family reaches."""
    numbers = range(1, FAMILY + 1)
    near = {number: set(_parents(number)) for number in numbers}
    if direction is Direction.DOWN:
        near = {number: {other for other in numbers if number in _parents(other)} for number in numbers}
    reached: set[int] = set()
    fresh = {start}
    while fresh:
        fresh = {other for number in fresh for other in near[number]} - reached
        reached |= fresh
    return reached


def _version(number: int) -> Version:
    version = seeded_version(MODEL, number)
    made_of = {
        "base_models": [{"model": MODEL, "version": parent} for parent in _parents(number)],
        "datasets": [{"name": f"family-{(number - 1) // FAMILY}"}],
    }
    return replace(version, description=replace(version.description, provenance=made_of))


def _fill(registry: Services, versions: int) -> None:
    """Answer the registry's queries for links from memory, as DynamoDB documents them."""
    partitions: dict[str, list[Item]] = defaultdict(list)
    for item in _links(versions):
        partitions[str(item[PARTITION_KEY])].append(item)
    for items in partitions.values():
        items.sort(key=lambda item: str(item[SORT_KEY]).encode())

    def answer(model: Any, params: dict[str, Any], **_: Any) -> Any:
        asked = json.loads(params["body"])
        if model.name != "Query" or asked["KeyConditionExpression"] != "#p = :p AND begins_with(#s, :s)":
            raise LookupError(f"lineage is not expected to ask for {model.name}: {asked}")
        partition, prefix = (asked["ExpressionAttributeValues"][name]["S"] for name in (":p", ":s"))
        found = [item for item in partitions[partition] if str(item[SORT_KEY]).startswith(prefix)][: asked["Limit"]]
        stored = [registry.table.put_write(item)["Put"]["Item"] for item in found]
        units = max(1, -(-sum(len(json.dumps(item)) for item in stored) // 4_096))
        return _OK, {"Items": stored, "ConsumedCapacity": {"CapacityUnits": float(units)}, "ResponseMetadata": {}}

    # Registered last, so that the meter has seen the call.
    registry.client("dynamodb").meta.events.register_last("before-call", answer, unique_id="lineage")


def _links(versions: int) -> Iterator[Item]:
    for number in range(1, versions + 1):
        yield from link_items(registered(_version(number))).values()


_OK: Final = AWSResponse("", 200, HTTPHeaders(), None)


def shown(measured: list[dict[str, Any]]) -> Table:
    table = report.table(
        f"The first page of lineage at {SMALL:,} and {LARGE:,} versions",
        *("walk", "versions\nfound", "of", "calls", "of", "read\nunits", "budget"),
    )
    for row in measured:
        table.add_row(
            row["walk"],
            f"{row['versions']}",
            f"{row['versions_expected']}",
            report.sizes(row["calls"]),
            f"{row['calls_budget']}",
            report.sizes(row["read_units"]),
            report.verdict(row["kept"]),
        )
    return table


if __name__ == "__main__":
    leave_accounts_alone()
    report.show(shown(rows()))
