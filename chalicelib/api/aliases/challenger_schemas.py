"""Schemas of the champion's challenger."""

from chalicelib.api.document import Body, Reason, VersionNumber, View
from chalicelib.api.evidence.comparison_schemas import ComparisonView


class PromoteChallenger(Body):
    """``expected_version`` makes it a compare-and-set on where the challenger points."""

    expected_version: VersionNumber | None = None
    reason: Reason | None = None


class RetireChallenger(Body):
    reason: Reason | None = None


class ChallengerComparisonView(View):
    """The champion and its challenger, null if there is none. ``comparison`` is null unless there are both."""

    model: str
    champion: VersionNumber | None
    challenger: VersionNumber | None
    comparison: ComparisonView | None
