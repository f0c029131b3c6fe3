"""A version as a commit of a Git repository: forty hexadecimal digits that name its number and its files.

Clients of the Hugging Face Hub turn a branch into a commit once, and then ask for the commit. The first eight digits
are the version's number, so that nothing need be stored to find it; the others begin its digest.
"""

import re
from typing import Final

_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_NUMBER_DIGITS: Final = 8
_DIGEST_DIGITS: Final = 32


def commit_of(number: int, digest: str) -> str:
    """The commit of a version. It never changes, since neither does its number or its ``digest``."""
    return f"{number:0{_NUMBER_DIGITS}x}{digest[:_DIGEST_DIGITS]}"


def number_in(revision: str) -> int | None:
    """The number of the version that a commit names; None if ``revision`` is no commit."""
    return int(revision[:_NUMBER_DIGITS], 16) if _COMMIT.fullmatch(revision) else None
