"""Event bus to registry: a version that became READY is judged by its model's promotion rule."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain import event_types
from chalicelib.registry.promotion import promote_by_rule

blueprint = Blueprint(__name__)


@blueprint.lambda_function(name="promoter")
def promoter(event: dict[str, Any], context: Any) -> None:
    """Promote the version of a ``version.ready`` event if the rule holds; a failure is retried by Lambda."""
    detail = event["detail"]
    if detail["type"] != event_types.VERSION_READY:
        raise ValueError(f"the promoter takes {event_types.VERSION_READY} events, not {detail['type']}")
    judgement = promote_by_rule(services(), detail["model"], detail["version"], detail["id"])
    log_line(
        "promoter",
        model=detail["model"],
        version=detail["version"],
        event_id=detail["id"],
        promoted=judgement.promoted,
        reason=judgement.reason,
        request_id=context.aws_request_id,
    )
