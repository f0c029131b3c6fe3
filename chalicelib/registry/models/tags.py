"""The tags of a model. A single one is set or deleted within one change, so that concurrent writers lose none."""

from collections.abc import Mapping

from chalicelib.aws import keys
from chalicelib.aws.models.items import profile_from
from chalicelib.aws.services import Services
from chalicelib.domain.documents import with_tag
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models import decisions
from chalicelib.domain.models.decisions import ModelState, ProfileChange
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, loaded_profile, model_keys
from chalicelib.registry.models.models import get_model


def tags_of(services: Services, model: str) -> Mapping[str, str]:
    """The tags of a model; none if there is no such model."""
    stored = services.table.get(keys.profile(model))
    return {} if stored is None else profile_from(stored).tags


def set_model_tag(services: Services, request: Request, model: str, key: str, value: str) -> Changed[ModelState]:
    """Set one tag of a model. Raises ModelNotFoundError, InvalidInputError."""
    return _change(services, request, model, key, value)


def delete_model_tag(services: Services, request: Request, model: str, key: str) -> Changed[ModelState]:
    """Delete one tag of a model, if it has it. Raises ModelNotFoundError."""
    return _change(services, request, model, key, None)


def _change(services: Services, request: Request, model: str, key: str, value: str | None) -> Changed[ModelState]:
    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[ModelState]:
        state = ModelState(loaded_model(snapshot, model), loaded_profile(snapshot))
        return decisions.update(state, ProfileChange(tags=with_tag(state.profile.tags, key, value)))

    asked = model_keys(model, profile=True)
    return change_model(services, request, model, decide, lambda _: get_model(services, model), asked)
