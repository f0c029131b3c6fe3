"""Monitors and windows as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.monitoring.monitor import public_document

if TYPE_CHECKING:
    from chalicelib.domain.monitoring.monitor import Monitor
    from chalicelib.domain.monitoring.window import Window
    from chalicelib.registry.monitoring.windows import JudgedNow, Received


def monitor_summary(monitor: Monitor) -> dict[str, Any]:
    return public_document(monitor)


def monitor_document(monitor: Monitor) -> dict[str, Any]:
    baseline = [histogram.document() for histogram in monitor.definition.baseline]
    return {**public_document(monitor), "baseline": baseline}


def window_document(window: Window) -> dict[str, Any]:
    return {
        **window.content(),
        "digest": window.digest,
        "received_at": window.received_at,
        "received_by": window.received_by,
    }


def received_document(received: Received) -> dict[str, Any]:
    return {
        "windows": [
            {"version": window.version, "start": window.start, "source": window.source, "digest": window.digest}
            for window in received.windows
        ],
        "standing": received.monitor.standing.document(),
    }


def judged_document(judged: JudgedNow) -> dict[str, Any]:
    judgement = judged.judgement
    return {
        "version": judged.version,
        "verdict": None if judgement is None else judgement.verdict.value,
        "digest": None if judgement is None else judgement.digest or None,
        "windows": [window.document() for window in judged.windows],
        "standing": judged.monitor.standing.document(),
    }
