"""Anchors the heads of all ledgers on a schedule, where nobody can change them."""

from typing import Any

from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.registry.audit.anchors import anchor_ledgers


def anchorer(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Write one anchor. If Lambda retries the same scheduled event, no second anchor is written."""
    anchored = anchor_ledgers(services(), str(event.get("id") or context.aws_request_id))
    log_line(
        "anchorer",
        anchor=anchored.number,
        ledgers=anchored.count,
        root=anchored.root,
        written=anchored.written,
        request_id=context.aws_request_id,
    )
    return {"anchor": anchored.number, "root": anchored.root}
