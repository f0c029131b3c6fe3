"""Who may report for a target."""

from chalicelib.aws import keys
from chalicelib.aws.deployments.target_items import target_from
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.deployments.target import Target
from chalicelib.domain.errors import PermissionDeniedError
from chalicelib.registry.ledger.snapshot import Snapshot


def check_reporter(principal: Principal, model: str, target: Target | None) -> None:
    """Raise PermissionDeniedError unless the caller may deploy the model or is a reporter of the target.

    A caller who is neither learns nothing of what exists: the answer is the same without a target.
    """
    if principal.may(Action.DEPLOY, model):
        return
    if target is None or not (target.takes(model) and target.is_reported_by(principal.name)):
        raise PermissionDeniedError(
            f"You ({principal.name}) may not report deployments of the model {model!r}: it takes the action "
            f"{Action.DEPLOY} on the model, or your name among the target's reporters."
        )


def target_in(snapshot: Snapshot, name: str) -> Target | None:
    """The target of a snapshot, None if there is none."""
    stored = snapshot.item(keys.target(name))
    return None if stored is None else target_from(stored)
