"""The calls about monitors and their windows."""

from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.instants import Instant, instant, moment
from tools.reference.http.exchange import Told

_BASELINE: Final = {
    "name": "amount",
    "kind": "numeric",
    "edges": [10, 50, 250],
    "counts": [2_000, 4_000, 3_000, 1_000],
    "missing": 0,
}
_MONITOR: Final = {
    "kind": "drift",
    "selector": "1",
    "window": "hour",
    "statistic": "psi",
    "baseline": [_BASELINE],
    "on_alarm": [{"do": "fail_check"}, {"do": "roll_back", "pointer": "stage:production"}],
    "description": "Amounts as in the training data.",
}


def watched(story: Told) -> None:
    """A monitor of ``refunds``, whose amounts grow until it alarms."""
    story.model("refunds")
    story.ready("refunds")
    monitor = "models/refunds/monitors/amounts"
    story.call("PUT", monitor, _MONITOR)
    first, second, third = (_hours_ago(story.now, hours) for hours in (4, 3, 2))
    story.call("PUT", f"{monitor}/windows/{first}", _window([200, 400, 300, 100]), query={"source": "eu"})
    shifted = [{"start": start, "source": "eu", **_window([20, 80, 300, 600])} for start in (second, third)]
    story.call("POST", f"{monitor}/windows", {"windows": shifted})
    story.get("models/refunds/monitors")
    story.get(monitor)
    story.get(f"{monitor}/windows", version="1", limit=2)
    story.get(f"{monitor}/judgement", version="1", windows=2)
    story.call("DELETE", monitor)


def _window(counts: list[int]) -> dict[str, Any]:
    return {"n": 1_000, "features": [{**_BASELINE, "counts": counts}]}


def _hours_ago(now: Instant, hours: int) -> Instant:
    """The beginning of an hour so many full hours ago."""
    return instant(moment(now).replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours))
