"""Callers whose grants are limited to some classifications of models.

The classification is in the head of a model. Only callers whose right hinges on it pay for reading it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TypeAlias

from chalicelib.aws import keys
from chalicelib.aws.access.guarded_table import GuardedTable
from chalicelib.aws.keys import Key
from chalicelib.aws.models.classifications import classification_in
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, Table
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.classification import Classification
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.ledger.events import model_ledger

MayRead: TypeAlias = Callable[[str], bool]
Load: TypeAlias = Callable[[Sequence[Key]], Mapping[Key, Item]]


class ReadClassifications(Mapping[str, Classification | None]):
    """The classifications of models for one call. One that is not known yet is read when it is asked for."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: dict[str, Classification | None] = {}

    def __getitem__(self, model: str) -> Classification | None:
        if model not in self._known:
            self.read([model], self._table.load)
        return self._known[model]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def read(self, models: Iterable[str], load: Load) -> None:
        """Read those that are not known, in calls of a hundred."""
        unknown = {keys.head(model_ledger(model)): model for model in models if model not in self._known}
        if unknown:
            heads = load(list(unknown))
            self._known |= {model: classification_in(heads.get(key)) for key, model in unknown.items()}

    def learn(self, model: str, head: Item | None) -> None:
        """Take over what a head says that was read for another reason."""
        self._known[model] = classification_in(head)


@dataclass(frozen=True, slots=True)
class Sight:
    """Which models a caller may read, or do something else with."""

    principal: Principal
    action: Action = Action.READ

    def __call__(self, model: str) -> bool:
        return self.principal.may(self.action, model)


def knowing(services: Services, principal: Principal) -> Principal:
    """The principal, who can look up the classifications that its grants depend on."""
    if not any(grant.limited for grant in principal.grants):
        return principal
    return replace(principal, classifications=ReadClassifications(services.table))


def admitting(services: Services, principal: Principal, action: Action, model: str, makes: bool = False) -> Services:
    """The services for a call that needs ``action`` on ``model``. Raises what ``Principal.check`` raises.

    If the right hinges on the model's classification, the table of these services raises it, with the first read or
    before the first write. Then a model that does not exist is refused here too, so that a hidden one cannot be told
    from it. Not so for a call that ``makes`` the model: that a hidden one has the name cannot stay hidden then.
    """
    classifications = principal.classifications
    if not principal.hinges(action, model) or not isinstance(classifications, ReadClassifications):
        principal.check(action, model, hides=not makes)
        return services

    def check(head: Item | None) -> None:
        if head is None and not makes:
            raise ModelNotFoundError(f"There is no model {model!r}.")
        classifications.learn(model, head)
        principal.check(action, model, hides=not makes)

    guarded = copy(services)
    guarded.table = GuardedTable(services.table, keys.head(model_ledger(model)), check)
    return guarded


def ensure_admitted(services: Services) -> None:
    """Make sure that a call was admitted, whatever it has read."""
    if isinstance(services.table, GuardedTable):
        services.table.ensure_checked()


def foresees(may_read: MayRead) -> bool:
    """Whether it can take reads to tell which models a caller may read."""
    return isinstance(may_read, Sight) and isinstance(may_read.principal.classifications, ReadClassifications)


def foresee(may_read: MayRead, models: Iterable[str], load: Load) -> None:
    """Read together the classifications that decide which of ``models`` a caller may read.

    ``load`` reads any number of items. Without this, each classification is read when it is asked for.
    """
    if isinstance(may_read, Sight) and isinstance(may_read.principal.classifications, ReadClassifications):
        hinging = [model for model in dict.fromkeys(models) if may_read.principal.hinges(may_read.action, model)]
        may_read.principal.classifications.read(hinging, load)
