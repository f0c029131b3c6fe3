"""Signs versions that have become READY, if the operator chose so."""

from typing import Any

from chalicelib.aws.correlation import correlated
from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.registry.signing.signing import sign_event


def signer(event: dict[str, Any], context: Any) -> None:
    """Sign one version. Lambda retries after a failure; what is signed is not signed again."""
    detail = event["detail"]
    with correlated(correlation_of(detail)):
        outcome = sign_event(services(), detail)
        log_line(
            "signer",
            event_id=detail["id"],
            model=detail["model"],
            version=detail["version"],
            outcome=outcome,
            request_id=context.aws_request_id,
        )
