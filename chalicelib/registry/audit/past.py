"""Where everything pointed at a time: all pointers of one model, or one stage of all models."""

from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items
from chalicelib.aws.names import SORT_KEY
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.search.sort_keys import LAST
from chalicelib.registry.audit.history import PointerAt, pointed
from chalicelib.registry.models.existence import check_model
from chalicelib.registry.models.listing import list_models
from chalicelib.registry.page import Page

# Of one page. A model has few pointers, but may have had many aliases that are deleted now.
_MAX_QUERIES: Final = 50
# Each takes a query.
_MAX_MODELS: Final = 25


@dataclass(frozen=True, slots=True)
class ModelAt:
    """Where a pointer of a model pointed at a time."""

    model: str
    pointer: PointerAt


def pointers_as_of(
    services: Services, model: str, time: Instant, limit: int, start: dict[str, str | int] | None
) -> Page[PointerAt]:
    """Every alias and stage that pointed at a version at ``time``, those that are gone since among them.

    Sorted from the last name to the first, so that stages come before aliases. Takes a query for each pointer, and
    another for each that has moved since. Raises ModelNotFoundError.
    """
    high = keys.HISTORY_PREFIX + LAST if start is None else keys.history_prefix(str(start["before"]))
    found: list[PointerAt] = []
    queries = 0
    while True:
        # The last entry of the last pointer before those that are known.
        stored, _ = services.table.query_between(
            None, keys.partition(model_ledger(model)), keys.HISTORY_PREFIX, high, 1, newest_first=True
        )
        if not stored:
            break
        pointer, _ = keys.history_entry(str(stored[0][SORT_KEY]))
        move = event_items.event_from(stored[0])
        moved_since = move["time"] > time
        at = pointed(services, model, pointer, time) if moved_since else PointerAt(pointer, time, move["version"], move)
        queries += 1 + moved_since
        if at.version is not None:
            found.append(at)
        if len(found) == limit or queries >= _MAX_QUERIES:
            return Page(tuple(found), {"before": pointer})
        high = keys.history_prefix(pointer)
    if start is None and queries == 0:
        check_model(services, model)
    return Page(tuple(found))


def models_as_of(
    services: Services,
    principal: Principal,
    stage: str,
    time: Instant,
    limit: int,
    start: dict[str, str | int] | None,
) -> Page[ModelAt]:
    """What stood in ``stage`` at ``time``, of the models that the caller may read, by name.

    Models that were deleted since are not among them. Takes the reads of a page of models, and a query for each.
    """
    listed = list_models(services, principal, "", "name", min(limit, _MAX_MODELS), start)
    found = (ModelAt(one.name, pointed(services, one.name, f"stage:{stage}", time)) for one in listed.items)
    return Page(tuple(one for one in found if one.pointer.version is not None), listed.next_start)
