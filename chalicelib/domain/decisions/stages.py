"""Moving versions between stages, and back."""

from dataclasses import replace

from chalicelib.domain import event_types
from chalicelib.domain.decision import (
    Change,
    Decision,
    NoChange,
    Outcome,
    RepointVersion,
    SaveVersion,
)
from chalicelib.domain.decisions.versions import ready
from chalicelib.domain.errors import NothingToRollBackError, StageChangedError, TransitionNotAllowedError
from chalicelib.domain.events import Happening, Origin, Trigger
from chalicelib.domain.guards import check_not_frozen, check_not_locked
from chalicelib.domain.model import Model
from chalicelib.domain.pointers import Pointer
from chalicelib.domain.stages import DEFAULT_SCHEME
from chalicelib.domain.version import Version


def transition(
    model: Model,
    version: Version,
    to_stage: str,
    expected_stage: str | None,
    reason: str | None,
    trigger: Trigger,
    origin: Origin,
) -> Outcome[Version]:
    """Move a READY version to ``to_stage``; entering an exclusive stage archives the version that held it."""
    DEFAULT_SCHEME.stage(to_stage)
    ready(version)
    if expected_stage is not None and expected_stage != version.stage:
        raise StageChangedError(
            f"Version {version.number} of {model.name!r} stands in {version.stage}, not in {expected_stage}."
        )
    if version.stage == to_stage:
        return NoChange(version)
    check_not_frozen(model)
    DEFAULT_SCHEME.check_transition(version.stage, to_stage)
    entered = model.stages.get(to_stage, Pointer()).moved_to(version.number)
    return _move(model, version, to_stage, entered, reason, trigger, origin)


def roll_back_target(model: Model, stage: str) -> int:
    """The version that rolling ``stage`` back returns to. Raises NothingToRollBackError."""
    if not DEFAULT_SCHEME.stage(stage).exclusive:
        raise TransitionNotAllowedError(
            f"Only an exclusive stage has a previous holder to return to; {stage} may hold several versions."
        )
    earlier = model.stages.get(stage, Pointer()).rolled_back()
    if earlier is None or earlier.version is None:
        raise NothingToRollBackError(f"No earlier version of {model.name!r} has been in {stage}.")
    return earlier.version


def roll_back(model: Model, version: Version, stage: str, reason: str | None, origin: Origin) -> Decision[Version]:
    """Return ``version``, which ``roll_back_target`` named, to ``stage``; the present holder is archived."""
    earlier = model.stages.get(stage, Pointer()).rolled_back()
    if earlier is None or earlier.version != version.number:
        raise StageChangedError(f"The stage {stage} of {model.name!r} has just changed hands; look again.")
    return _move(model, ready(version), stage, earlier, reason, Trigger.ROLLBACK, origin)


def _move(
    model: Model,
    version: Version,
    to_stage: str,
    entered: Pointer,
    reason: str | None,
    trigger: Trigger,
    origin: Origin,
) -> Decision[Version]:
    number, from_stage = version.number, version.stage
    exclusive = DEFAULT_SCHEME.stage(to_stage).exclusive
    displaced = model.holder(to_stage) if exclusive else None
    check_not_locked(model, number, displaced)
    stages = {**model.stages, to_stage: entered, from_stage: _left(model, from_stage, number)}
    if displaced is not None:
        archive = stages.get(DEFAULT_SCHEME.archive, Pointer())
        stages[DEFAULT_SCHEME.archive] = archive.moved_to(displaced)
    changed = replace(
        model, stages={name: at for name, at in stages.items() if at != Pointer()}, updated_at=origin.time
    )
    moved = replace(
        version,
        stage=to_stage,
        stage_since=origin.time,
        updated_at=origin.time,
        revision=model.next_revision,
    )
    changes: list[Change] = [SaveVersion(moved)]
    if displaced is not None:
        changes.append(RepointVersion(displaced, DEFAULT_SCHEME.archive))
    after: dict[str, object] = {"stage": to_stage, "digest": version.digest}
    if displaced is not None:
        after["displaced"] = displaced
    return Decision(
        moved,
        changed,
        Happening(
            event_types.VERSION_TRANSITIONED,
            {"stage": from_stage},
            after,
            version=number,
            trigger=trigger,
            reason=reason,
        ),
        tuple(changes),
        subject=str(number),
    )


def _left(model: Model, stage: str, number: int) -> Pointer:
    """The stage's pointer once version ``number`` has left it.

    An exclusive stage keeps its past holders, so that it can be rolled back. Of a shared stage only versions that
    still stand in it are remembered, the newest first in line.
    """
    pointer = model.stages.get(stage, Pointer())
    if DEFAULT_SCHEME.stage(stage).exclusive:
        return pointer.vacated() if pointer.version == number else pointer
    return pointer.left_by(number)
