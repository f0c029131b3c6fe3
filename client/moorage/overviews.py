"""Results that show a model or a version at a glance."""

from dataclasses import dataclass, field
from datetime import datetime

from moorage.checks import Check
from moorage.comparison import MetricRow, Row
from moorage.evaluations import Evaluation
from moorage.results import Model, Version, VersionSummary


@dataclass(frozen=True, slots=True)
class StageOverview:
    """A stage of a model's scheme.

    ``count`` versions stand in it. ``version`` holds it or entered it last, and ``versions`` are that one and the
    newest others. ``next`` are the stages that a version can move to from here, ``aliases`` move to whoever enters.
    """

    name: str
    count: int
    version: int | None = None
    versions: tuple[VersionSummary, ...] = ()
    description: str = ""
    exclusive: bool = False
    protected: bool = False
    terminal: bool = False
    holding: bool = False
    aliases: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """Two versions side by side: all metrics, and the parameters that differ. The one measured against comes first."""

    metrics: tuple[MetricRow, ...] = ()
    parameters: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class VoteSummary:
    """The latest vote of one person. ``void`` is True if what they voted on has changed since."""

    principal: str
    approve: bool
    at: datetime
    void: bool = False


@dataclass(frozen=True, slots=True)
class RequestSummary:
    """An open transition request in short, with the votes so far."""

    number: int
    version: int
    from_stage: str
    to_stage: str
    state: str
    requested_by: str
    requested_at: datetime
    reason: str | None = None
    due_at: datetime | None = None
    reviewers: tuple[str, ...] = ()
    votes: tuple[VoteSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionLength:
    """How many characters a section of the card has, and how many the model's scheme asks for."""

    name: str
    characters: int
    needed: int


@dataclass(frozen=True, slots=True)
class CardSummary:
    """The beginning of a model card's introduction, and how far its sections are written."""

    revision: int
    introduction: str = ""
    introduction_cut: bool = False
    sections: tuple[SectionLength, ...] = ()
    updated_at: datetime | None = None
    updated_by: str | None = None


@dataclass(frozen=True, slots=True)
class MonitorHealth:
    """A monitor's verdict, the version that it is about, and since when it is so."""

    name: str
    verdict: str
    version: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ModelOverview:
    """A model at a glance.

    ``differences`` are the challenger's from the champion. ``requests`` are the open ones, ``locked`` the locked
    versions. ``directions`` says which metrics are better when higher (``up``) or lower (``down``).
    """

    model: Model
    stages: tuple[StageOverview, ...]
    card: CardSummary
    champion: VersionSummary | None = None
    challenger: VersionSummary | None = None
    differences: Differences | None = None
    requests: tuple[RequestSummary, ...] = ()
    locked: tuple[int, ...] = ()
    directions: dict[str, str] = field(default_factory=dict)
    monitors: tuple[MonitorHealth, ...] = ()

    def _repr_html_(self) -> str:
        from moorage.notebook import model_overview_html

        return model_overview_html(self)


@dataclass(frozen=True, slots=True)
class ComparedTo:
    """The version that another is measured against, and what holds it, such as ``alias:champion``."""

    pointer: str
    version: VersionSummary


@dataclass(frozen=True, slots=True)
class VersionOverview:
    """A version at a glance. ``differences`` are its own from the version that it is ``compared_to``.

    ``requests`` are the open ones. ``directions`` says which metrics are better when higher (``up``) or lower
    (``down``).
    """

    version: Version
    checks: tuple[Check, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    compared_to: ComparedTo | None = None
    differences: Differences | None = None
    requests: tuple[RequestSummary, ...] = ()
    directions: dict[str, str] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        from moorage.notebook import version_overview_html

        return version_overview_html(self)
