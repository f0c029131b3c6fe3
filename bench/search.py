"""What searches read at 100,000 versions: items, index entries and calls for a page of twenty.

The table is a stand-in held in memory (``tests.registry.search.searching``), because an emulator takes seconds for each
query at this size. What is counted is what is asked of DynamoDB. ``python -m bench.search`` prints it alone.
"""

import os
from typing import Any, Final

from moto import mock_aws
from rich.console import Console
from rich.table import Table

from bench.meter import Meter
from bench.seed import seeded_version
from chalicelib.aws.search.reads import MAX_CALLS, MAX_ITEMS
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.search.parser import parse_filter, parse_order
from chalicelib.domain.search.syntax import SearchQuery, Subject
from chalicelib.registry.search import search
from tests.aws_resources import create_resources
from tests.registry.search.searching import Shelf

VERSIONS: Final = 100_000
MODELS: Final = 20
PAGE: Final = 20
# What a page of twenty may read of things, whatever the size; the rest is entries of keys.
MOST_ITEMS: Final = PAGE + 2

SEARCHES: Final = (
    ("", ""),
    ("", "created_at DESC"),
    ("", "metrics.auc DESC"),
    ("tags.team = 'risk'", "name"),
    ("tags.team = 'risk'", "tags.team DESC"),
    ("run_id = 'run-7'", ""),
    ("stage = 'development'", "name"),
    ("name LIKE 'model-1%'", "name"),
    ("name = 'model-3'", ""),
    ("name = 'model-3'", "version DESC"),
    ("name = 'model-3' AND metrics.auc > 0.5", "metrics.auc DESC"),
    ("metrics.auc > 0.5", "metrics.auc"),
    ("updated_at < '2026-01-01T12:00:00Z'", "updated_at"),
)
# Few or none hold these conditions, and no index answers them: they stop at the budget.
BROAD: Final = (("label = '1.0.0'", ""), ("tags.team = 'risk' AND description CONTAINS 'x'", "updated_at"))


def rows() -> list[dict[str, Any]]:
    """One row a search, on a fresh registry."""
    with mock_aws():
        os.environ |= create_resources()
        reset_services()
        registry = services()
        fill(registry)
        meter = Meter(None, registry.table.name)
        meter.attach(registry.client("dynamodb"))
        measured = [_measured(registry, meter, *asked, most=MOST_ITEMS) for asked in SEARCHES]
        measured += [_measured(registry, meter, *asked, most=MAX_ITEMS) for asked in BROAD]
        reset_services()
    return measured


def fill(registry: Services) -> None:
    shelf = Shelf(registry)
    for number in range(VERSIONS):
        shelf.put_version(seeded_version(f"model-{number % MODELS}", number // MODELS + 1))


def _measured(registry: Services, meter: Meter, where: str, order: str, most: int) -> dict[str, Any]:
    query = SearchQuery(parse_filter(where, Subject.VERSIONS), parse_order(order, Subject.VERSIONS))
    with meter.measuring() as usage:
        page = search.search_versions(registry, query, PAGE, None, lambda _: True)
    return {
        "search": " ".join(part for part in (where, order and f"ORDER BY {order}") if part) or "(everything)",
        "found": len(page.items),
        "calls": usage.dynamodb_calls,
        "items": page.cost.items,
        "entries": page.cost.entries,
        "read_units": usage.read_units,
        "stopped_by_budget": page.stopped_by_budget,
        "kept": page.cost.items <= most and usage.dynamodb_calls <= MAX_CALLS,
    }


def shown(measured: list[dict[str, Any]]) -> Table:
    table = Table(title=f"Searches at {VERSIONS:,} versions, a page of {PAGE}")
    for column in ("search", "found", "calls", "items", "index entries", "read units", "budget"):
        table.add_column(column, justify="left" if column == "search" else "right")
    for row in measured:
        figures = (f"{row[field]:g}" for field in ("found", "calls", "items", "entries", "read_units"))
        table.add_row(row["search"], *figures, "kept" if row["kept"] else "[bold red]broken[/]")
    return table


if __name__ == "__main__":
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    Console().print(shown(rows()))
