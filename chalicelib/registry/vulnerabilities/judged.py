"""What gates that look at vulnerabilities are judged on. It is read only if a scheme has such gates."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.promotion.looked_at import LookedAt, looks_at
from chalicelib.domain.schemes.gates import Gate
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities.advisory_index import PYPI
from chalicelib.registry.ledger.snapshot import Snapshot

if TYPE_CHECKING:
    from chalicelib.domain.vulnerabilities.assessment import Assessment


def vulnerability_keys(model: str, number: int, gates: Sequence[Gate]) -> list[Key]:
    """Keys of a version's assessment and of the current index, if one of the gates looks at them."""
    if not looks_at(gates, LookedAt.VULNERABILITIES):
        return []
    return [keys.vulnerabilities(model, number), keys.advisory_index(PYPI)]


def vulnerability_facts(
    services: Services, snapshot: Snapshot, version: Version, gates: Sequence[Gate]
) -> dict[str, Any]:
    """The fields of the facts that such gates look at; none if there are no such gates."""
    if not looks_at(gates, LookedAt.VULNERABILITIES):
        return {}
    return {"assessment": _current_assessment(services, snapshot, version)}


def _current_assessment(services: Services, snapshot: Snapshot, version: Version) -> "Assessment | None":
    """The assessment of a version, matched here and now if it is of an index before the current one.

    Nothing is saved: what a move brings into use is matched for good afterwards.
    """
    # Late: few schemes have such gates.
    from chalicelib.aws.vulnerabilities.index_items import current_index_from
    from chalicelib.domain.vulnerabilities.assessment import Assessment

    present = snapshot.get(Assessment, version.number)
    stored = snapshot.item(keys.advisory_index(PYPI))
    if stored is None:
        return present
    current, known = current_index_from(stored), present or Assessment(version.number)
    if not known.outdated(current.revision):
        return present
    # The library of versions takes time to import, and the index to read.
    from chalicelib.registry.vulnerabilities.assessing import matched_version
    from chalicelib.registry.vulnerabilities.indexes import load_index

    return replace(known, matched=matched_version(version, current, load_index(services, current)))
