"""The story of monitors: one that alarmed and acted, one that is well, and one that fell silent."""

from datetime import timedelta
from typing import Any

from chalicelib.domain.instants import instant, moment
from chalicelib.registry.audit import audit
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.monitoring.acting import act_on
from tests.golden.story import Story

_STEADY = [200, 500, 300]
_SHIFTED = [600, 300, 100]


def watched(story: Story) -> None:
    """Version 1 of ``watched`` is left by its data; of version 2 nothing is heard."""
    story.model("watched")
    for _ in range(2):
        story.ready("watched")
    alarming = {"baseline": [_feature(_STEADY)], "breaches": 1, "of": 2, "on_alarm": [{"do": "fail_check"}]}
    story.call("PUT", "models/watched/monitors/alarms", {"kind": "drift", "selector": "1", **alarming})
    bounds = {"metrics": {"accuracy": {"at_least": 0.9}}, "window": "day"}
    story.call("PUT", "models/watched/monitors/well", {"kind": "performance", "selector": "1", **bounds})
    story.call("PUT", "models/watched/monitors/silent", {"kind": "drift", "selector": "2", **alarming})
    hour = moment(story.now).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    shifted = {"n": 1_000, "features": [_feature(_SHIFTED)]}
    story.call("PUT", f"models/watched/monitors/alarms/windows/{instant(hour)}", shifted)
    (event,) = audit.list_events(story.registry, "model:watched", "newest", 1, None).items
    act_on(story.registry, event)
    day = moment(story.now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    measured = {"start": instant(day), "n": 1_000, "metrics": {"accuracy": 0.95}}
    story.call("POST", "models/watched/monitors/well/windows", {"windows": [measured]})
    now = story.now
    story.now = instant(moment(now) + timedelta(hours=3))
    sweep_due(story.registry, "keeper-1")


def _feature(counts: list[int]) -> dict[str, Any]:
    return {"name": "amount", "kind": "numeric", "edges": [10, 20], "counts": counts, "missing": 0}
