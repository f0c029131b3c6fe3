"""Single tags of a version: set or deleted within one change, so that concurrent writers lose none."""

from collections.abc import Mapping

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions.items import version_from
from chalicelib.domain.documents import with_tag
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.versions import decisions
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, model_keys
from chalicelib.registry.versions.loaded import matched_version
from chalicelib.registry.versions.versions import get_version


def tags_of(services: Services, model: str, number: int) -> Mapping[str, str]:
    """The tags of a version; none if there is no such version."""
    stored = services.table.get(keys.version(model, number))
    return {} if stored is None else version_from(stored).description.tags


def set_version_tag(
    services: Services, request: Request, model: str, number: int, key: str, value: str
) -> Changed[Version]:
    """Set one tag of a version. Raises VersionNotFoundError, VersionLockedError, InvalidInputError."""
    return _change(services, request, model, number, key, value)


def delete_version_tag(services: Services, request: Request, model: str, number: int, key: str) -> Changed[Version]:
    """Delete one tag of a version, if it has it. Raises VersionNotFoundError, VersionLockedError."""
    return _change(services, request, model, number, key, None)


def _change(
    services: Services, request: Request, model: str, number: int, key: str, value: str | None
) -> Changed[Version]:
    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[Version]:
        current, version = matched_version(snapshot, model, number, request)
        return decisions.annotate(current, version, None, with_tag(version.description.tags, key, value))

    def recall(_: str) -> Version:
        return get_version(services, model, str(number))

    return change_model(services, request, model, decide, recall, model_keys(model, versions=[number]))
