"""Everything that is allowed. A change of it needs a new ruleset number in ruleset.py."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.scanning.pickles.allowed import boosting, numpy, pandas, python, scipy, sklearn, torch
from chalicelib.domain.scanning.pickles.allowed.entry import Entry, Use

# Stands for an array whose bytes follow it in the stream.
JOBLIB_ARRAY: Final = ("joblib.numpy_pickle", "NumpyArrayWrapper")

ALLOWED: Final[Mapping[tuple[str, str], Entry]] = {
    **python.ALLOWED,
    **numpy.ALLOWED,
    **scipy.ALLOWED,
    **pandas.ALLOWED,
    **sklearn.ALLOWED,
    **boosting.ALLOWED,
    **torch.ALLOWED,
    JOBLIB_ARRAY: Entry(Use.CREATED),
}
