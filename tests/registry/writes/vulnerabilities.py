"""Writes of advisories, and of what is found and stated of versions."""

from typing import Final

from chalicelib.domain.ledger import event_types
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

WRITES: Final = {
    "find vulnerabilities of a version": Write(
        event_types.VULNERABILITY_FOUND,
        a_requiring_version,
        assessing.assess_again,
    ),
    "find vulnerabilities of a version that arrived": Write(
        event_types.VULNERABILITY_FOUND,
        a_requiring_version,
        lambda s, r, m, number: assessing.assess_arrived(s, {"id": r.request_id, "model": m, "version": int(number)}),
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
