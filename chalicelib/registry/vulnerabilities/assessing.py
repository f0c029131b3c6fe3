"""Assessments of versions: matching their requirements against the current index, and reading what was found."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import NotFoundError, VersionNotReadyError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.models.in_use import versions_in_use
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.requirement import requirement_lines
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities import current_index, decisions
from chalicelib.domain.vulnerabilities.advisory_index import AdvisoryIndex
from chalicelib.domain.vulnerabilities.assessment import Assessment, Matched
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex
from chalicelib.domain.vulnerabilities.keeping import matched
from chalicelib.domain.vulnerabilities.matching import match
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve
from chalicelib.registry.vulnerabilities.indexes import find_current, load_index

MATCHER: Final = Principal("rule:vulnerabilities", ())


def get_assessment(services: Services, model: str, ref: str) -> Assessment:
    """What is known of the vulnerabilities of a version. Raises VersionNotFoundError."""
    number = resolve(services, model, ref)
    snapshot = load(services, model, [keys.version(model, number), keys.vulnerabilities(model, number)])
    loaded_version(snapshot, model, number)
    return present_assessment(snapshot, number)


def assess_again(services: Services, request: Request, model: str, ref: str) -> Changed[Assessment]:
    """Match a READY version against the current index. Raises NoAdvisoryIndexError, VersionNotReadyError."""
    number = resolve(services, model, ref)
    current = current_index.existing(find_current(services))
    return assess_version(services, request, model, number, current, Trigger.REQUEST)


def assess_after(services: Services, event: Mapping[str, Any]) -> Assessment | None:
    """Match the version of an event that made it READY or may have brought it into use.

    None if there is no index, the version is gone or not in use, or it was matched against this index already.
    """
    current = find_current(services)
    if current is None:
        return None
    model, number = event["model"], event["version"]
    if event["type"] != event_types.VERSION_READY and not _wanting(services, model, number, current):
        return None
    try:
        return assess_version(services, Request(MATCHER, event["id"]), model, number, current, Trigger.RULE).result
    except (NotFoundError, VersionNotReadyError):
        return None


def _wanting(services: Services, model: str, number: int, current: CurrentIndex) -> bool:
    """Whether a version is in use, and was last matched against an index before the current one."""
    snapshot = load(services, model, [*model_keys(model), keys.vulnerabilities(model, number)])
    head = snapshot.get(Model)
    in_use = head is not None and number in versions_in_use(head)
    return in_use and present_assessment(snapshot, number).outdated(current.revision)


def assess_version(
    services: Services, request: Request, model: str, number: int, current: CurrentIndex, trigger: Trigger
) -> Changed[Assessment]:
    """Match a version against an index that was found current, and keep what is found.

    If another index was made current meanwhile, what that one found stays: older data never replaces newer.
    """
    index: AdvisoryIndex = load_index(services, current)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Assessment]:
        head, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        found = matched_version(version, current, index)
        return decisions.assess(head, version, present_assessment(snapshot, number), found, stamp, trigger)

    def recall(subject: str) -> Assessment:
        return get_assessment(services, model, subject)

    return change_model(services, request, model, decide, recall, assessment_keys(model, number))


def matched_version(version: Version, current: CurrentIndex, index: AdvisoryIndex) -> Matched:
    """What the content of the current index has on the requirements of a version."""
    # Only now: few functions match, and the library takes time to import.
    from chalicelib.registry.vulnerabilities.version_order import pypi_order

    return matched(current, match(requirement_lines(version.description.provenance), index, pypi_order))


def assessment_keys(model: str, number: int, scheme: bool = False) -> list[Key]:
    """Keys of what a decision about the vulnerabilities of a version needs."""
    return [*model_keys(model, versions=[number], scheme=scheme), keys.vulnerabilities(model, number)]


def present_assessment(snapshot: Snapshot, number: int) -> Assessment:
    """The assessment of a snapshot; that of a version that was never assessed says nothing."""
    return snapshot.get(Assessment, number) or Assessment(number)
