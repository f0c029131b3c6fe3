"""Judging the gates that look at attestations."""

from collections.abc import Iterator

from chalicelib.domain.access.principal import matches
from chalicelib.domain.evidence.attested import Attested
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import Finding
from chalicelib.domain.schemes.gates import AttestationGate


def attestation_finding(gate: AttestationGate, facts: Facts) -> Finding:
    """What a gate finds that wants a signed statement about the version, such as where it was built."""
    kind = f"an attestation of the type {gate.predicate_type}" if gate.predicate_type else "SLSA provenance"
    needed = "; ".join([f"{kind}, signed by a trusted signer{_among(gate.signers)}", *_wishes(gate)])
    asked = {name: one for name, one in sorted(facts.attestations.items()) if _is_asked_for(gate, one)}
    objections = {name: list(_objections(gate, one)) for name, one in asked.items()}
    holding = [name for name, found in objections.items() if not found]
    if holding:
        seen = [[name, asked[name].digest, asked[name].signer] for name in holding]
        return Finding(True, holding, needed, f"attested by {', '.join(holding)}", seen)
    reasons = [f"{name}: {', '.join(found)}" for name, found in objections.items()]
    return Finding(False, [], needed, "; ".join(reasons) or "the version has no such attestation", [])


def _is_asked_for(gate: AttestationGate, one: Attested) -> bool:
    return one.provenance is not None if gate.predicate_type is None else one.predicate_type == gate.predicate_type


def _objections(gate: AttestationGate, one: Attested) -> Iterator[str]:
    """Why the attestation does not do. What nobody trusted has signed is not looked at further."""
    if one.doubt is not None:
        yield one.doubt
        return
    if gate.signers and not _is_among(one.signer, gate.signers):
        yield f"the signer {one.signer} is not asked for"
    if gate.whole and not one.whole:
        yield "it is about some of the files only"
    builder = "" if one.provenance is None else one.provenance.builder
    repository = "" if one.provenance is None else one.provenance.repository
    if gate.builders and not _is_among(builder, gate.builders):
        yield f"the builder is {builder or 'not named'}"
    if gate.repositories and not _is_among(repository, gate.repositories):
        yield f"the repository is {repository or 'not named'}"


def _wishes(gate: AttestationGate) -> Iterator[str]:
    if gate.whole:
        yield "about the whole version"
    if gate.builders:
        yield f"built by {' or '.join(gate.builders)}"
    if gate.repositories:
        yield f"from {' or '.join(gate.repositories)}"


def _among(signers: tuple[str, ...]) -> str:
    return f" ({' or '.join(signers)})" if signers else ""


def _is_among(text: str, patterns: tuple[str, ...]) -> bool:
    """Whether the text matches a pattern. What is not named matches none, not even ``*``."""
    return bool(text) and any(matches(pattern, text) for pattern in patterns)
