"""What searches read at 100,000 versions: items, index entries and calls for a page of twenty.

The table is a stand-in held in memory (``tests.registry.search.searching``), because an emulator takes seconds for each
query at this size. What is counted is what is asked of DynamoDB. ``python -m bench.search`` prints it alone.
"""

from typing import Any, Final

from rich.table import Table

from bench import report
from bench.emulation import fresh_registry, metered
from bench.environment import leave_accounts_alone
from bench.meter import Meter
from bench.seed import seeded_version
from chalicelib.aws.search.reads import MAX_CALLS, MAX_ITEMS
from chalicelib.aws.services import Services
from chalicelib.domain.search.parser import parse_filter, parse_order
from chalicelib.domain.search.syntax import SearchQuery, Subject
from chalicelib.registry.search import search
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
    with fresh_registry() as registry:
        fill(registry)
        meter = metered(registry)
        measured = [_measured(registry, meter, *asked, most=MOST_ITEMS) for asked in SEARCHES]
        measured += [_measured(registry, meter, *asked, most=MAX_ITEMS) for asked in BROAD]
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
        "calls_budget": MAX_CALLS,
        "items": page.cost.items,
        "items_budget": most,
        "entries": page.cost.entries,
        "read_units": usage.read_units,
        "stopped_by_budget": page.stopped_by_budget,
        "kept": page.cost.items <= most and usage.dynamodb_calls <= MAX_CALLS,
    }


def shown(measured: list[dict[str, Any]]) -> Table:
    table = report.table(
        f"Searches at {VERSIONS:,} versions, a page of {PAGE}",
        *("search", "found", "calls", "of", "items", "of", "index\nentries", "read\nunits", "budget"),
    )
    for row in measured:
        fields = ("found", "calls", "calls_budget", "items", "items_budget", "entries", "read_units")
        table.add_row(row["search"], *(f"{row[field]:g}" for field in fields), report.verdict(row["kept"]))
    return table


if __name__ == "__main__":
    leave_accounts_alone()
    report.show(shown(rows()))
