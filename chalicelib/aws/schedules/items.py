"""Schedules and their runs to items and back. Both lie in the keeper's index, by when they are due."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import BODY, body, document_from, due, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.names import PARTITION_KEY
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.schedules.run import Run, begun
from chalicelib.domain.schedules.schedule import Job, Outcome, Schedule, document
from chalicelib.domain.schedules.timing import Timing

# The condition that a run is stored as it was read, given its body as ``:read``.
UNCHANGED: Final = f"attribute_exists({PARTITION_KEY}) AND {BODY} = :read"


def schedule_from(stored: Item) -> Schedule:
    found = document_from(stored)
    outcome = found.get("outcome")
    return Schedule(
        **{
            **known_fields(Schedule, found),
            "job": Job(found["job"]),
            "timing": Timing(**known_fields(Timing, found["timing"])),
            "outcome": None if outcome is None else Outcome(**known_fields(Outcome, outcome)),
        }
    )


def run_item(run: Run, at: Instant) -> Item:
    """The item of a run that goes on at ``at``."""
    stored = {**asdict(run), "job": run.job.value}
    return item(keys.schedule_run(run.schedule), {**body(stored), **due(run.schedule, at)})


def run_from(stored: Item) -> Run:
    found = document_from(stored)
    return Run(**{**known_fields(Run, found), "job": Job(found["job"])})


def run_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """A firing that goes through the models begins a run. It is removed when it has ended, or with its schedule."""
    for one in settlement.of(Schedule):
        was, is_now = (schedule is not None and schedule.running for schedule in (one.before, one.after))
        if is_now and not was:
            stamp = settlement.stamp
            run = begun(one.after, stamp.event_id, stamp.correlation_id)
            yield table.put_write(run_item(run, stamp.time))
        elif was and not is_now:
            yield table.drop_write(keys.schedule_run(one.before.name))


def _item(_: Any, schedule: Schedule) -> Item:
    """The schedule. One that has a next time is in the keeper's index."""
    attributes = body(document(schedule))
    if schedule.next_at is not None:
        attributes |= due(schedule.name, schedule.next_at)
    return item(keys.schedule(schedule.name), attributes)


CODECS: Final = (
    Codec(Schedule, lambda _, name: (keys.schedule(name),), _item, schedule_from, prefix=keys.SCHEDULE_PREFIX),
)
