"""A model with the latest version of each of its stages; a version with the model that it is of.

The latest version of a stage is the newest one that is READY: nobody can use one whose files are not there yet.
The head knows which versions are the newest (``domain/models/newest.py``). So this costs two reads however many
versions there are, and one if there are none. It costs a third one while the newest version of a stage waits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain, islice
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
    """A model, the scheme that judges it, and the latest version of each stage that has any, oldest first."""

    state: ModelState
    scheme: Scheme
    versions: tuple[Version, ...]


def get_latest(services: Services, name: str) -> Latest:
    """The model with its latest versions. Raises ModelNotFoundError."""
    for _ in range(_ATTEMPTS):
        asked = model_keys(name, profile=True, scheme=True)
        snapshot = load(services, name, asked)
        state = ModelState(loaded_model(snapshot, name), loaded_profile(snapshot))
        found = _by_stage(services, [state.model])[name]
        # A version that has moved since the head was read is the newest of another stage now: look again.
        if len(found) == len(state.model.standing):
            return Latest(state, loaded_scheme(snapshot), _oldest_first(found))
    raise ContentionError(f"The versions of {name!r} move faster than they can be read; try again.")


def newest_versions(services: Services, models: Sequence[Model]) -> dict[str, tuple[Version, ...]]:
    """The latest version of each stage of each model, by the heads: without one that has moved on since."""
    return {name: _oldest_first(found) for name, found in _by_stage(services, models).items()}


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
    """The READY version with the highest number. Raises ModelNotFoundError, VersionNotFoundError if there is none."""
    found = get_latest(services, name)
    if not found.versions:
        raise VersionNotFoundError(f"The model {name!r} has no version that is READY.")
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


def _by_stage(services: Services, models: Sequence[Model]) -> dict[str, dict[str, Version | None]]:
    """The latest version of each stage of each model, None if no version there is READY.

    A stage is left out if its newest version has moved on since the head was read.
    """
    wanted = [(model, stage, number) for model in models for stage, number in _newest(services, model)]
    stored = _load(services, ((model.name, number) for model, _, number in wanted))
    found: dict[str, dict[str, Version | None]] = {model.name: {} for model in models}
    for model, stage, number in wanted:
        version = stored.get((model.name, number))
        if version is not None and version.stage == stage:
            ready = version.status is Status.READY
            found[model.name][stage] = version if ready else _latest_below(services, model, stage, number)
    return found


def _latest_below(services: Services, model: Model, stage: str, number: int) -> Version | None:
    """The latest version of a stage whose newest, ``number``, is not READY."""
    known = model.newest_in(stage)
    stored = _load(services, ((model.name, other) for other in known.numbers if other < number))
    kept = (stored.get((model.name, other)) for other in known.numbers)
    return next(
        (
            version
            for version in chain(kept, _indexed_versions(services, model.name, stage, min(known.rest, number - 1)))
            if version is not None and version.stage == stage and version.status is Status.READY
        ),
        None,
    )


def _oldest_first(found: Mapping[str, Version | None]) -> tuple[Version, ...]:
    versions = [version for version in found.values() if version is not None]
    return tuple(sorted(versions, key=lambda version: version.number))


def _newest(services: Services, model: Model) -> Iterator[tuple[str, int]]:
    for stage in model.standing:
        known = model.newest_in(stage)
        numbers = iter(known.numbers) if known.numbers else _indexed(services, model.name, stage, known.rest)
        yield from ((stage, number) for number in islice(numbers, 1))


def _indexed(services: Services, name: str, stage: str, highest: int) -> Iterator[int]:
    return (version.number for version in _indexed_versions(services, name, stage, highest))


def _indexed_versions(services: Services, name: str, stage: str, highest: int) -> Iterator[Version]:
    """Versions of a stage numbered at most ``highest``, highest first, as an index has them: perhaps a moment late.

    Asked only if more than the kept newest ones have left the stage, or wait for their files, while older ones stayed.
    Versions of before there were shards are in a partition of their own.
    """
    if highest < 1:
        return iter(())
    partitions = [keys.versions_in_stage(stage, shard) for shard in (keys.listing_shard(name), "")]
    listed = (_listed(services, name, stage, highest, partition) for partition in partitions)
    return merge(*listed, key=lambda version: version.number, reverse=True)


def _listed(services: Services, name: str, stage: str, highest: int, partition: str) -> Iterator[Version]:
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
                yield version
        if start is None:
            return


def _load(services: Services, wanted: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Version]:
    found = services.table.load_all(list(dict.fromkeys(keys.version(name, number) for name, number in wanted)))
    versions = [version_items.version_from(one) for one in found.values()]
    return {(version.model, version.number): version for version in versions}
