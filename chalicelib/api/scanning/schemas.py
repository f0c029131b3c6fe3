"""Schemas of scans and quarantine."""

from typing import Literal

from chalicelib.api.document import Body, GivenTime, Reason, Time, VersionNumber, View

VerdictName = Literal["clean", "unscanned", "review", "unsafe"]
StateName = Literal["pending", "done", "failed"]


class ReleaseView(View):
    """Broken glass: who gives the bytes out in spite of the scan, since when and until when."""

    at: Time
    by: str
    reason: str
    expires_at: Time


class VersionScanView(View):
    """Where the scan of a version stands.

    ``allowed`` says whether the model's scheme let the version out of quarantine when it was judged last, by a verdict
    of ``ruleset``. While another scan is ``pending``, the last verdict holds. The bytes are given out if the version is
    ``allowed`` and the scan has not ``failed``, or if a ``release`` holds. ``summary`` is the worst that was found.
    ``cut_off`` is how many scans by a later ruleset the scanner has not come through since; the third closes the
    version.
    """

    state: StateName
    requested_at: Time
    allowed: bool
    verdict: VerdictName | None
    ruleset: int
    finished_at: Time | None
    summary: str
    release: ReleaseView | None
    cut_off: int


class ReasonView(View):
    """One thing that the scan noticed, and what it makes of the file. ``where`` is the place within the file."""

    verdict: VerdictName
    code: str
    text: str
    where: str


class FileFindingsView(View):
    """What was found in a file. ``imports`` are what loading it would import."""

    path: str
    format: str
    verdict: VerdictName
    reasons: list[ReasonView]
    imports: list[str]


class SecondOpinionView(View):
    """What a second scanner sees in the pickles of the version, which can only make the verdict worse.

    ``files`` are those of which it has something to say. ``failure`` says why there is no opinion; then its verdict is
    ``review``.
    """

    scanner: str
    verdict: VerdictName
    failure: str
    counts: dict[VerdictName, int]
    files: list[FileFindingsView]
    cut: int


class FindingsView(View):
    """What the last finished scan found: the worst files first. ``cut`` files more are left out.

    ``second_opinion`` is null where the registry asks for none.
    """

    ruleset: int
    finished_at: Time
    counts: dict[VerdictName, int]
    files: list[FileFindingsView]
    cut: int
    second_opinion: SecondOpinionView | None


class ScanView(View):
    """The scan of a version. ``open`` says whether its bytes are given out now.

    ``scan`` is null if the version was registered without scanning; such a version is open.
    """

    model: str
    version: VersionNumber
    open: bool
    scan: VersionScanView | None
    findings: FindingsView | None


class ReleaseQuarantine(Body):
    """The reason is kept in the ledger. A release ends at ``expires_at``, at most 90 days from now."""

    reason: Reason
    expires_at: GivenTime
