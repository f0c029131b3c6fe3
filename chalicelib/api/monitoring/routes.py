"""Monitors and their windows over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of, whole_list
from chalicelib.api.document import ItemsView, PageView
from chalicelib.api.monitoring.presenters import (
    judged_document,
    monitor_document,
    monitor_summary,
    received_document,
    window_document,
)
from chalicelib.api.monitoring.schemas import (
    JudgedView,
    JudgeQuery,
    ListWindows,
    MonitorSummaryView,
    MonitorView,
    PutWindow,
    PutWindows,
    ReceivedView,
    SaveMonitor,
    Source,
    WindowView,
)
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action
from chalicelib.domain.instants import Instant

routes = Routes("monitors")


@routes.get("/v1/models/{model}/monitors", Action.READ, answers={200: ItemsView[MonitorSummaryView]})
def list_monitors(call: Call, model: str) -> Answer:
    """List a model's monitors by name, with their verdicts."""
    return whole_list(registry.monitoring.monitors.list_monitors(call.services, model), monitor_summary)


@routes.get("/v1/models/{model}/monitors/{monitor}", Action.READ, answers={200: MonitorView})
def get_monitor(call: Call, model: str, monitor: str) -> Answer:
    """Show a monitor: its definition, its baseline and its verdict."""
    found = registry.monitoring.monitors.get_monitor(call.services, model, monitor)
    return Answer(monitor_document(found), revision=found.revision)


@routes.put("/v1/models/{model}/monitors/{monitor}", Action.MANAGE, answers={200: MonitorView})
def save_monitor(call: Call, model: str, monitor: str, body: SaveMonitor) -> Answer:
    """Create a monitor, or give it another definition."""
    saved = registry.monitoring.monitors.save_monitor(
        call.services,
        call.change(),
        model,
        monitor,
        body.definition(),
        body.taken(),
        keep_baseline=body.baseline is None,
    )
    return changed(saved, monitor_document, revision_of)


@routes.delete("/v1/models/{model}/monitors/{monitor}", Action.MANAGE, answers={204: None})
def delete_monitor(call: Call, model: str, monitor: str) -> Answer:
    """Delete a monitor. A check that it has failed stays."""
    return gone(registry.monitoring.monitors.delete_monitor(call.services, call.change(), model, monitor))


@routes.put("/v1/models/{model}/monitors/{monitor}/windows/{start}", Action.REPORT, answers={200: ReceivedView})
def put_window(call: Call, model: str, monitor: str, start: str, body: PutWindow, query: Source) -> Answer:
    """Report what a source counted in one window. Reporting it again replaces it."""
    given = body.window(Instant(start), query.source)
    received = registry.monitoring.windows.put_windows(
        call.services, call.change(), model, monitor, [given], batch=False
    )
    return Answer(received_document(received))


@routes.post("/v1/models/{model}/monitors/{monitor}/windows", Action.REPORT, answers={200: ReceivedView})
def put_windows(call: Call, model: str, monitor: str, body: PutWindows) -> Answer:
    """Report up to 25 windows at once. All are kept, or none."""
    given = [one.window(one.start, one.source) for one in body.windows]
    received = registry.monitoring.windows.put_windows(call.services, call.change(), model, monitor, given, batch=True)
    return Answer(received_document(received))


@routes.get("/v1/models/{model}/monitors/{monitor}/windows", Action.READ, answers={200: PageView[WindowView]})
def list_windows(call: Call, model: str, monitor: str, query: ListWindows) -> Answer:
    """List the windows of a version as they were reported, newest first."""
    page = registry.monitoring.windows.list_windows(
        call.services, model, monitor, query.version, query.limit, call.start(query)
    )
    return call.listing(page, window_document)


@routes.get("/v1/models/{model}/monitors/{monitor}/judgement", Action.READ, answers={200: JudgedView})
def judge_monitor(call: Call, model: str, monitor: str, query: JudgeQuery) -> Answer:
    """Judge the last windows of a version now, each with what was found of every feature. Nothing is recorded."""
    judged = registry.monitoring.windows.judge_now(call.services, model, monitor, query.version, query.windows)
    return Answer(judged_document(judged))
