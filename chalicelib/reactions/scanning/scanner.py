"""Scans the files of a version that has become READY, or whose scan was asked for."""

from typing import Any

from chalicelib.aws.correlation import correlated
from chalicelib.aws.log import log_line
from chalicelib.aws.scanning.scanned_items import Asked
from chalicelib.aws.services import services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.registry.scanning.engine import OWN, Engine
from chalicelib.registry.scanning.files import Reading
from chalicelib.registry.scanning.scanning import scan_version


def scanner(event: dict[str, Any], context: Any) -> None:
    """Scan one version. Lambda retries after a failure, and the retry goes on with the files that are left."""
    scan_asked("scanner", OWN, event, context)


def scan_asked(function: str, engine: Engine, event: dict[str, Any], context: Any) -> None:
    """Scan the version that an event asks for with an engine, and log what it came to as a line of ``function``.

    Raises ValueError for other events, and ScanUnfinishedError, after which Lambda calls again.
    """
    detail = event["detail"]
    if detail["type"] not in event_types.SCANNER_EVENTS:
        raise ValueError(f"the {function} does not handle {detail['type']} events")
    if "uid" not in detail["after"]:
        # Replayed: an earlier release made it, which asked for no scan.
        log_line(function, event_id=detail["id"], model=detail["model"], version=detail["version"], asked=False)
        return
    correlation_id, reading = correlation_of(detail), Reading()
    with correlated(correlation_id):
        asked = Asked.from_event(detail, correlation_id)
        result = scan_version(
            services(), asked, lambda: context.get_remaining_time_in_millis() / 1_000, reading, engine
        )
        log_line(
            function,
            event_id=asked.event_id,
            model=asked.model,
            version=asked.number,
            verdict=None if result.scanned is None else result.scanned.verdict,
            counts={} if result.scanned is None else result.scanned.counts,
            failure=result.failure,
            requests=reading.requests,
            bytes=reading.bytes,
            request_id=context.aws_request_id,
        )
