"""Event bus to bucket: a version that was registered from what was logged is given its files."""

from typing import Any

from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.registry.versions.intake import take_in_event


def intake(event: dict[str, Any], context: Any) -> None:
    """Copy the files of one version; a failure is retried by Lambda, and finds what is copied already."""
    detail = event["detail"]
    outcome = take_in_event(services(), detail)
    log_line(
        "intake",
        event_id=detail["id"],
        model=detail["model"],
        version=detail["version"],
        outcome=outcome,
        request_id=context.aws_request_id,
    )
