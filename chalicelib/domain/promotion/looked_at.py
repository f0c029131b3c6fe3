"""What of a version's content gates look at, so that it is looked up only if a gate asks for it."""

from collections.abc import Iterable
from enum import Enum, auto

from chalicelib.domain.schemes.content_gates import FormatsGate, LicensesGate
from chalicelib.domain.schemes.gates import (
    AttestationGate,
    Condition,
    ConditionGate,
    Gate,
    ScanGate,
    SignatureGate,
    VulnerabilitiesGate,
)


class LookedAt(Enum):
    """What a gate looks at besides the version, its reports and its model."""

    SCAN = auto()
    VULNERABILITIES = auto()
    SIGNATURES = auto()
    ATTESTATIONS = auto()
    LICENSES = auto()
    FORMATS = auto()


def looked_at(condition: Condition) -> LookedAt | None:
    """What a gate with this condition looks at; None if at nothing of the content."""
    match condition:
        case ScanGate():
            return LookedAt.SCAN
        case VulnerabilitiesGate():
            return LookedAt.VULNERABILITIES
        case SignatureGate():
            return LookedAt.SIGNATURES
        case AttestationGate():
            return LookedAt.ATTESTATIONS
        case LicensesGate():
            return LookedAt.LICENSES
        case FormatsGate():
            return LookedAt.FORMATS
        case ConditionGate() if _names_attestations(condition):
            return LookedAt.ATTESTATIONS
    return None


def _names_attestations(condition: ConditionGate) -> bool:
    # Late: most schemes have no conditions.
    from chalicelib.domain.schemes.conditions import names_in

    return "attestations" in names_in(condition.expression)


def looks_at(gates: Iterable[Gate], what: LookedAt) -> bool:
    """Whether one of the gates looks at ``what``."""
    return any(looked_at(gate.condition) is what for gate in gates)
