"""What a scan says of a file follows from its reasons."""

import pytest

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.verdict import Verdict, worst


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), Verdict.CLEAN),
        ((Verdict.CLEAN, Verdict.UNSCANNED), Verdict.UNSCANNED),
        ((Verdict.REVIEW, Verdict.UNSCANNED), Verdict.REVIEW),
        ((Verdict.UNSAFE, Verdict.REVIEW, Verdict.CLEAN), Verdict.UNSAFE),
    ],
)
def test_the_worst_verdict_is_that_of_the_whole(given: tuple[Verdict, ...], expected: Verdict) -> None:
    assert worst(given) is expected
    reasons = tuple(Reason(verdict, "code", "Text.") for verdict in given)
    assert FileScan("pickle", reasons).verdict is expected


def test_a_scan_is_read_back_as_it_was_written() -> None:
    found = FileScan("pickle", (Reason(Verdict.REVIEW, "import", "It imports a.b.", "data.pkl"),), ("a.b",))
    assert FileScan.from_document(found.document()) == found
