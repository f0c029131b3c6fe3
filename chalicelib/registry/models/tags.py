"""Single tags of models and versions: set or deleted within the change itself, so that no two writers lose one."""

from collections.abc import Mapping

from chalicelib.aws.services import Services
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models import decisions as models
from chalicelib.domain.models.decisions import ModelState, ProfileChange, existing
from chalicelib.domain.versions import decisions as versions
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request, Snapshot, change_model, model_keys
from chalicelib.registry.models.models import get_model
from chalicelib.registry.versions.versions import get_version, loaded


def set_model_tag(services: Services, request: Request, model: str, key: str, value: str) -> Changed[ModelState]:
    """Set one tag of a model. Raises ModelNotFoundError, InvalidInputError."""
    return _change_model(services, request, model, key, value)


def delete_model_tag(services: Services, request: Request, model: str, key: str) -> Changed[ModelState]:
    """Delete one tag of a model, if it has it. Raises ModelNotFoundError."""
    return _change_model(services, request, model, key, None)


def set_version_tag(
    services: Services, request: Request, model: str, number: int, key: str, value: str
) -> Changed[Version]:
    """Set one tag of a version. Raises VersionNotFoundError, VersionLockedError, InvalidInputError."""
    return _change_version(services, request, model, number, key, value)


def delete_version_tag(services: Services, request: Request, model: str, number: int, key: str) -> Changed[Version]:
    """Delete one tag of a version, if it has it. Raises VersionNotFoundError, VersionLockedError."""
    return _change_version(services, request, model, number, key, None)


def _change_model(services: Services, request: Request, model: str, key: str, value: str | None) -> Changed[ModelState]:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[ModelState]:
        state = ModelState(existing(snapshot.model, model), snapshot.profile)
        return models.update(state, ProfileChange(tags=_with(state.profile.tags, key, value)), stamp)

    asked = model_keys(model, profile=True)
    return change_model(services, request, model, decide, lambda _: get_model(services, model), asked)


def _change_version(
    services: Services, request: Request, model: str, number: int, key: str, value: str | None
) -> Changed[Version]:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Version]:
        current, version = loaded(snapshot, model, number, request)
        return versions.annotate(current, version, None, _with(version.description.tags, key, value), stamp)

    def recall(_: str) -> Version:
        return get_version(services, model, str(number))

    return change_model(services, request, model, decide, recall, model_keys(model, versions=[number]))


def _with(tags: Mapping[str, str], key: str, value: str | None) -> dict[str, str]:
    rest = {name: held for name, held in tags.items() if name != key}
    return rest if value is None else {**rest, key: value}
