"""A run: how far a firing has gone through the models. It belongs to no ledger; only its outcome does."""

from dataclasses import dataclass, replace

from chalicelib.domain.instants import Instant
from chalicelib.domain.schedules.schedule import MAX_ERROR, Job, Outcome, Schedule


@dataclass(frozen=True, slots=True)
class Run:
    """The models of a firing, gone through by name. ``after`` is where to go on; None at the beginning.

    ``cause`` is the id of the event ``schedule.fired``: with a model it identifies each effect, so that a turn that is
    taken twice has none twice. ``correlation_id`` is that of this event.
    """

    schedule: str
    firing: int
    cause: str
    job: Job
    models: str
    older_than_days: int | None
    after: str | None = None
    gone_through: int = 0
    done: int = 0
    failed: int = 0
    error: str = ""
    correlation_id: str = ""

    def succeeded(self, done: int) -> "Run":
        """The run after a model with which ``done`` things were done."""
        return replace(self, gone_through=self.gone_through + 1, done=self.done + done)

    def failed_with(self, error: str) -> "Run":
        """The run after a model that failed."""
        return replace(self, gone_through=self.gone_through + 1, failed=self.failed + 1, error=error[:MAX_ERROR])

    def on_from(self, after: str) -> "Run":
        """The run, to go on from there."""
        return replace(self, after=after)

    def outcome(self, ended_at: Instant) -> Outcome:
        return Outcome(ended_at, self.gone_through, self.done, self.failed, self.error)


def begun(schedule: Schedule, cause: str, correlation_id: str) -> Run:
    """The run of the firing that the event ``cause`` tells of."""
    return Run(
        schedule.name,
        schedule.firings,
        cause,
        schedule.job,
        schedule.models,
        schedule.older_than_days,
        correlation_id=correlation_id,
    )
