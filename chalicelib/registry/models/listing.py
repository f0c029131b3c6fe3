"""Lists models: by name, or newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from chalicelib.aws import keys
from chalicelib.aws.models import items as model_items
from chalicelib.aws.names import INDEXES, MODELS_BY_CREATION, MODELS_BY_NAME
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.name_ranges import NameRange, readable_ranges
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.instants import Instant
from chalicelib.domain.models.model import Profile
from chalicelib.domain.search.sort_keys import LAST, just_after, just_before
from chalicelib.registry.access.classified import Sight, foresee
from chalicelib.registry.page import Page

Order = Literal["name", "newest"]
Start = dict[str, str | int]
# For one page. A caller with many grants has a range of names for each.
_MAX_READS: Final = 20
# When the page needs few more, but most of what is read may be hidden.
_LEAST_READ: Final = 100
# DynamoDB takes no empty bound. No name begins with a lower character.
_LOWEST: Final = "\x01"


@dataclass(frozen=True, slots=True)
class ListedModel:
    """What a list shows of a model: what rarely changes, so that lists are not rewritten by every registration."""

    name: str
    profile: Profile
    created_at: Instant
    created_by: str


def list_models(
    services: Services, principal: Principal, prefix: str, order: Order, limit: int, start: Start | None
) -> Page[ListedModel]:
    """The models that the caller may read: by name, those that begin with ``prefix``; or newest first, all.

    Eventually consistent. A page is filled unless twenty reads were not enough. So a cursor tells of more models that
    the caller may read, or of very many that it may not, in ranges that the caller's grants choose, not ``prefix``.
    """
    # A page and one more, which shows whether there is a next page.
    size = limit + 1 if principal.may_registry(Action.READ) else max(limit + 1, _LEAST_READ)
    ranges = readable_ranges(principal, prefix) if order == "name" else (NameRange(""),)
    sight = Sight(principal)
    listing = _Listing(services, order, size, None if start is None else str(start["from"]), sight)
    found: list[ListedModel] = []
    for item in listing.items(ranges):
        name = str(item["name"])
        if name.startswith(prefix) and sight(name):
            if len(found) == limit:
                return Page(tuple(found), {"from": listing.position(item)})
            found.append(_listed(item))
    return Page(tuple(found), None if listing.stopped_at is None else {"from": listing.stopped_at})


class _Listing:
    """Reads ranges of an index of models, from a sort key on. ``stopped_at`` is where to go on if reads ran out."""

    def __init__(self, services: Services, order: Order, size: int, first: str | None, sight: Sight) -> None:
        self._table = services.table
        self._index = MODELS_BY_NAME if order == "name" else MODELS_BY_CREATION
        self._backwards = order == "newest"
        self._size = size
        self._first = first
        self._sight = sight
        self._reads = 0
        self.stopped_at: str | None = None

    def position(self, item: Item) -> str:
        """The sort key of an item."""
        return str(item[INDEXES[self._index][1]])

    def items(self, ranges: Iterable[NameRange]) -> Iterator[Item]:
        for one in ranges:
            low, high = one.start or _LOWEST, one.start if one.exact else one.start + LAST
            if self._first is not None:
                low, high = (low, min(high, self._first)) if self._backwards else (max(low, self._first), high)
            yield from self._between(low, high)

    def _between(self, low: str, high: str) -> Iterator[Item]:
        more = low <= high and self.stopped_at is None
        while more:
            if self._reads == _MAX_READS:
                self.stopped_at = high if self._backwards else low
                return
            self._reads += 1
            found, more = self._table.query_between(
                self._index, keys.MODEL_LISTING, low, high, self._size, self._backwards
            )
            foresee(self._sight, (str(item["name"]) for item in found), self._table.load_all)
            yield from found
            if found and self._backwards:
                high = just_before(self.position(found[-1]))
            elif found:
                low = just_after(self.position(found[-1]))


def _listed(item: Item) -> ListedModel:
    return ListedModel(
        str(item["name"]), model_items.profile_from(item), Instant(str(item["created_at"])), str(item["created_by"])
    )
