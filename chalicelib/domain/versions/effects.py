"""What follows for a model from changes of its versions, and for its versions from moved aliases."""

from dataclasses import replace

from chalicelib.domain.ledger.settlement import Difference, Settlement
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.version import Displaced, Repointed, Status, Version


def move_displaced(settlement: Settlement) -> Settlement:
    """A displaced version that was loaded is saved whole. One that was not stays a named change."""
    for displaced in settlement.named_as(Displaced):
        version = settlement.present(Version, displaced.number)
        if version is not None:
            settlement = _without(settlement, displaced).with_put(replace(version, stage=displaced.entered))
    return settlement


def show_aliases(settlement: Settlement) -> Settlement:
    """Every version that gained or lost an alias shows it, and so does every version that is saved anyway."""
    before: Model = settlement.before or Model(settlement.after.name)
    after: Model = settlement.after
    for number in _repointed(before, after):
        version = settlement.present(Version, number)
        if version is not None:
            settlement = settlement.with_put(version)
        elif not any(displaced.number == number for displaced in settlement.named_as(Displaced)):
            settlement = replace(settlement, named=(*settlement.named, Repointed(number)))
    for difference in settlement.of(Version):
        version = difference.after
        settlement = settlement.with_put(replace(version, aliases=after.aliases_of(version.number)))
    return settlement


def count_versions(settlement: Settlement) -> Settlement:
    """The model counts its versions, in all and in each stage. It is revised when one comes, moves or goes."""
    model: Model = settlement.after
    for displaced in settlement.named_as(Displaced):
        model = model.with_moved(displaced.number, displaced.left, displaced.entered)
    for difference in settlement.of(Version):
        before, after = _stage(difference.before), _stage(difference.after)
        if before != after:
            model = model.with_moved(difference.after.number, before, after)
            model = replace(model, versions=model.versions + (before is None) - (after is None))
        model = _with_pending(model, difference)
    if _has_moved(settlement):
        model = replace(model, revised_at=settlement.stamp.time)
    return replace(settlement, after=model)


def _with_pending(model: Model, difference: Difference) -> Model:
    """The model with a version counted that began or ceased to wait for its files."""
    change = _pending(difference.after) - _pending(difference.before)
    if not change:
        return model
    version: Version = difference.after if change > 0 else difference.before
    # A version that was PENDING before this was counted must not make it negative.
    return replace(
        model,
        pending_versions=max(0, model.pending_versions + change),
        pending_size=max(0, model.pending_size + change * version.total_size),
    )


def _pending(version: Version | None) -> bool:
    return version is not None and version.status is Status.PENDING


def _has_moved(settlement: Settlement) -> bool:
    moved = any(_stage(one.before) != _stage(one.after) for one in settlement.of(Version))
    return moved or bool(settlement.named_as(Displaced))


def _stage(version: Version | None) -> str | None:
    return version.stage if version is not None and version.visible else None


def _repointed(before: Model, after: Model) -> list[int]:
    """The versions at which different aliases point now."""
    pointers = (*before.aliases.values(), *after.aliases.values())
    numbers = {pointer.version for pointer in pointers if pointer.version is not None}
    return sorted(number for number in numbers if before.aliases_of(number) != after.aliases_of(number))


def _without(settlement: Settlement, change: Displaced) -> Settlement:
    return replace(settlement, named=tuple(one for one in settlement.named if one != change))
