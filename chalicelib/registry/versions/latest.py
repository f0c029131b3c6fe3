"""A model with the newest version of each of its stages; a version with the model that it is of.

The head knows which versions are the newest (``domain/models/newest.py``). So this costs two reads however many
versions there are, and one if there are none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.aliases.items import aliased_from
from chalicelib.aws.names import VERSIONS_BY_STAGE
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, key_of
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.errors import ContentionError, LimitExceededError, VersionNotFoundError
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.search import sort_keys
from chalicelib.domain.versions.decisions import existing
from chalicelib.domain.versions.intake import Intake
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_profile, loaded_scheme, model_keys
from chalicelib.registry.versions.aliased import checked, same_version

# What a request has time to move, one by one.
MAX_STANDING: Final = 100
_ATTEMPTS: Final = 5
_PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Latest:
    """A model, the scheme that judges it, and the newest version of each stage that has any, oldest first."""

    state: ModelState
    scheme: Scheme
    versions: tuple[Version, ...]


def get_latest(services: Services, name: str) -> Latest:
    """The model with its newest versions. Raises ModelNotFoundError."""
    for _ in range(_ATTEMPTS):
        asked = model_keys(name, profile=True, scheme=True)
        snapshot = load(services, name, asked)
        state = ModelState(loaded_model(snapshot, name), loaded_profile(snapshot))
        versions = newest_versions(services, [state.model])[name]
        # A version that has moved since the head was read is the newest of another stage now: look again.
        if len(versions) == len(state.model.standing):
            return Latest(state, loaded_scheme(snapshot), versions)
    raise ContentionError(f"The versions of {name!r} move faster than they can be read; try again.")


def newest_versions(services: Services, models: Sequence[Model]) -> dict[str, tuple[Version, ...]]:
    """The newest version of each stage of each model, by the heads: without one that has moved on since."""
    wanted = [(model.name, stage, number) for model in models for stage, number in _newest(services, model)]
    stored = _load(services, ((name, number) for name, _, number in wanted))
    found: dict[str, list[Version]] = {model.name: [] for model in models}
    for name, stage, number in wanted:
        version = stored.get((name, number))
        if version is not None and version.stage == stage:
            found[name].append(version)
    return {name: tuple(sorted(versions, key=lambda one: one.number)) for name, versions in found.items()}


def standing_in(services: Services, model: Model, stage: str) -> tuple[int, ...]:
    """The numbers of all versions that stand in a stage, highest first. Raises LimitExceededError, ContentionError."""
    count, known = model.standing.get(stage, 0), model.newest_in(stage)
    if count > MAX_STANDING:
        raise LimitExceededError(
            f"{count} versions of {model.name!r} stand in {stage}; at most {MAX_STANDING} are moved in one call."
        )
    numbers = [*known.numbers]
    if len(numbers) < count:
        numbers += islice(_indexed(services, model.name, stage, known.rest), count - len(numbers))
    if len(numbers) < count:
        raise ContentionError(f"Versions of {model.name!r} have just moved to {stage}; try again.")
    return tuple(numbers)


def newest_version(services: Services, name: str) -> tuple[Model, Version]:
    """The version with the highest number. Raises ModelNotFoundError, VersionNotFoundError if there is none."""
    found = get_latest(services, name)
    if not found.versions:
        raise VersionNotFoundError(f"The model {name!r} has no versions.")
    return found.state.model, found.versions[-1]


def version_and_model(services: Services, name: str, number: int) -> tuple[Model, Version]:
    """A version, or one that ended before its files were there, with its model's head, in one read.

    Raises ModelNotFoundError, VersionNotFoundError.
    """
    asked = model_keys(name, versions=[number])
    snapshot = load(services, name, asked)
    model = loaded_model(snapshot, name)
    version = snapshot.get(Version, number)
    if version is not None and not version.visible and _ended(version):
        return model, version
    return model, existing(name, number, version)


def aliased_and_model(services: Services, name: str, alias: str) -> tuple[Model, Version]:
    """The version that an alias points at with its model's head, in two reads: only the alias knows which it is.

    Raises ModelNotFoundError, AliasNotFoundError, RecordEditedError.
    """
    asked = [*model_keys(name), keys.alias(name, alias)]
    snapshot = load(services, name, asked)
    model = loaded_model(snapshot, name)
    found = aliased_from(checked(services, name, alias, snapshot.item(keys.alias(name, alias))))
    stored = services.table.get(keys.version(name, found.number))
    version = existing(name, found.number, None if stored is None else version_items.version_from(stored))
    return model, same_version(found, version)


def _ended(version: Version) -> bool:
    """Whether a deleted version ended before its files were there."""
    return version.status is Status.EXPIRED or version.intake is Intake.FAILED


def _newest(services: Services, model: Model) -> Iterator[tuple[str, int]]:
    for stage in model.standing:
        known = model.newest_in(stage)
        numbers = iter(known.numbers) if known.numbers else _indexed(services, model.name, stage, known.rest)
        yield from ((stage, number) for number in islice(numbers, 1))


def _indexed(services: Services, name: str, stage: str, highest: int) -> Iterator[int]:
    """Versions of a stage numbered at most ``highest``, highest first, as an index has them: perhaps a moment late.

    Asked only of a stage that more than the kept newest ones have left while older ones stayed. Versions of before
    there were shards are in a partition of their own.
    """
    partitions = [keys.versions_in_stage(stage, shard) for shard in (keys.listing_shard(name), "")]
    return merge(*(_listed(services, name, stage, highest, one) for one in partitions), reverse=True)


def _listed(services: Services, name: str, stage: str, highest: int, partition: str) -> Iterator[int]:
    start: Item | None = None
    while True:
        entries, start = services.table.query_index(
            VERSIONS_BY_STAGE, partition, _PAGE, prefix=sort_keys.name_part(name) + sort_keys.SEPARATOR, start=start
        )
        numbers = [keys.version_of(key_of(entry)) for entry in entries]
        stored = _load(services, ((name, number) for number in numbers if number <= highest))
        for number in numbers:
            version = stored.get((name, number))
            if version is not None and version.stage == stage:
                yield number
        if start is None:
            return


def _load(services: Services, wanted: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Version]:
    found = services.table.load_all(list(dict.fromkeys(keys.version(name, number) for name, number in wanted)))
    versions = [version_items.version_from(one) for one in found.values()]
    return {(version.model, version.number): version for version in versions}
