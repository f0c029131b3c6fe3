"""Counts from the API's log who downloaded which version."""

import base64
import gzip
import json
from typing import Any

from chalicelib.aws.log import log_line
from chalicelib.aws.names import USAGE_LINE
from chalicelib.aws.services import services
from chalicelib.domain.audit.usage import use_from
from chalicelib.registry.audit.use_counts import count_uses


def usage(event: dict[str, Any], context: Any) -> None:
    """Count the usage lines of a batch of the API's log. Lambda retries a failure."""
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample
    batch = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    # A CONTROL_MESSAGE only checks that the destination can be reached.
    lines = batch["logEvents"] if batch["messageType"] == "DATA_MESSAGE" else []
    uses = [use_from(fields) for line in lines if (fields := _fields(line["message"])).get("log") == USAGE_LINE]
    counters = count_uses(services(), uses, [line["id"] for line in lines])
    log_line("usage_counter", uses=len(uses), counters=counters, request_id=context.aws_request_id)


def _fields(message: str) -> dict[str, Any]:
    """The fields of a structured line; empty for any other line of the log, such as Lambda's own."""
    try:
        fields = json.loads(message)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
