"""Copies the files of a version that was registered from logged files or from another version."""

from typing import Any

from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.registry.versions.intake import take_in_event


def intake(event: dict[str, Any], context: Any) -> None:
    """Copy the files of one version. Lambda retries a failure, and a retry finds the copies that were made."""
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
