"""The second opinion on a version, and how it counts beside the registry's own scan: it can only make things worse."""

from chalicelib.domain.scanning.findings import Findings, Opinion, Scanned
from chalicelib.domain.scanning.policy import ScanPolicy
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.scanning.verdict import Verdict, worst


def opinion_from(result: ScanResult) -> Opinion:
    """The opinion that a result of a second scanner gives. Files of which it has nothing to say are only counted."""
    if result.scanned is None:
        return Opinion(result.scanner, None, result.failure)
    found = result.scanned
    told = tuple(file for file in found.files if file.scan.reasons)
    return Opinion(result.scanner, Scanned(found.counts, told, found.cut, found.unscanned_suffixes))


def opinion_missing(findings: Findings | None, scanner: str) -> bool:
    """Whether what was found lacks the opinion of ``scanner``, a name with a version; empty if no opinion is wanted."""
    opinion = None if findings is None else findings.opinion
    return bool(scanner) and (opinion is None or opinion.scanner != scanner)


def joint_verdict(own: Scanned, opinion: Opinion | None) -> Verdict:
    """The worse of the two."""
    return own.verdict if opinion is None else worst((own.verdict, opinion.verdict))


def joint_summary(own: Scanned, opinion: Opinion | None) -> str:
    """The worst that either found, in a sentence; of equals, what the registry's own scan did."""
    return (
        own.summary if opinion is None or joint_verdict(own, None) is joint_verdict(own, opinion) else opinion.summary
    )


def both_allowed(policy: ScanPolicy, own: Scanned, opinion: Opinion | None) -> bool:
    """Whether a policy lets a version out of quarantine: it must allow every verdict of either, CLEAN always being so.

    The two are judged apart. One verdict for each file would let more out: a policy that allows ``review`` and not
    ``unscanned`` would allow an unscanned file as soon as a second opinion made it one for review.
    """
    return policy.allows(own) and (opinion is None or _verdicts(opinion) <= set(policy.allow) - {Verdict.UNSAFE})


def _verdicts(opinion: Opinion) -> set[Verdict]:
    """The verdicts in an opinion that must be allowed."""
    found = {opinion.verdict} if opinion.scanned is None else set(opinion.scanned.counts)
    return found - {Verdict.CLEAN}
