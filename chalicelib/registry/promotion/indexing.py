"""Putting the open requests of earlier releases into the index of open requests."""

from chalicelib.aws import keys
from chalicelib.aws.item import BODY
from chalicelib.aws.models import items as model_items
from chalicelib.aws.promotion import request_items
from chalicelib.aws.promotion.open_requests import open_place
from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError, key_of
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.registry.ledger.contention import Attempts


def index_open_requests(services: Services, model: str) -> int:
    """Put the model's open requests, at most fifty, into the index. Returns how many were not in it.

    Raises ContentionError if others change the same requests again and again for twenty seconds.
    """
    attempts = Attempts(services.sleep)
    while True:
        try:
            return _index(services, model)
        except LostRaceError:
            attempts.wait_for_next()


def _index(services: Services, model: str) -> int:
    table = services.table
    head = table.get(keys.head(model_ledger(model)))
    numbers = () if head is None else sorted(model_items.model_from(head).open_requests)
    stored = table.load([keys.request(model, number) for number in numbers]) if numbers else {}
    writes = []
    for item in stored.values():
        place = open_place(request_items.request_from(item))
        if any(item.get(name) != value for name, value in place.items()):
            # On condition that nobody has closed the request meanwhile.
            writes.append(table.set_write(key_of(item), place, {BODY: item[BODY]}))
    if writes:
        table.transact(writes)
    return len(writes)
