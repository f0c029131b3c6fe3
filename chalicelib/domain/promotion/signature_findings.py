"""Judging the gates that look at signatures."""

from chalicelib.domain.access.principal import matches
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import Finding
from chalicelib.domain.schemes.gates import SignatureGate


def signature_finding(gate: SignatureGate, facts: Facts) -> Finding:
    """What a gate finds that wants the version's files signed by one of those that it names."""
    who = [*(["the registry"] if gate.registry else []), *gate.signers]
    needed = f"the version's files signed by {' or '.join(who)}"
    doubts = {
        signer: doubt
        for signer, doubt in facts.signers.items()
        if any(matches(pattern, signer) for pattern in gate.signers)
    }
    holding = sorted(signer for signer, doubt in doubts.items() if doubt is None)
    if gate.registry and facts.signed_by_registry:
        holding.insert(0, "the registry")
    if holding:
        # Who signed, not when: the same signature brought again voids no approval.
        return Finding(True, holding, needed, f"signed by {', '.join(holding)}", holding)
    reasons = [doubt for _, doubt in sorted(doubts.items()) if doubt is not None]
    return Finding(False, [], needed, "; ".join(reasons) or "nobody of these has signed the version", [])
