"""Schemas of overviews."""

from chalicelib.api.document import Time, VersionNumber, View
from chalicelib.api.evidence.check_schemas import CheckView
from chalicelib.api.evidence.comparison_schemas import MetricRowView, RowView
from chalicelib.api.evidence.evaluation_schemas import EvaluationView
from chalicelib.api.models.schemas import ModelView
from chalicelib.api.monitoring.schemas import VerdictName
from chalicelib.api.promotion.schemas import RequestState
from chalicelib.api.schemes.field_schemas import Directions
from chalicelib.api.versions.schemas import VersionSummaryView, VersionView


class StageOverviewView(View):
    """A stage of the model's scheme. ``count`` versions stand in it, and ``version`` holds it or entered it last.

    ``versions`` are that one and the newest others, at most nine, highest number first. ``holding``: a version in the
    stage cannot be deleted. ``aliases`` are moved to each version that enters.
    """

    name: str
    description: str
    exclusive: bool
    protected: bool
    terminal: bool
    holding: bool
    aliases: list[str]
    next: list[str]
    count: int
    version: VersionNumber | None
    versions: list[VersionSummaryView]


class DifferencesView(View):
    """A version beside the one that it is measured by, whose values come first in each row.

    ``metrics`` are all that one of them has, ``parameters`` only those that are not the same.
    """

    metrics: list[MetricRowView]
    parameters: list[RowView]


class VoteSummaryView(View):
    """One person's last vote. What was voted on has changed since if ``void``."""

    principal: str
    approve: bool
    at: Time
    void: bool


class RequestSummaryView(View):
    """An open transition request in short, with the votes so far."""

    number: int
    version: VersionNumber
    from_stage: str
    to_stage: str
    state: RequestState
    requested_by: str
    requested_at: Time
    reason: str | None
    due_at: Time | None
    reviewers: list[str]
    votes: list[VoteSummaryView]


class SectionLengthView(View):
    """How many characters a section has, and how many the scheme asks of it: 0 if nothing."""

    name: str
    characters: int
    needed: int


class CardSummaryView(View):
    """``introduction`` is the beginning of the card's own. ``introduction_cut``: there is more of it."""

    revision: int
    updated_at: Time | None
    updated_by: str | None
    introduction: str
    introduction_cut: bool
    sections: list[SectionLengthView]


class HealthView(View):
    """A monitor: its verdict, the version that it is about, and since when it is so."""

    name: str
    verdict: VerdictName
    version: VersionNumber | None
    since: Time


class ModelOverviewView(View):
    """A model at a glance. ``requests`` are the open ones, oldest first; ``locked`` are the locked versions.

    ``differences`` are the challenger's from the champion, null unless there are both.
    """

    model: ModelView
    locked: list[VersionNumber]
    stages: list[StageOverviewView]
    champion: VersionSummaryView | None
    challenger: VersionSummaryView | None
    differences: DifferencesView | None
    requests: list[RequestSummaryView]
    card: CardSummaryView
    directions: Directions
    monitors: list[HealthView]


class BaseView(View):
    """The version that another is measured against, and what holds it: ``alias:champion`` or ``stage:<name>``."""

    pointer: str
    version: VersionSummaryView


class VersionOverviewView(View):
    """A version at a glance. ``requests`` are the open ones, oldest first.

    ``compared_to`` is the champion, or without one the holder of the last exclusive stage. It is null if there is
    neither, or if it is this version. ``differences`` are this version's from that one.
    """

    version: VersionView
    checks: list[CheckView]
    evaluations: list[EvaluationView]
    compared_to: BaseView | None
    differences: DifferencesView | None
    requests: list[RequestSummaryView]
    directions: Directions
