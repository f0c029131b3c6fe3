"""Every ledger is listed with its head, whatever the page."""

from chalicelib.aws.services import Services
from chalicelib.registry.audit.ledgers import all_heads, list_ledgers
from tests.registry.build import model


def test_ledgers_are_listed_once_each_whatever_the_page(registry: Services) -> None:
    for number in range(12):
        model(registry, f"m-{number}")
    for limit in (1, 2, 100):
        found: list[str] = []
        start: dict[str, str | int] | None = {"shard": 0}
        while start is not None:
            page = list_ledgers(registry, limit, start)
            assert len(page.items) <= limit
            found += [head.ledger for head in page.items]
            start = page.next_start
        assert sorted(found) == sorted(f"model:m-{number}" for number in range(12))
    assert len(all_heads(registry)) == 12
