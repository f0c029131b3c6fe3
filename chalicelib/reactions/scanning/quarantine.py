"""Judges results of scans: lets versions out of quarantine, or says why they stay there."""

from typing import Any, Final

from chalicelib.aws.correlation import correlated
from chalicelib.aws.log import log_line
from chalicelib.aws.scanning.scanned_items import judgeable_from
from chalicelib.aws.services import services
from chalicelib.aws.table import from_attributes
from chalicelib.domain.access.principal import Principal
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.scanning.joining import joined
from chalicelib.registry.scanning.scans import finish_scan

RULE: Final = Principal("rule:quarantine", ())


def quarantine(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Judge a batch of the stream's new results.

    After a failure, Lambda gives the batch again, in ever smaller parts. A result that was judged does not count twice.
    """
    for record in event["Records"]:
        stored = from_attributes(record["dynamodb"]["NewImage"])
        found = judgeable_from(stored)
        with correlated(found.correlation_id):
            request = Request(RULE, found.event_id)
            judged = joined(services(), stored, found)
            counted = judged is not None and finish_scan(
                services(), request, found.model, found.number, judged.result, judged.opinion
            )
            log_line(
                "quarantine",
                event_id=found.event_id,
                model=found.model,
                version=found.number,
                scanner=found.result.scanner,
                complete=judged is not None,
                counted=counted,
                request_id=context.aws_request_id,
            )
    return {"batchItemFailures": []}
