"""Histograms of random and of given data, and what a refusal points at."""

from bisect import bisect_left
from collections.abc import Sequence

import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.statistics.histogram import Histogram, Kind


def pointers(refusal: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [problem.pointer for problem in refusal.value.problems]


def numeric(numbers: Sequence[float], edges: Sequence[float], missing: int = 0, name: str = "age") -> Histogram:
    """The summary of some numbers."""
    counts = [0] * (len(edges) + 1)
    for number in numbers:
        counts[bisect_left(edges, number)] += 1
    if not numbers:
        return Histogram(name, Kind.NUMERIC, tuple(counts), missing, tuple(edges))
    mean = sum(numbers) / len(numbers)
    m2 = sum((number - mean) ** 2 for number in numbers)
    return Histogram(name, Kind.NUMERIC, tuple(counts), missing, tuple(edges), (), mean, m2, min(numbers), max(numbers))


def categorical(given: Sequence[str], values: Sequence[str], missing: int = 0, name: str = "country") -> Histogram:
    """The summary of some categories."""
    counts = [sum(one == value for one in given) for value in values]
    return Histogram(name, Kind.CATEGORICAL, (*counts, len(given) - sum(counts)), missing, values=tuple(values))
