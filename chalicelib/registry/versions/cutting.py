"""Cut the long lists of files of earlier releases into parts, so that a page of downloads reads one part.

A list is cut only if it has the digest of its version, and if the aliases that name it confirm it. Others are left as
they are, and reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.aliases import items as alias_items
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, LostRaceError
from chalicelib.aws.versions.manifests import Outline, cut, outline_from
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.models.model import MAX_ALIASES, Model
from chalicelib.domain.versions.manifest import digest
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.ledger.contention import Attempts
from chalicelib.registry.models.model_ledger import model_keys, snapshot_of
from chalicelib.registry.versions.files import loaded_files

# Of items that may be long.
_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Cut:
    """How many lists were cut, and the versions whose lists were not, because nothing confirms them."""

    count: int = 0
    refused: tuple[int, ...] = ()


class _Outcome(Enum):
    CUT = auto()
    NOTHING_TO_CUT = auto()
    NOT_CONFIRMED = auto()


def cut_lists(services: Services, model: str) -> Cut:
    """Cut the long lists of a model's READY versions, and have its aliases name the parts.

    A second run changes nothing.
    Deleted versions keep theirs. Raises ContentionError if others change the model again and again for twenty seconds.
    """
    outcomes = {number: _cut_in_time(services, model, number) for number in _uncut(services, model)}
    refused = tuple(number for number, outcome in outcomes.items() if outcome is _Outcome.NOT_CONFIRMED)
    for number in refused:
        log_line("list_not_confirmed", model=model, version=number)
    return Cut(sum(outcome is _Outcome.CUT for outcome in outcomes.values()), refused)


def _uncut(services: Services, model: str) -> Iterator[int]:
    """The versions whose long lists are in one item."""
    after: str | None = None
    while True:
        partition = keys.partition(model_ledger(model))
        stored, after = services.table.query(partition, keys.MANIFEST_PREFIX, _PAGE, after)
        for item in stored:
            if outline_from(keys.number_of(item), item).small.whole:
                yield keys.number_of(item)
        if after is None:
            return


def _cut_in_time(services: Services, model: str, number: int) -> _Outcome:
    attempts = Attempts(services.sleep)
    while True:
        try:
            return _cut(services, model, number)
        except LostRaceError:
            attempts.wait_for_next()


def _cut(services: Services, model: str, number: int) -> _Outcome:
    """Cut one list, in one transaction with the aliases that name it.

    Raises LostRaceError if the model changed meanwhile.
    """
    table = services.table
    asked = model_keys(model, versions=[number], manifests=[number])
    read = table.load_all(asked)
    snapshot = snapshot_of(model, asked, read)
    head, version, outline = snapshot.get(Model), snapshot.get(Version, number), snapshot.get(Outline, number)
    if head is None or version is None or outline is None or not outline.small.whole:
        return _Outcome.NOTHING_TO_CUT
    if version.status is not Status.READY:  # becoming READY writes the list in parts
        return _Outcome.NOTHING_TO_CUT
    files = loaded_files(services, snapshot, model, number)
    aliases = _naming(services, model, number)
    if digest(files) != version.digest or not all(_confirms(alias, version, outline) for alias in aliases):
        return _Outcome.NOT_CONFIRMED
    parts, items = cut(model, number, files, read[keys.manifest(model, number)])
    for alias in aliases:
        since = {field: alias[field] for field in alias_items.SINCE}
        items.append(alias_items.alias_item(table, head, str(alias["alias"]), since, version, parts))
    guard = table.check_write(keys.head(model_ledger(model)), {"revision": head.head.revision})
    table.transact([guard, *map(table.put_write, items)])
    return _Outcome.CUT


def _naming(services: Services, model: str, number: int) -> list[Item]:
    """The aliases that name the uncut list. One whose seal does not fit is refused before and after, and left alone."""
    table = services.table
    stored, _ = table.query(keys.partition(model_ledger(model)), keys.ALIAS_PREFIX, MAX_ALIASES + 1)
    return [
        item
        for item in stored
        if int(item["number"]) == number and outline_from(number, item).whole and alias_items.is_intact(table, item)
    ]


def _confirms(alias: Item, version: Version, outline: Outline) -> bool:
    """Whether a sealed alias has the version's place and digest, and the very text of the list.

    Otherwise, sealing it again would confirm what somebody wrote into the table.
    """
    served = alias_items.aliased_from(alias)
    return (served.uid, served.digest, served.outline) == (version.uid, version.digest, outline.small)
