"""Changing registry-wide records: tokens, roles, grants, trusts, webhooks, schemes."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from chalicelib.aws.keys import Key
from chalicelib.aws.registry_records import REGISTRY_RECORDS
from chalicelib.aws.services import Services
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, Stamp
from chalicelib.registry.ledger.commit import Changed, Ledger, Request, change, reading_more
from chalicelib.registry.ledger.snapshot import Snapshot

R = TypeVar("R")

_LEDGER: Final = Ledger(REGISTRY_LEDGER, "", RegistryState, REGISTRY_RECORDS)


def change_registry(
    services: Services,
    request: Request,
    decide: Callable[[Snapshot, Stamp], Outcome[R]],
    recall: Callable[[str], R],
    asked: Sequence[Key] = (),
    more: Callable[[Snapshot], Sequence[Key]] | None = None,
) -> Changed[R]:
    """Change registry-wide records: one read of ``asked``, one decision, one transaction.

    ``more`` names keys that are known only from the first read, for a second one.
    """
    return change(services, request, _LEDGER, asked, reading_more(services, more), decide, recall)


def loaded_state(snapshot: Snapshot) -> RegistryState:
    """The registry's state; that of a registry in which nothing was changed yet is empty."""
    return snapshot.get(RegistryState) or RegistryState()
