"""Assessments of versions: matching their requirements against the current index, and reading what was found."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import NotFoundError, VersionNotReadyError
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.versions.requirement import requirement_lines
from chalicelib.domain.vulnerabilities import current_index, decisions
from chalicelib.domain.vulnerabilities.advisory_index import AdvisoryIndex
from chalicelib.domain.vulnerabilities.assessment import Assessment, matched
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex
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


def assess_arrived(services: Services, event: Mapping[str, Any]) -> Assessment | None:
    """Match the version of a ``version.ready`` event; None if there is no index, or the version is gone."""
    current = find_current(services)
    if current is None:
        return None
    request = Request(MATCHER, event["id"])
    try:
        return assess_version(services, request, event["model"], event["version"], current, Trigger.RULE).result
    except (NotFoundError, VersionNotReadyError):
        return None


def assess_version(
    services: Services, request: Request, model: str, number: int, current: CurrentIndex, trigger: Trigger
) -> Changed[Assessment]:
    """Match a version against an index that was found current, and keep what is found.

    If another index was made current meanwhile, what that one found stays: older data never replaces newer.
    """
    index: AdvisoryIndex = load_index(services, current)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Assessment]:
        # Only now: few functions match, and the library takes time to import.
        from chalicelib.registry.vulnerabilities.version_order import pypi_order

        head, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        found = match(requirement_lines(version.description.provenance), index, pypi_order)
        kept = matched(current, found)
        return decisions.assess(head, version, present_assessment(snapshot, number), kept, stamp, trigger)

    def recall(subject: str) -> Assessment:
        return get_assessment(services, model, subject)

    return change_model(services, request, model, decide, recall, assessment_keys(model, number))


def assessment_keys(model: str, number: int, scheme: bool = False) -> list[Key]:
    """Keys of what a decision about the vulnerabilities of a version needs."""
    return [*model_keys(model, versions=[number], scheme=scheme), keys.vulnerabilities(model, number)]


def present_assessment(snapshot: Snapshot, number: int) -> Assessment:
    """The assessment of a snapshot; that of a version that was never assessed says nothing."""
    return snapshot.get(Assessment, number) or Assessment(number)
