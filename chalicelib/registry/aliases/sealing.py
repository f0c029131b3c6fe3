"""Seal the aliases of earlier releases, and those whose seal no longer fits because the signing secret was changed.

Aliases that an earlier release sealed have no clearance yet, and are sealed again with one.

An alias is sealed only if the model's own records confirm it: the head says where it points, and the version's manifest
has the digest that the version and the alias have. Others are left as they are, and reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.aliases import items as alias_items
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, LostRaceError
from chalicelib.aws.versions.manifests import Outline
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.models.model import MAX_ALIASES, Model
from chalicelib.domain.versions.manifest import digest
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.ledger.contention import Attempts
from chalicelib.registry.models.model_ledger import model_keys, snapshot_of
from chalicelib.registry.versions.files import loaded_files


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many aliases were sealed, and which were not, because the model's records do not confirm them."""

    count: int = 0
    refused: tuple[str, ...] = ()


def seal_aliases(services: Services, model: str, broken: bool) -> Sealed:
    """Seal the aliases of a model without a seal or a clearance; with ``broken``, also those whose seal does not fit.

    Raises ContentionError if others change the model again and again for twenty seconds.
    """
    attempts = Attempts(services.sleep)
    while True:
        wanting = list(_wanting(services, model, broken))
        if not wanting:
            return Sealed()
        try:
            return _seal(services, model, wanting)
        except LostRaceError:
            attempts.wait_for_next()


def _wanting(services: Services, model: str, broken: bool) -> Iterator[Item]:
    stored, _ = services.table.query(keys.partition(model_ledger(model)), keys.ALIAS_PREFIX, MAX_ALIASES + 1)
    for item in stored:
        sealed = alias_items.is_sealed(item) and alias_items.is_cleared(item)
        if not sealed or (broken and not alias_items.is_intact(services.table, item)):
            yield item


def _seal(services: Services, model: str, wanting: list[Item]) -> Sealed:
    numbers = sorted({int(item["number"]) for item in wanting})
    asked = model_keys(model, versions=numbers, manifests=numbers)
    snapshot = snapshot_of(model, asked, services.table.load_all(asked))
    head = snapshot.get(Model)
    sealed: list[Item] = []
    refused: list[str] = []
    for item in wanting:
        name, number = str(item["alias"]), int(item["number"])
        version, outline = snapshot.get(Version, number), snapshot.get(Outline, number)
        if (
            head is not None
            and outline is not None
            and version is not None
            and _confirmed(head, version, item)
            and digest(loaded_files(services, snapshot, model, number)) == version.digest
        ):
            since = {field: item[field] for field in alias_items.SINCE}
            sealed.append(alias_items.alias_item(services.table, head, name, since, version, outline))
        else:
            refused.append(name)
            log_line("alias_not_confirmed", model=model, alias=name, version=number)
    if head is not None and sealed:
        guard = services.table.check_write(keys.head(model_ledger(model)), {"revision": head.head.revision})
        services.table.transact([guard, *(services.table.put_write(item) for item in sealed)])
    return Sealed(len(sealed), tuple(refused))


def _confirmed(head: Model, version: Version, stored: Item) -> bool:
    """Whether the alias is of the version that the head says, READY and with the same place and digest."""
    pointer = head.aliases.get(str(stored["alias"]))
    alias = alias_items.aliased_from(stored)
    return (
        pointer is not None
        and pointer.version == version.number
        and version.status is Status.READY
        and version.visible
        and (alias.uid, alias.digest) == (version.uid, version.digest)
    )
