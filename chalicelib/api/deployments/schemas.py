"""Schemas of deployments, reports, heartbeats, and what runs where."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.document import Body, Digest, GivenTime, Paging, Reason, Time, VersionNumber, View
from chalicelib.api.promotion.schemas import Reference
from chalicelib.domain.deployments.deployment import MAX_DETAIL, MAX_LINKS, Status
from chalicelib.domain.deployments.recall import Recall
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.names import MAX_MODEL_NAME

StatusName = Literal["pending", "in_progress", "succeeded", "failed", "rolled_back", "superseded"]
ReportedStatus = Literal["in_progress", "succeeded", "failed", "rolled_back"]
TargetName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.\-]{0,63}$")]


class Deploy(Body):
    """A version to deploy by hand: a number, or an ``@alias``, which means the version that it points at now."""

    target: TargetName
    version: VersionNumber | Reference
    reason: Reason | None = None


class Retry(Body):
    reason: Reason | None = None


class ReportStatus(Body):
    """What became of a deployment. A report that was made before changes nothing."""

    status: ReportedStatus
    detail: str | None = Field(None, max_length=MAX_DETAIL, description="How it stands, in a sentence.")
    links: dict[str, str] | None = Field(
        None, max_length=MAX_LINKS, description="URLs of pages about it, by their titles."
    )
    attempt: int | None = Field(
        None, ge=1, description="The attempt that the report is about. A report of an earlier one is refused."
    )

    def report(self) -> Report:
        return Report(Status(self.status), self.detail, self.links, self.attempt)


class Observe(Body):
    """What a target serves of ``model``. A ``version`` of null: none. Without ``digest``, any bytes are right."""

    model: str = Field(min_length=1, max_length=MAX_MODEL_NAME)
    version: VersionNumber | None
    digest: Digest | None = None


class ListDeployments(Paging):
    target: TargetName | None = Field(None, description="Only deployments on this target.")
    status: StatusName | None = Field(None, description="Only deployments of this status.")

    def wanted(self) -> Status | None:
        return None if self.status is None else Status(self.status)


class ListPlacesAsOf(Paging):
    time: GivenTime = Field(description="When.")


class AskRecall(Paging):
    """What to look for in what versions say of themselves. A version that has one of these is listed."""

    requirement: str | None = Field(
        None, min_length=1, max_length=1_000, description="The name of a package, or a whole requirement."
    )
    dataset: str | None = Field(None, min_length=1, max_length=1_000, description="The name of a dataset.")
    digest: str | None = Field(None, min_length=1, max_length=1_000, description="Of a version, or of a dataset.")

    def recall(self) -> Recall:
        """Raises InvalidInputError if nothing is asked for."""
        return Recall(self.requirement, self.dataset, self.digest)


class CauseView(View):
    """The event that opened a deployment: a move of a stage or alias, a failure, or its own if opened by hand."""

    event_id: str
    event_type: str
    sequence: int


class DeploymentView(View):
    """A deployment of ``version`` on ``target``.

    ``waited_for`` is the deployment that ran there when it was opened. ``rolls_back`` is the deployment in whose place
    this one puts an earlier version. ``correlation_id`` is in everything that this deployment belongs to.
    """

    model: str
    number: int
    target: str
    kind: str
    environment: str
    version: VersionNumber
    digest: str
    status: StatusName
    attempt: int
    cause: CauseView
    opened_at: Time
    opened_by: str
    reason: str | None
    waited_for: int | None
    rolls_back: int | None
    rolled_back_by: int | None
    superseded_by: int | None
    started_at: Time | None
    ended_at: Time | None
    reported_by: str | None
    detail: str
    links: dict[str, str]
    correlation_id: str | None


class ServingView(View):
    """What a target serves, since when, and who said so. ``version`` is null if it serves none."""

    version: int | None
    digest: str | None
    since: Time
    by: str


class WantedView(View):
    version: VersionNumber
    digest: str


class PlaceView(View):
    """A model on a target.

    ``wanted`` is the version of the newest move, ``serving`` what the target serves as far as it was said, ``good`` the
    last version that was deployed with success. ``active`` is the number of the deployment that may be carried out now,
    ``waiting`` of the one after it, ``last`` of the newest. ``drifting``: the target serves something else than what is
    wanted, and no deployment is on its way. ``seen_at`` is when the target last said what it serves.
    """

    model: str
    target: str
    wanted: WantedView | None
    serving: ServingView | None
    good: WantedView | None
    active: int | None
    waiting: int | None
    last: int | None
    drifting: bool
    seen_at: Time | None


class PlaceThenView(View):
    """What a target served of a model at a time. ``version`` is null if it served none that was known."""

    model: str
    target: str
    version: int | None
    since: Time | None


class RecalledView(View):
    """A version that runs on a target, or is on its way there, and what of it was looked for."""

    model: str
    version: VersionNumber
    target: str
    environment: str
    serving: bool
    found: list[str]
