"""What a second scanner's reading of pickles means here.

It is asked what it sees imported, not how it judges a whole file. What the scan of the registry allows by exact pairs
does not count again: other scanners know nothing of scikit-learn, and would keep every such model in quarantine. So
what counts is an import that only the second reader sees, or sees otherwise. It may add to a verdict, and takes nothing
from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.pickles.imports import is_allowed
from chalicelib.domain.scanning.reasons import bounded, note, review, shown, unsafe

# The codes of its reasons.
IMPORT: Final = "second_opinion"
PARTIAL: Final = "no_second_opinion"
FAILED: Final = "second_opinion_failed"
_FORMAT: Final = "pickle"
_CODES: Final = frozenset({IMPORT, PARTIAL, FAILED})


@dataclass(frozen=True, slots=True)
class SeenImport:
    """An import that a second scanner sees in a pickle. ``denied``: it is on its list of what is dangerous."""

    module: str
    name: str
    denied: bool


def second_reading(scanner: str, seen: Iterable[SeenImport], *, whole: bool) -> FileScan:
    """What ``scanner`` sees in a pickle that is not allowed. ``whole``: it read all of it."""
    imports = sorted({one for one in seen if not is_allowed(one.module, one.name)}, key=_by_name)
    reasons = [_reason(scanner, one) for one in imports]
    if not whole:
        reasons.append(_partial(scanner))
    return bounded(FileScan(_FORMAT, tuple(reasons)))


def unread(scanner: str) -> FileScan:
    """That it read nothing of a pickle that counts, because there is too much of it."""
    return FileScan(_FORMAT, (_partial(scanner),))


def _partial(scanner: str) -> Reason:
    """That it could not read a pickle to its end.

    This is only worth knowing. Arrays between opcodes, as joblib writes them, stop readers that know nothing of them,
    so such models would never leave quarantine. And what the registry's own scan cannot read is for review already.
    """
    return note(PARTIAL, f"{scanner} could not read it to its end.")


def failed(scanner: str, error: str) -> FileScan:
    """That it failed at a pickle. No benign one is known that does it, so somebody must look."""
    return FileScan(_FORMAT, (review(FAILED, f"{scanner} failed at it ({error})."),))


def only_second(scan: FileScan) -> FileScan:
    """The scan without the reasons of opening the file, which the registry's own scan has as well."""
    return replace(scan, reasons=tuple(one for one in scan.reasons if one.code in _CODES))


def _reason(scanner: str, one: SeenImport) -> Reason:
    path = shown(f"{one.module}.{one.name}")
    if one.denied:
        return unsafe(IMPORT, f"{scanner} sees that loading it imports {path}, which it lists as dangerous.")
    return review(IMPORT, f"{scanner} sees that loading it imports {path}, which is not allowed.")


def _by_name(one: SeenImport) -> tuple[str, str, bool]:
    return one.module, one.name, one.denied
