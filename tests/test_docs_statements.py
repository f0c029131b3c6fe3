"""Sentences of the docs that would become false without notice."""

import re
from datetime import timedelta
from pathlib import Path

from chalicelib.domain.limits import Limits
from chalicelib.domain.webhooks.deliveries import LONGEST_PAUSE, LONGEST_RETRY_AFTER, RETRY_PAUSES
from chalicelib.registry.ledger import receipts

ROOT = Path(__file__).parents[1]


def page(name: str) -> str:
    """A page's text, its lines joined."""
    return " ".join((ROOT / "docs" / name).read_text(encoding="utf-8").split())


def test_the_page_of_events_names_every_actor_that_is_not_a_caller() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "chalicelib").rglob("*.py")]
    actors = {name for source in sources for name in re.findall(r'Principal\("([a-z:]+)", \(\)\)', source)}
    (named,) = re.findall(r"\| `actor` \|(.*?)\|", page("events.md"))
    assert actors - {"anonymous"} <= set(re.findall(r"`([^`]+)`", named))


def test_the_pauses_between_deliveries_are_those_of_the_page() -> None:
    named = "5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 3 h and 6 h"
    units = {"s": "seconds", "min": "minutes", "h": "hours"}
    found = tuple(timedelta(**{units[unit]: int(count)}) for count, unit in re.findall(r"(\d+) (s|min|h)\b", named))
    assert f"are {named}." in page("events.md")
    assert found == RETRY_PAUSES[:-1]
    assert (RETRY_PAUSES[-1] * 0.9, LONGEST_PAUSE) == (timedelta(hours=10, minutes=48), timedelta(hours=11, minutes=50))
    assert "between 10 h 48 min and 11 h 50 min" in page("events.md")
    assert timedelta(hours=1) == LONGEST_RETRY_AFTER and "at most one hour counts" in page("events.md")


def test_a_receipt_is_kept_as_long_as_the_pages_say() -> None:
    assert timedelta(hours=24) == receipts._LIFETIME
    assert "receipt is kept for 24 hours" in page("architecture.md")
    assert "registry keeps for 24 hours" in page("api.md")


def test_the_page_of_operations_has_every_limit_and_its_default() -> None:
    section = page("operations.md").split("### Limits")[1].split("## Upgrade")[0]
    rows = {name: int(value.replace(",", "")) for name, value in re.findall(r"\| `(\w+)` \| ([\d,]+) \|", section)}
    assert rows == {name: getattr(Limits(), name) for name in Limits.__dataclass_fields__}
