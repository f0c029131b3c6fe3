"""A proposed scheme over a model's recorded past."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws.services import Services
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.promotion import simulation
from chalicelib.domain.promotion.simulation import Simulation
from chalicelib.domain.readings import READINGS
from chalicelib.domain.schemes.rules import check_scheme
from chalicelib.domain.schemes.scheme import scheme_from_document
from chalicelib.registry.audit.audit import list_events
from chalicelib.registry.models.models import model_head
from chalicelib.registry.promotion.stored_content import stored_content

# A replay begins at the beginning; this many events are read within a request's time.
MAX_EVENTS: Final = 5_000
_PAGE: Final = 500
# About three seconds of evaluating conditions.
_MAX_STEPS: Final = 30_000_000


def simulate(services: Services, model: str, document: Mapping[str, Any]) -> Simulation:
    """A scheme against the first 5,000 events of a model.

    Raises InvalidInputError, also if the scheme's conditions take too many steps on these events, ModelNotFoundError.
    """
    from chalicelib.registry.schemes.conditions import evaluate_within, refused

    check_scheme(document, refused)
    model_head(services, model)
    events: list[dict[str, Any]] = []
    start: dict[str, str | int] | None = None
    while len(events) < MAX_EVENTS:
        page = list_events(services, model_ledger(model), "oldest", _PAGE, start)
        events += page.items
        start = page.next_start
        if start is None:
            break
    scheme = scheme_from_document(document)
    stored = stored_content(services, model, scheme, events)
    moves = simulation.simulate(model, events, scheme, evaluate_within(_MAX_STEPS), READINGS, stored)
    return Simulation(model, moves, complete=start is None)
