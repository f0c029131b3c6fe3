"""What may be copied, and by whom."""

import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.versions.intake import (
    MAX_AT_ONCE_BYTES,
    MAX_AT_ONCE_FILES,
    MAX_TOTAL_BYTES,
    Intake,
    SourceFile,
    check_files,
    intake_for,
)
from chalicelib.domain.versions.manifest import MAX_FILES


def files(count: int, size: int = 0) -> list[SourceFile]:
    return [SourceFile(f"data/{number}", size) for number in range(count)]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], Intake.AT_ONCE),
        (files(MAX_AT_ONCE_FILES), Intake.AT_ONCE),
        (files(MAX_AT_ONCE_FILES + 1), Intake.DEFERRED),
        (files(2, MAX_AT_ONCE_BYTES // 2), Intake.AT_ONCE),
        (files(2, MAX_AT_ONCE_BYTES // 2 + 1), Intake.DEFERRED),
    ],
)
def test_a_request_copies_only_what_takes_little_time(sources: list[SourceFile], expected: Intake) -> None:
    assert intake_for(sources) is expected


def test_many_files_and_as_many_bytes_as_can_be_copied_are_taken() -> None:
    check_files(files(MAX_FILES // 2))
    check_files(files(2, MAX_TOTAL_BYTES // 2))


@pytest.mark.parametrize(
    ("sources", "problem"),
    [
        (files(MAX_FILES + 1), f"at most {MAX_FILES} files"),
        (files(2, MAX_TOTAL_BYTES // 2 + 1), f"at most {MAX_TOTAL_BYTES} are copied"),
        ([*files(1), *files(1)], "two files have the same path"),
    ],
)
def test_files_that_a_version_cannot_have_are_refused(sources: list[SourceFile], problem: str) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        check_files(sources)


def test_a_reference_is_not_copied_and_its_size_does_not_count() -> None:
    check_files([SourceFile("far", MAX_TOTAL_BYTES + 1, uri="s3://elsewhere/far")])
