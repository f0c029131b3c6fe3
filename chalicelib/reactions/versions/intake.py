"""Copies the files of a version that was registered from files that exist already."""

from typing import Any

from chalicelib.aws.correlation import correlated
from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.registry.versions.intake import take_in_event


def intake(event: dict[str, Any], context: Any) -> None:
    """Copy the files of one version. Lambda retries after a failure; the retry skips files that are copied already."""
    detail = event["detail"]
    with correlated(correlation_of(detail)):
        outcome = take_in_event(services(), detail)
        log_line(
            "intake",
            event_id=detail["id"],
            model=detail["model"],
            version=detail["version"],
            outcome=outcome,
            request_id=context.aws_request_id,
        )
