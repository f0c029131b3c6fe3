"""Which versions are in use. Only these are matched again when there is another advisory index."""

from chalicelib.domain.models.model import Model


def versions_in_use(model: Model) -> tuple[int, ...]:
    """The numbers of the versions that are in use, sorted.

    They are those in stages other than the first and the archive (of stages for many, the eight newest), those that
    aliases point at or targets need, and those that somebody has asked to move.
    """
    apart = (model.scheme.initial, model.scheme.archive)
    held = {pointer.version for stage, pointer in model.stages.items() if stage not in apart}
    newest = {number for stage in model.standing if stage not in apart for number in model.newest_in(stage).numbers}
    aliased = {pointer.version for pointer in model.aliases.values()}
    deployed = {number for target in model.deployed.values() for number in target.needed}
    asked = {number for number, _ in model.open_requests.values()}
    return tuple(sorted(number for number in held | newest | aliased | deployed | asked if number is not None))
