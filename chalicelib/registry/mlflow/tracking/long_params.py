"""The parameters of runs and logged models that lie in items of their own.

An item's key has the digest of its value. So the item never changes, and it is written before a run or logged model
refers to it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.mlflow import tracking_items
from chalicelib.aws.services import Services
from chalicelib.domain.mlflow.tracking.entities import LoggedModel, Run

T = TypeVar("T", Run, LoggedModel)

# What a transaction takes: at most 4 MB, of values of at most 24 KB.
_WRITTEN_AT_ONCE: Final = 100
# As many are read before the first of them is used.
_READ_AT_ONCE: Final = 500


def write(services: Services, owner: Key, params: Mapping[str, str]) -> None:
    """Write parameters of the run or logged model under ``owner``. Writing them again changes nothing."""
    items = [tracking_items.param_item(owner, name, value) for name, value in params.items()]
    for first in range(0, len(items), _WRITTEN_AT_ONCE):
        services.table.put_all(items[first : first + _WRITTEN_AT_ONCE])


def with_all(services: Services, logged: T) -> T:
    """A run or logged model with all its parameters."""
    (whole,) = with_all_of_each(services, [logged])
    return whole


def with_all_of_each(services: Services, logged: Iterable[T]) -> Iterator[T]:
    """Each with all its parameters. They are read as they are asked for, those of several together."""
    group: list[T] = []
    for one in logged:
        group.append(one)
        if sum(len(member.params_apart) for member in group) >= _READ_AT_ONCE:
            yield from with_some(services, group, None)
            group = []
    yield from with_some(services, group, None)


def with_some(services: Services, logged: list[T], names: Collection[str] | None) -> list[T]:
    """Each with those of its parameters that are named; None names all."""
    wanted = [{name: _key(one, name) for name in one.params_apart if names is None or name in names} for one in logged]
    found = services.table.load_all([key for of_one in wanted for key in of_one.values()])
    return [
        replace(
            one, params={**one.params, **{name: tracking_items.param_from(found[key]) for name, key in own.items()}}
        )
        if own
        else one
        for one, own in zip(logged, wanted, strict=True)
    ]


def _key(logged: Run | LoggedModel, name: str) -> Key:
    owner = keys.run(logged.id) if isinstance(logged, Run) else keys.logged_model(logged.id)
    return keys.param(owner, name, logged.params_apart[name].digest)
