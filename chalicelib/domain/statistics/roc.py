"""The area under a ROC curve, whose uncertainty follows from the area and the numbers of examples alone."""

from math import sqrt

from chalicelib.domain.statistics.interval import Interval
from chalicelib.domain.statistics.proportions import clopper_pearson
from chalicelib.domain.statistics.refusals import check_count, check_level, refused
from chalicelib.domain.statistics.special import normal_critical


def hanley_mcneil(area: float, positives: int, negatives: int) -> float:
    """The standard error of an area under the ROC curve, measured on so many positive and negative examples.

    Source: J. A. Hanley and B. J. McNeil (1982), Radiology 143, 29-36. Raises InvalidInputError for an area outside of
    0 to 1, and unless there is an example of each class.
    """
    if not 0 <= area <= 1:
        raise refused("/area", "must lie in 0 to 1")
    check_count(positives, "/positives", least=1)
    check_count(negatives, "/negatives", least=1)
    square = area * area
    two_positives = area / (2 - area) - square
    two_negatives = 2 * square / (1 + area) - square
    variance = area * (1 - area) + (positives - 1) * two_positives + (negatives - 1) * two_negatives
    # Rounding may leave a little less than nothing where the area is 0 or 1.
    return sqrt(max(0.0, variance) / (positives * negatives))


def auc_interval(area: float, positives: int, negatives: int, level: float = 0.95) -> Interval:
    """The interval of an area under the ROC curve, within 0 to 1. Raises InvalidInputError as ``hanley_mcneil`` does.

    For an area of 0 or 1 the standard error is 0, which would claim too much. There it is Clopper and Pearson's
    interval: each example of the rarer class makes a pair of its own, and all these pairs were in the same order.
    """
    check_level(level)
    error = hanley_mcneil(area, positives, negatives)
    if error == 0:
        pairs = min(positives, negatives)
        return clopper_pearson(pairs if area > 1 / 2 else 0, pairs, level)
    reach = normal_critical((1 - level) / 2) * error
    return Interval(max(0.0, area - reach), min(1.0, area + reach))
