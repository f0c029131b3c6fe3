"""The state of every ledger compared with its events, as a test states it."""

from chalicelib.aws.services import Services
from chalicelib.registry.audit.ledgers import all_heads
from chalicelib.registry.audit.state import StateCheck, check_state

MANY = 10_000


def checks(registry: Services) -> list[StateCheck]:
    """The check of every ledger."""
    return [check_state(registry, head.ledger, MANY) for head in all_heads(registry)]


def check(registry: Services) -> None:
    """Everything stored follows from the events, and no fact is unproven."""
    for found in checks(registry):
        assert found.fault is None, found
        assert not found.differences, [*found.differences]
        assert (found.unproven, found.complete) == (0, True), found
