"""How a person gets a version moved: by a call of their own, or by a request that others approve or execute."""

from enum import StrEnum

from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.aliases.protection import refused_alias
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.schemes.scheme import Scheme, Transition


class Way(StrEnum):
    """CALL if the caller may make the move as soon as its gates hold, REQUEST if the caller must ask for it."""

    CALL = "call"
    REQUEST = "request"


def way_of(model: Model, scheme: Scheme, move: Transition, number: int, caller: Principal) -> Way | None:
    """The way that is open to ``caller`` for moving version ``number``; None if there is none."""
    stage = scheme.stage(move.to_stage)
    approved = bool(move.approvals_for(model.tier))
    if not approved and stage.protected:
        # Neither a call nor a request that nobody has to approve enters it: only the registry itself does.
        return None
    moving = [alias for alias in stage.aliases if model.aliases.get(alias, Pointer()).version != number]
    alone = caller.may(Action.TRANSITION, model.name) and refused_alias(model, caller, *moving) is None
    if alone and not approved:
        return Way.CALL
    return Way.REQUEST if caller.may(Action.REQUEST, model.name) else None
