"""A model with the newest version of each of its stages; a version with the model that it is of.

The head knows which versions are the newest (``domain/newest.py``), so that this costs two reads however many versions
there are, and one if there are none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import items, keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import MAX_BATCH
from chalicelib.domain import events
from chalicelib.domain.decisions.models import ModelState
from chalicelib.domain.decisions.models import existing as existing_model
from chalicelib.domain.decisions.versions import existing
from chalicelib.domain.errors import AliasNotFoundError, ContentionError, LimitExceededError, VersionNotFoundError
from chalicelib.domain.intake import Intake
from chalicelib.domain.model import Model
from chalicelib.domain.scheme import Scheme
from chalicelib.domain.version import Status, Version
from chalicelib.registry.commit import Snapshot, model_keys

# What a request has time to move, one by one.
MAX_STANDING: Final = 100
_ATTEMPTS: Final = 5
_PAGE: Final = 200


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
        snapshot = Snapshot(name, asked, services.table.load(asked))
        state = ModelState(existing_model(snapshot.model, name), snapshot.profile)
        versions = newest_versions(services, [state.model])[name]
        # A version that has moved since the head was read is the newest of another stage now: look again.
        if len(versions) == len(state.model.standing):
            return Latest(state, snapshot.scheme, versions)
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
    """The numbers of all versions that stand in a stage, highest first. Raises LimitExceededError."""
    count, known = model.standing.get(stage, 0), model.newest_in(stage)
    if count > MAX_STANDING:
        raise LimitExceededError(
            f"{count} versions of {model.name!r} stand in {stage}; at most {MAX_STANDING} are moved in one call."
        )
    numbers, rest = list(known.numbers), known.rest
    while len(numbers) < count:
        further = _look_for(services, model.name, stage, rest)
        if further is None:
            break
        numbers.append(further)
        rest = further - 1
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
    snapshot = Snapshot(name, asked, services.table.load(asked))
    model = existing_model(snapshot.model, name)
    buried = snapshot.buried(number)
    if buried is not None and (buried.status is Status.EXPIRED or buried.intake is Intake.FAILED):
        return model, buried
    return model, existing(name, number, snapshot.version(number))


def aliased_and_model(services: Services, name: str, alias: str) -> tuple[Model, Version]:
    """The version that an alias points at with its model's head, in one read.

    Raises ModelNotFoundError, AliasNotFoundError.
    """
    asked = [*model_keys(name), keys.alias(name, alias)]
    snapshot = Snapshot(name, asked, services.table.load(asked))
    model, stored = existing_model(snapshot.model, name), snapshot.alias(alias)
    if stored is None:
        raise AliasNotFoundError(f"The model {name!r} has no alias {alias!r}.")
    return model, items.version_from(stored)


def _newest(services: Services, model: Model) -> Iterable[tuple[str, int]]:
    for stage in model.standing:
        known = model.newest_in(stage)
        number = known.numbers[0] if known.numbers else _look_for(services, model.name, stage, known.rest)
        if number is not None:
            yield stage, number


def _look_for(services: Services, name: str, stage: str, highest: int) -> int | None:
    """The newest version of a stage whose kept ones have all left it, numbered at most ``highest``."""
    partition = keys.partition(events.model_ledger(name))
    after: str | None = keys.version(name, highest + 1).sort
    while after is not None:
        stored, after = services.table.query(
            partition, keys.VERSION_PREFIX, _PAGE, after=after, newest_first=True, equal=("stage", stage)
        )
        if stored:
            return items.version_from(stored[0]).number
    return None


def _load(services: Services, wanted: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Version]:
    asked = list(dict.fromkeys(keys.version(name, number) for name, number in wanted))
    stored = [
        one
        for start in range(0, len(asked), MAX_BATCH)
        for one in services.table.load(asked[start : start + MAX_BATCH]).values()
    ]
    versions = [items.version_from(one) for one in stored]
    return {(version.model, version.number): version for version in versions}
