"""Schedules over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.api.schedules.presenters import schedule_document, upcoming_schedule_document
from chalicelib.api.schedules.schemas import CreateSchedule, ScheduleView, UpcomingScheduleView, UpdateSchedule
from chalicelib.domain.access.principal import Action
from chalicelib.domain.schedules.schedule import Job

routes = Routes("schedules")


@routes.post("/v1/schedules", Action.MANAGE, answers={201: UpcomingScheduleView})
def create_schedule(call: Call, body: CreateSchedule) -> Answer:
    """Create a schedule."""
    created = registry.schedules.saving.create_schedule(
        call.services, call.change(), body.name, Job(body.job), body.when.timing(), body.change()
    )
    return changed(created, upcoming_schedule_document, revision_of, status=201)


@routes.get("/v1/schedules", Action.READ, answers={200: PageView[ScheduleView]})
def list_schedules(call: Call, query: Paging) -> Answer:
    """List the schedules by name."""
    page = registry.schedules.schedules.list_schedules(call.services, query.limit, call.start(query))
    return call.listing(page, schedule_document)


@routes.get("/v1/schedules/{schedule}", Action.READ, answers={200: UpcomingScheduleView})
def get_schedule(call: Call, schedule: str) -> Answer:
    """Show a schedule, with its next times and how its last firing went."""
    found = registry.schedules.schedules.get_schedule(call.services, schedule)
    return Answer(upcoming_schedule_document(found), revision=found.revision)


@routes.patch("/v1/schedules/{schedule}", Action.MANAGE, answers={200: UpcomingScheduleView})
def update_schedule(call: Call, schedule: str, body: UpdateSchedule) -> Answer:
    """Change when a schedule fires, or for what, or switch it on or off."""
    updated = registry.schedules.saving.update_schedule(call.services, call.change(), schedule, body.change())
    return changed(updated, upcoming_schedule_document, revision_of)


@routes.delete("/v1/schedules/{schedule}", Action.MANAGE, answers={204: None})
def delete_schedule(call: Call, schedule: str) -> Answer:
    """Delete a schedule."""
    return gone(registry.schedules.saving.delete_schedule(call.services, call.change(), schedule))


@routes.post("/v1/schedules/{schedule}/fire", Action.MANAGE, answers={200: UpcomingScheduleView})
def fire_schedule(call: Call, schedule: str) -> Answer:
    """Fire a schedule now, also one that is switched off. Its next time stays."""
    fired = registry.schedules.firing.fire_now(call.services, call.change(), schedule)
    return changed(fired, upcoming_schedule_document, revision_of)
