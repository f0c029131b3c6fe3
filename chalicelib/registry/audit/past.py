"""Where everything pointed at a time: all pointers of one model, or one stage of all models."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

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

Move: TypeAlias = dict[str, Any]

# Of one page. A model has few pointers, but may have had many aliases that are deleted now.
_MAX_QUERIES: Final = 50
# Of one query. Most pointers have moved a few times, so that one query reads the histories of several.
_MOVES: Final = 20
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
    """Every alias, stage and target that pointed at a version at ``time``, those that are gone since among them.

    Sorted from the last name to the first: targets, then stages, then aliases. A query reads the last 20 moves, and
    the next one goes on before the last pointer among them. So there are at most as many queries as pointers, and one
    for the end. A pointer that has moved often since ``time`` may take another. Raises ModelNotFoundError.
    """
    high = keys.HISTORY_PREFIX + LAST if start is None else keys.history_prefix(str(start["before"]))
    found: list[PointerAt] = []
    queries = 0
    more = True
    while more:
        moves, more = _last_moves(services, model, high)
        queries += 1
        if start is None and queries == 1 and not moves:
            check_model(services, model)
        for pointer, of_pointer in moves.items():
            move = next((one for one in of_pointer if one["time"] <= time), None)
            at = PointerAt(pointer, time, None if move is None else move["version"], move)
            high = keys.history_prefix(pointer)
            if move is None and more and pointer == next(reversed(moves)):
                at = pointed(services, model, pointer, time)
                queries += 1
            if at.version is not None:
                found.append(at)
            if len(found) == limit or queries >= _MAX_QUERIES:
                return Page(tuple(found), {"before": pointer})
    return Page(tuple(found))


def _last_moves(services: Services, model: str, high: str) -> tuple[dict[str, list[Move]], bool]:
    """The last moves before the sort key ``high``, by pointer, newest first, and whether there are earlier ones.

    If there are, they may be moves of the last of these pointers, or of those before it.
    """
    stored, more = services.table.query_between(
        None, keys.partition(model_ledger(model)), keys.HISTORY_PREFIX, high, _MOVES, newest_first=True
    )
    moves: dict[str, list[Move]] = {}
    for item in stored:
        pointer, _ = keys.history_entry(str(item[SORT_KEY]))
        moves.setdefault(pointer, []).append(event_items.event_from(item))
    return moves, more


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
