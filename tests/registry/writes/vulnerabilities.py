"""Writes of advisories, and of what is found and stated of versions."""

from typing import Final

from chalicelib.aws.services import Services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.vulnerabilities.assessment import Assessment
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.vulnerabilities import assessing, indexes
from chalicelib.registry.vulnerabilities import stating as vulnerability_stating
from tests.registry.arranged import registry_ledger
from tests.registry.vulnerabilities.build import (
    LIFTED,
    a_requiring_version,
    a_stated_version,
    a_version_that_is_resolved,
    a_vulnerable_version,
    a_vulnerable_version_and_newer_data,
    stored_index,
)
from tests.registry.writes.write import Write


def assess_arrived(registry: Services, request: Request, name: str, number: str) -> Assessment | None:
    """What the promoter does after the version became READY."""
    event = {"id": request.request_id, "type": event_types.VERSION_READY, "model": name, "version": int(number)}
    return assessing.assess_after(registry, event)


WRITES: Final = {
    "find vulnerabilities of a version": Write(
        event_types.VULNERABILITY_FOUND,
        a_requiring_version,
        assessing.assess_again,
    ),
    "find vulnerabilities of a version that arrived": Write(
        event_types.VULNERABILITY_FOUND,
        a_requiring_version,
        assess_arrived,
        keyed=False,
    ),
    "find vulnerabilities of a version resolved": Write(
        event_types.VULNERABILITY_RESOLVED,
        a_version_that_is_resolved,
        assessing.assess_again,
    ),
    "match a version against newer advisories": Write(
        event_types.VULNERABILITY_MATCHED,
        a_vulnerable_version_and_newer_data,
        assessing.assess_again,
    ),
    "state how a version stands to a vulnerability": Write(
        event_types.VULNERABILITY_STATED,
        a_vulnerable_version,
        lambda s, r, m, number: vulnerability_stating.state(s, r, m, number, "CVE-1", LIFTED),
    ),
    "take back what was stated of a vulnerability": Write(
        event_types.VULNERABILITY_UNSTATED,
        a_stated_version,
        lambda s, r, m, number: vulnerability_stating.unstate(s, r, m, number, "GHSA-1"),
    ),
    "bring advisories": Write(
        event_types.ADVISORIES_UPDATED,
        lambda s, m: stored_index(s),
        lambda s, r, m, given: indexes.make_current(s, r, given),
        registry_ledger,
    ),
}
