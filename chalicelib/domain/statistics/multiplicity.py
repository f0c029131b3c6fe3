"""Many tests at once: probabilities adjusted so that the number of tests does not itself produce findings.

The adjusted values keep the order of those given. A finding is what lies under the level wanted. Raises
InvalidInputError for a value that is no probability.
"""

from collections.abc import Sequence

from chalicelib.domain.statistics.refusals import refused


def holm(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Adjusted so that the chance of even one false finding stays under the level. For gates.

    Source: S. Holm (1979).
    """
    adjusted = [0.0] * len(probabilities)
    largest = 0.0
    for rank, index in enumerate(_ascending(probabilities)):
        largest = max(largest, min(1.0, (len(probabilities) - rank) * probabilities[index]))
        adjusted[index] = largest
    return tuple(adjusted)


def benjamini_hochberg(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Adjusted so that the share of false ones among the findings stays under the level. For monitors of many
    features.

    Source: Y. Benjamini and Y. Hochberg (1995).
    """
    adjusted = [0.0] * len(probabilities)
    smallest = 1.0
    for rank, index in reversed(list(enumerate(_ascending(probabilities), start=1))):
        smallest = min(smallest, len(probabilities) / rank * probabilities[index])
        adjusted[index] = smallest
    return tuple(adjusted)


def level_of_each(probabilities: Sequence[float], alpha: float) -> float:
    """The level under which those probabilities lie that ``benjamini_hochberg`` leaves under ``alpha``, and no others.

    There is one at least. If none of them is left, it is what the smallest would have had to lie under.
    """
    left = sum(adjusted <= alpha for adjusted in benjamini_hochberg(probabilities))
    return alpha * max(left, 1) / len(probabilities)


def _ascending(probabilities: Sequence[float]) -> list[int]:
    for index, probability in enumerate(probabilities):
        if not 0 <= probability <= 1:
            raise refused(f"/{index}", "must be a probability, 0 to 1")
    return sorted(range(len(probabilities)), key=probabilities.__getitem__)
