"""Reading what decisions on deployments need, out of one model's partition and with the target."""

from collections.abc import Callable, Sequence

from chalicelib.aws import keys
from chalicelib.aws.deployments.target_items import target_from
from chalicelib.aws.keys import Key
from chalicelib.domain.deployments.deployment import Deployment
from chalicelib.domain.deployments.opening import Standing
from chalicelib.domain.deployments.place import Place, Withdrawal
from chalicelib.domain.deployments.target import Target
from chalicelib.domain.deployments.target_decisions import existing
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import loaded_model, model_keys


def place_keys(model: str, target: str, versions: Sequence[int] = ()) -> list[Key]:
    """Keys of a model on a target, of the target itself, and of versions."""
    on_target = [keys.place(model, target), keys.withdrawal(model, target)]
    return [*model_keys(model, versions=versions), *on_target, keys.target(target)]


def deployments_at(model: str, target: str) -> Callable[[Snapshot], list[Key]]:
    """For the second read of a change: the deployments that the place names as active and waiting."""

    def more(snapshot: Snapshot) -> list[Key]:
        place = snapshot.get(Place, target)
        return [] if place is None else [keys.deployment(model, number) for number in named(place)]

    return more


def named(place: Place) -> tuple[int, ...]:
    """The numbers of the deployments of a place that have not ended."""
    return tuple(number for number in (place.active, place.waiting) if number)


def loaded_target(snapshot: Snapshot, name: str) -> Target:
    """The target of a snapshot. Raises TargetNotFoundError."""
    stored = snapshot.item(keys.target(name))
    return existing(name, None if stored is None else target_from(stored))


def loaded_standing(snapshot: Snapshot, model: str, target: str) -> Standing:
    """How a model stands on a target. Raises ModelNotFoundError, TargetNotFoundError."""
    place, withdrawal = snapshot.get(Place, target), snapshot.get(Withdrawal, target)

    def at(number: int) -> Deployment | None:
        return snapshot.get(Deployment, number) if number else None

    return Standing(
        loaded_model(snapshot, model),
        loaded_target(snapshot, target),
        place,
        None if place is None else at(place.active),
        None if place is None else at(place.waiting),
        0 if withdrawal is None else withdrawal.sequence,
    )
