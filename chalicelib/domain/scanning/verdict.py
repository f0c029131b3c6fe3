"""Verdicts: what a scan says of a file, and of a version by its files."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """What is known of a file.

    CLEAN: loading it by its format's own loader imports nothing but what is allowed, and it carries nothing that the
    rules name. UNSCANNED: its format is not known, or its bytes are not here. REVIEW: somebody must look, because it
    imports what nobody has allowed, could not be read to its end, or breaks a rule that may have a good reason.
    UNSAFE: loading it runs what no model needs.
    """

    CLEAN = "clean"
    UNSCANNED = "unscanned"
    REVIEW = "review"
    UNSAFE = "unsafe"


# From the best to the worst.
_ORDER: Final = tuple(Verdict)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of them; CLEAN if there are none."""
    return max(verdicts, key=_ORDER.index, default=Verdict.CLEAN)
