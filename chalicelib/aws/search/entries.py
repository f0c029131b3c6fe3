"""Index entries of the search, derived from the versions and profiles that a commit saves."""

from collections.abc import Iterable, Mapping

from chalicelib.aws.keys import Key
from chalicelib.aws.search import index_places
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Profile
from chalicelib.domain.versions.version import Version


def entry_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Write the entries that differ: of versions' tags and metrics, and of models' tags."""
    for difference in settlement.of(Version):
        before, after = (index_places.index_items(version) for version in (difference.before, difference.after))
        yield from _differing(table, before, after)
    for difference in settlement.of(Profile):
        before, after = (_model_entries(settlement.after.name, one) for one in (difference.before, difference.after))
        yield from _differing(table, before, after)


def _model_entries(model: str, profile: Profile | None) -> dict[Key, Item]:
    return {} if profile is None else index_places.model_index_items(model, profile.tags)


def _differing(table: Table, before: Mapping[Key, Item], after: Mapping[Key, Item]) -> Iterable[Write]:
    """A stale entry may be gone already: what an index says is always checked against the version itself."""
    for key in before.keys() - after.keys():
        yield table.drop_write(key)
    for key, entry in after.items():
        if before.get(key) != entry:
            yield table.put_write(entry)
