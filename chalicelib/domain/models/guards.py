"""Checks of freezes and locks. Every decision that moves or changes something calls them first."""

from chalicelib.domain.errors import ModelFrozenError, VersionLockedError
from chalicelib.domain.models.model import Model


def check_not_frozen(model: Model) -> None:
    """Raise ModelFrozenError if the model is frozen. Roll-backs do not call this, since a freeze allows them."""
    if model.frozen is not None:
        raise ModelFrozenError(
            f"The model {model.name!r} was frozen by {model.frozen.by} on {model.frozen.at}: {model.frozen.reason}. "
            "Only rolling back is allowed until the freeze is lifted."
        )


def check_not_locked(model: Model, *numbers: int | None) -> None:
    """Raise VersionLockedError if one of the versions is locked. A number may be None for no version."""
    for number in numbers:
        if number is not None and number in model.locked:
            raise VersionLockedError(
                f"Version {number} of {model.name!r} is locked: nothing about it changes until it is unlocked."
            )
