"""A large checkpoint is scanned within the budgets of bytes and memory."""

from bench import scanning
from chalicelib.domain.scanning.verdict import Verdict


def test_large_checkpoints_are_scanned_within_their_budgets() -> None:
    for row in scanning.rows():
        assert row["verdict"] == Verdict.CLEAN.value
        assert row["bytes"] < row["bytes_budget"]
        assert row["memory"] < row["memory_budget"]
