"""Writes of monitors and their windows."""

from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.registry.monitoring import acting, monitors, watching, windows
from tests.domain.monitoring.build import STEADY, definition
from tests.registry.arranged import a_monitor, a_monitor_that_alarms, a_monitor_that_hears_nothing, a_version, a_window
from tests.registry.writes.write import Write

WRITES: Final = {
    "create a monitor": Write(
        event_types.MONITOR_CREATED,
        a_version,
        lambda s, r, m, _: monitors.save_monitor(s, r, m, "amounts", definition()),
    ),
    "update a monitor": Write(
        event_types.MONITOR_UPDATED,
        a_monitor,
        lambda s, r, m, name: monitors.save_monitor(s, r, m, name, definition(min_n=500)),
    ),
    "delete a monitor": Write(
        event_types.MONITOR_DELETED,
        a_monitor,
        monitors.delete_monitor,
    ),
    "put a window that is as the baseline": Write(
        event_types.MONITOR_JUDGED,
        a_monitor,
        lambda s, r, m, name: windows.put_windows(s, r, m, name, [a_window(s, STEADY)], batch=False),
        keyed=False,
    ),
    "put a window that breaches": Write(
        event_types.MONITOR_ALARMED,
        a_monitor,
        lambda s, r, m, name: windows.put_windows(s, r, m, name, [a_window(s)], batch=False),
        keyed=False,
    ),
    "correct a window that breached": Write(
        event_types.MONITOR_RECOVERED,
        a_monitor_that_alarms,
        lambda s, r, m, alarm: windows.put_windows(s, r, m, alarm["subject"], [a_window(s, STEADY)], batch=False),
        keyed=False,
    ),
    "find a monitor silent": Write(
        event_types.MONITOR_SILENT,
        a_monitor_that_hears_nothing,
        lambda s, r, m, watch: watching.look(s, watch, r.request_id),
        keyed=False,
    ),
    "act on an alarm": Write(
        event_types.MONITOR_ACTED,
        a_monitor_that_alarms,
        lambda s, r, m, alarm: acting.act_on(s, alarm),
        keyed=False,
    ),
}
