"""Writes of schedules, by hand and when they are due."""

from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.schedules.decisions import ScheduleChange
from chalicelib.domain.schedules.schedule import Job
from chalicelib.domain.schedules.timing import Timing
from chalicelib.registry.schedules import firing, running
from chalicelib.registry.schedules import saving as schedule_saving
from tests.registry.arranged import (
    a_reminder,
    a_schedule,
    a_schedule_that_has_fired,
    a_schedule_that_is_due,
    a_stale_request,
    a_version_that_a_rule_moves,
    nothing,
    registry_ledger,
)
from tests.registry.writes.write import Write

WRITES: Final = {
    "create a schedule": Write(
        event_types.SCHEDULE_CREATED,
        nothing,
        lambda s, r, m, _: schedule_saving.create_schedule(
            s, r, m, Job.REMIND, Timing("0 9 * * MON-FRI", "Europe/Berlin"), ScheduleChange(payload={"team": "risk"})
        ),
        registry_ledger,
    ),
    "update a schedule": Write(
        event_types.SCHEDULE_UPDATED,
        a_schedule,
        lambda s, r, m, name: schedule_saving.update_schedule(s, r, name, ScheduleChange(enabled=False)),
        registry_ledger,
    ),
    "delete a schedule": Write(
        event_types.SCHEDULE_DELETED,
        a_schedule,
        lambda s, r, m, name: schedule_saving.delete_schedule(s, r, name),
        registry_ledger,
    ),
    "delete a schedule that has fired": Write(
        event_types.SCHEDULE_DELETED,
        a_schedule_that_has_fired,
        lambda s, r, m, name: schedule_saving.delete_schedule(s, r, name),
        registry_ledger,
    ),
    "fire a schedule": Write(
        event_types.SCHEDULE_FIRED,
        lambda s, m: a_schedule(s, m, Job.JUDGE),
        lambda s, r, m, name: firing.fire_now(s, r, name),
        registry_ledger,
    ),
    "fire a schedule that is due": Write(
        event_types.SCHEDULE_FIRED,
        a_schedule_that_is_due,
        lambda s, r, m, schedule: firing.fire_due(s, schedule, r.request_id),
        registry_ledger,
        keyed=False,
    ),
    "go through the models of a schedule": Write(
        event_types.SCHEDULE_FINISHED,
        a_schedule_that_has_fired,
        lambda s, r, m, name: running.take_turn(s, name, r.request_id),
        registry_ledger,
        keyed=False,
    ),
    "promote by a schedule": Write(
        event_types.VERSION_TRANSITIONED,
        lambda s, m: (a_version_that_a_rule_moves(s, m), a_schedule_that_has_fired(s, m))[1],
        lambda s, r, m, name: running.take_turn(s, name, r.request_id),
        keyed=False,
    ),
    "remind of a request by a schedule": Write(
        event_types.REQUEST_REMINDED,
        a_reminder,
        lambda s, r, m, name: running.take_turn(s, name, r.request_id),
        keyed=False,
    ),
    "expire a request by a schedule": Write(
        event_types.REQUEST_EXPIRED,
        a_stale_request,
        lambda s, r, m, name: running.take_turn(s, name, r.request_id),
        keyed=False,
    ),
}
