"""Matching all versions in use again, turn by turn, after another index was made current."""

from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.correlation import correlated
from chalicelib.aws.item import BODY
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.vulnerabilities.index_items import UNCHANGED, rematch_from, rematch_item
from chalicelib.domain.access.principal import ANY_MODEL, Grant, Principal, Role
from chalicelib.domain.errors import NotFoundError, RegistryError, VersionNotReadyError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex
from chalicelib.domain.vulnerabilities.in_use import versions_in_use
from chalicelib.domain.vulnerabilities.rematch import Rematch
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.models.listing import list_models
from chalicelib.registry.models.models import model_heads
from chalicelib.registry.vulnerabilities.assessing import MATCHER, assess_version
from chalicelib.registry.vulnerabilities.indexes import find_current

# Models between two records of how far a rematch has come.
_PAGE: Final = 25
# A run of the keeper has four minutes for everything that is due.
_TURN_SECONDS: Final = 45.0
_PAUSE: Final = timedelta(minutes=10)
_READER: Final = Principal(MATCHER.name, (Grant(Role.VIEWER, ANY_MODEL),))


def take_turn(services: Services, ecosystem: str) -> int:
    """Match the versions in use of the next models; answers how many were matched.

    A turn that dies is taken again from where it was last recorded, which changes nothing twice. When yet another index
    is made current, its own rematch takes the place of this one, which then ends without a word.
    """
    ends = services.monotonic() + _TURN_SECONDS
    done = 0
    stored = services.table.get(keys.rematch(ecosystem))
    current = find_current(services, ecosystem)
    while stored is not None and current is not None:
        rematch = rematch_from(stored)
        start: dict[str, str | int] | None = None if rematch.after is None else {"from": rematch.after}
        page = list_models(services, _READER, "", "name", _PAGE, start)
        with correlated(rematch.correlation_id):
            gone = rematch
            for model in model_heads(services, [listed.name for listed in page.items]).values():
                gone = _with_model(services, gone, model, current)
        done += gone.done - rematch.done
        further = _further(services, gone, page.next_start)
        recorded = services.table.put(further, UNCHANGED, {":read": stored[BODY]})
        if not recorded or page.next_start is None or services.monotonic() >= ends:
            return done
        stored = further
    return done


def _further(services: Services, gone: Rematch, next_start: dict[str, str | int] | None) -> Item:
    """The item of the rematch after a page: it goes on, begins anew for what failed, or has ended."""
    now = services.clock()
    if next_start is not None:
        return rematch_item(gone.on_from(str(next_start["from"])), now)
    again = gone.again()
    return rematch_item(gone, None) if again is None else rematch_item(again, later(now, _PAUSE))


def _with_model(services: Services, rematch: Rematch, model: Model, current: CurrentIndex) -> Rematch:
    request = Request(MATCHER, rematch.cause)
    for number in versions_in_use(model):
        try:
            assess_version(services, request, model.name, number, current, Trigger.KEEPER)
            rematch = rematch.with_done()
        except (NotFoundError, VersionNotReadyError):
            continue  # deleted meanwhile, or still waiting for its files
        except RegistryError as error:
            # Whoever else writes to the model was faster for too long. It is gone through again.
            log_line("rematch_failed", model=model.name, version=number, error=error.code, request_id=rematch.cause)
            rematch = rematch.with_missed()
    return rematch
