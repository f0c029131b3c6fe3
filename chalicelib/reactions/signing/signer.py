"""Signs versions that have become READY, and states what moves of versions were, if the operator chose so."""

from typing import Any

from chalicelib.aws.correlation import correlated
from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.registry.signing import signing, statements


def signer(event: dict[str, Any], context: Any) -> None:
    """Sign one version or one statement. Lambda retries after a failure; what is signed is not signed again."""
    detail = event["detail"]
    if detail["type"] not in event_types.SIGNER_EVENTS:
        raise ValueError(f"the signer does not handle {detail['type']} events")
    signs = statements if detail["type"] in event_types.MOVES else signing
    with correlated(correlation_of(detail)):
        outcome = signs.sign_event(services(), detail)
        log_line(
            "signer",
            type=detail["type"],
            event_id=detail["id"],
            model=detail["model"],
            version=detail["version"],
            outcome=outcome,
            request_id=context.aws_request_id,
        )
