"""What another tool found about a feature."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A result of another tool: which feature, by which statistic, and whether it says that something is wrong.

    ``score`` and ``threshold`` are the tool's own, and None where it gives none. ``period`` says which part of the data
    it is about, in the tool's words, if it divides the data.
    """

    feature: str
    statistic: str
    failed: bool
    score: float | None = None
    threshold: float | None = None
    description: str = ""
    period: str | None = None
