"""The policy of a scheme: which verdicts let a version out of quarantine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.scanning.verdict import Verdict

if TYPE_CHECKING:
    from chalicelib.domain.scanning.findings import Scanned

ALLOWED_BY_DEFAULT: Final = (Verdict.CLEAN, Verdict.UNSCANNED)
# UNSAFE is not among them: only a release gives such bytes out.
NAMEABLE: Final = (Verdict.CLEAN, Verdict.UNSCANNED, Verdict.REVIEW)


@dataclass(frozen=True, slots=True)
class ScanPolicy:
    """Each file's verdict must be in ``allow``.

    With ``unscanned_suffixes``, the name of an UNSCANNED file must also end with one of these.
    """

    allow: tuple[Verdict, ...] = ALLOWED_BY_DEFAULT
    unscanned_suffixes: tuple[str, ...] | None = None

    def allows(self, scanned: "Scanned") -> bool:
        """Whether a version of which this was found leaves quarantine. An UNSAFE one never does."""
        known = set(self.allow) - {Verdict.UNSAFE}
        named = self.unscanned_suffixes is None or set(scanned.unscanned_suffixes) <= set(self.unscanned_suffixes)
        return set(scanned.counts) <= known and named


def policy_from(document: Mapping[str, Any] | None) -> ScanPolicy:
    """The policy of the ``scanning`` section of a validated scheme; the default one if it has none."""
    given = document or {}
    allow, suffixes = given.get("allow"), given.get("unscanned_suffixes")
    return ScanPolicy(
        ALLOWED_BY_DEFAULT if allow is None else tuple(Verdict(name) for name in allow),
        None if suffixes is None else tuple(suffixes),
    )
