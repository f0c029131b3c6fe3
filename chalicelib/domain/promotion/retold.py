"""What is known of a version's content at a past time, for the gates that look at it: findings, signatures, licences.

Events tell it, but of long values only the digest. Where they do, what is stored now counts if it has that digest.
Where it has another by now, nobody knows what a gate would have seen, and the reason is kept in place of the fact.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from chalicelib.domain.cards.card import Card
from chalicelib.domain.evidence.attestation import Attestation, Attestations, Verification
from chalicelib.domain.ledger.facts import Facts, facts_of, is_digest, named, place
from chalicelib.domain.ledger.rebuilding import UNKNOWN, Rebuilt
from chalicelib.domain.licenses.licensing import Licensing
from chalicelib.domain.licenses.stated import stated_license
from chalicelib.domain.promotion.looked_at import LookedAt, looked_at
from chalicelib.domain.scanning.findings import Findings, Opinion, Scanned
from chalicelib.domain.scanning.format_names import FileFormat
from chalicelib.domain.scanning.opinion import both_allowed
from chalicelib.domain.scanning.policy import ScanPolicy
from chalicelib.domain.scanning.scan_state import Release, Scan, ScanState
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.severity import Severity
from chalicelib.domain.signing.signature import BroughtSignature, RegistrySignature, SignedWith, doubts
from chalicelib.domain.signing.signature import BroughtSignatures as Brought
from chalicelib.domain.signing.trusted_signer import TrustedSigners
from chalicelib.domain.versions.readings import version_place
from chalicelib.domain.vulnerabilities.assessment import Assessment, Matched
from chalicelib.domain.vulnerabilities.finding import Finding
from chalicelib.domain.vulnerabilities.statement import Statement, VexStatus


class UntoldError(Exception):
    """What a gate looks at is not known of that time. The text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored now of a version whose files have the ``digest``, as far as a scheme's gates look at it.

    ``licensing`` is None if the lineage was not followed.
    """

    digest: str
    file_formats: tuple[FileFormat, ...] = ()
    assessment: Assessment | None = None
    attestations: Attestations | None = None
    licensing: Licensing | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored now: of versions by number, and who is trusted to sign. ``skipped`` were not looked up."""

    versions: Mapping[int, Kept] = field(default_factory=dict)
    signers: TrustedSigners = field(default_factory=TrustedSigners)
    skipped: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Retold:
    """``facts`` are fields of the facts of gates. ``gaps`` says of what gates look at why it is not known."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    gaps: Mapping[LookedAt, str] = field(default_factory=dict)


def retell(state: Rebuilt, number: int, scheme: Scheme, stored: Stored) -> Retold:
    """What is known of a version, of all that the gates of the scheme look at."""
    facts: dict[str, Any] = {}
    gaps: dict[LookedAt, str] = {}
    asked = {looked_at(gate.condition) for gate in scheme.gates} | {LookedAt.SCAN}
    for what, tell in _TELLERS.items():
        if what in asked:
            try:
                facts |= tell(_Content(state, number, scheme.scanning, stored))
            except UntoldError as error:
                gaps[what] = str(error)
    return Retold(facts, gaps)


def scan_retold(state: Rebuilt, number: int, policy: ScanPolicy) -> Scan | None:
    """The scan of the version as it stood, judged by ``policy``; None if the registry did not scan it."""
    told = state.fields(version_place(number))
    if not told.get("scan/state"):
        return None
    verdict, summary = told.get("scan/verdict"), told.get("scan/summary")
    stood, found = bool(told.get("scan/allowed")), _scanned(state, number)
    return Scan(
        state=ScanState(told["scan/state"]),
        requested_at=told["scan/requested_at"],
        allowed=stood if found is None else both_allowed(policy, found, _opinion(state, number)),
        verdict=Verdict(verdict) if verdict else None,
        finished_at=told.get("scan/finished_at"),
        summary=summary if isinstance(summary, str) else "",
        release=_release(told),
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """One version's content: what the events told of it so far, and what is stored now."""

    state: Rebuilt
    number: int
    policy: ScanPolicy
    stored: Stored

    def told(self, kind: str) -> Facts:
        return self.state.fields(place(kind, self.number))

    @property
    def is_read(self) -> bool:
        """Whether the registry had read the files and signed them."""
        return bool(self.told(RegistrySignature.kind))

    @property
    def kept(self) -> Kept:
        """What is stored of the version. Raises UntoldError."""
        if self.number in self.stored.skipped:
            raise UntoldError(f"what is stored of version {self.number} was not looked up: too many versions moved")
        kept = self.stored.versions.get(self.number)
        # A model of the same name may have been deleted, and may have had other versions.
        if kept is None or kept.digest != self.state.fields(version_place(self.number))["digest"]:
            raise UntoldError(f"version {self.number} is no longer stored")
        return kept


def _scan(content: _Content) -> dict[str, Any]:
    """Nothing, as the scan is a field of the version; but whether the scheme allows what was found may be unknown."""
    found = content.told(Findings.kind).get("scanned/unscanned_suffixes")
    if is_digest(found) and content.policy.unscanned_suffixes is not None:
        raise UntoldError("the endings of its unscanned files are too many for an event")
    return {}


def _scanned(state: Rebuilt, number: int) -> Scanned | None:
    """What a scan had found, as far as a policy judges it; None before the first one ended."""
    told = state.fields(place(Findings.kind, number))
    counts, suffixes = told.get("scanned/counts"), told.get("scanned/unscanned_suffixes")
    if not counts:
        return None
    return Scanned(_counted(counts), unscanned_suffixes=tuple(suffixes) if isinstance(suffixes, list) else ())


def _opinion(state: Rebuilt, number: int) -> Opinion | None:
    """The second opinion on what was found, as far as a policy judges it; None if there was none."""
    told = state.fields(place(Findings.kind, number))
    scanner, counts = told.get("opinion/scanner"), told.get("opinion/scanned/counts")
    if not scanner:
        return None
    return Opinion(scanner, Scanned(_counted(counts)) if counts else None)


def _counted(counts: Mapping[str, int]) -> dict[Verdict, int]:
    return {Verdict(verdict): count for verdict, count in counts.items()}


def _release(told: Facts) -> Release | None:
    until = told.get("scan/release/expires_at")
    if not until:
        return None
    return Release(told["scan/release/at"], told["scan/release/by"], "", until)


def _assessment(content: _Content) -> dict[str, Any]:
    told = content.told(Assessment.kind)
    if not told.get("matched/sha256"):
        return {"assessment": None}
    matched = Matched(
        sha256=told["matched/sha256"],
        published_at=told["matched/published_at"],
        index=told.get("matched/index") or 0,
        requirements=told.get("matched/requirements") or 0,
        findings=tuple(_finding(one) for one in _list(content, told, "findings")),
        unpinned=tuple(_list(content, told, "unpinned")),
        cut=told.get("matched/cut") or 0,
    )
    statements = {name: _statement(said) for name, said in named(told, "statements").items() if said.get("status")}
    return {"assessment": Assessment(content.number, matched, statements=statements)}


def _list(content: _Content, told: Facts, part: str) -> list[Any]:
    """A list of what was found, in full. Raises UntoldError if it was long, and another is stored by now."""
    said = told.get(f"matched/{part}")
    if not is_digest(said):
        return said or []
    assessment = content.kept.assessment
    if assessment is None or facts_of(assessment).get(f"matched/{part}") != said:
        raise UntoldError("what was found then is not stored: it was matched again since, and more or less was found")
    return list(getattr(assessment.matched, part))


def _finding(said: Finding | Mapping[str, Any]) -> Finding:
    if isinstance(said, Finding):
        return said
    return Finding(**{**said, "severity": Severity(said["severity"]), "aliases": tuple(said.get("aliases", ()))})


def _statement(said: Mapping[str, Any]) -> Statement:
    """A statement, without what no gate looks at. Raises UntoldError if it is not known who stated it."""
    if is_digest(said.get("claims")) or is_digest(said.get("roles")):
        raise UntoldError("what is known of who stated something of a vulnerability is too long for an event")
    return Statement(
        status=VexStatus(said["status"]),
        justification="",
        detail="",
        expires_at=said.get("expires_at"),
        stated_at=said["stated_at"],
        stated_by=said["stated_by"],
        person=said.get("person") or "",
        roles=tuple(said.get("roles") or ()),
        claims=said.get("claims") or {},
    )


def _signers(content: _Content) -> dict[str, Any]:
    brought = [
        _signature(said) for said in named(content.told(Brought.kind), "by_name").values() if said.get("recorded_at")
    ]
    return {
        "signers": doubts(brought, content.stored.signers, content.is_read),
        "signed_by_registry": content.is_read,
    }


def _signature(said: Mapping[str, Any]) -> BroughtSignature:
    """A signature, without its bundle."""
    return BroughtSignature(
        packed="",
        signed_with=SignedWith(said["signed_with"]),
        signer=said.get("signer") or "",
        trust=said.get("trust") or "",
        identity="",
        recorded_at=said["recorded_at"],
        recorded_by=said["recorded_by"],
        unproven=said.get("unproven") or "",
    )


def _attestations(content: _Content) -> dict[str, Any]:
    told = named(content.told(Attestations.kind), "by_name")
    recorded = {name: said for name, said in told.items() if said.get("predicate_type")}
    return {
        "attestations": {
            name: _attestation(content, name, said).attested(content.stored.signers, content.is_read)
            for name, said in recorded.items()
        }
    }


def _attestation(content: _Content, name: str, said: Mapping[str, Any]) -> Attestation:
    """The attestation with the envelope that is stored, if it is still the same. Raises UntoldError."""
    kept = content.kept.attestations or Attestations(content.number)
    now = named(facts_of(kept), "by_name").get(name, {})
    envelope = ("envelope/payload", "envelope/signatures")
    if any(said.get(part) is None or now.get(part) != said[part] for part in envelope):
        raise UntoldError(f"the attestation {name} was recorded again or withdrawn since")
    verified = {one: said.get(f"verification/{one}") or "" for one in Verification.__dataclass_fields__}
    return replace(kept.by_name[name], whole=bool(said.get("whole")), verification=Verification(**verified))


def _licensing(content: _Content) -> dict[str, Any]:
    card = content.state.fields(place(Card.kind))
    fields = {name: told[""] for name, told in named(card, "fields").items() if told[""]}
    if any(is_digest(fields.get(name)) or fields.get(name) == UNKNOWN for name in ("license", "extra")):
        raise UntoldError("the fields of the model's card are too long for an event")
    licensing = content.kept.licensing
    if licensing is None:
        raise UntoldError(f"the lineage of version {content.number} was not followed: too many versions moved")
    own = replace(licensing, own=stated_license(fields))
    return {"licensing": lambda: own}


def _file_formats(content: _Content) -> dict[str, Any]:
    formats = content.kept.file_formats
    return {"file_formats": lambda: formats}


_TELLERS: Final[Mapping[LookedAt, Callable[[_Content], dict[str, Any]]]] = {
    LookedAt.SCAN: _scan,
    LookedAt.VULNERABILITIES: _assessment,
    LookedAt.SIGNATURES: _signers,
    LookedAt.ATTESTATIONS: _attestations,
    LookedAt.LICENSES: _licensing,
    LookedAt.FORMATS: _file_formats,
}
