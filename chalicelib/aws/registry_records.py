"""The kinds of registry-wide records, registered by their capabilities."""

from typing import Final

from chalicelib.aws.access import items as access
from chalicelib.aws.deployments import target_items
from chalicelib.aws.ledger.codec import Records
from chalicelib.aws.lineage import items as lineage
from chalicelib.aws.schedules import items as schedules
from chalicelib.aws.schemes import items as schemes
from chalicelib.aws.sessions import items as sessions
from chalicelib.aws.vulnerabilities import index_items as vulnerabilities
from chalicelib.aws.webhooks import counters
from chalicelib.aws.webhooks import items as webhooks

REGISTRY_RECORDS: Final = Records(
    codecs=(
        *access.CODECS,
        *schemes.REGISTRY_CODECS,
        *webhooks.CODECS,
        *schedules.CODECS,
        *target_items.CODECS,
        *lineage.CODECS,
        *vulnerabilities.CODECS,
    ),
    projections=(
        sessions.ending_writes,
        schedules.run_writes,
        counters.health_writes,
        lineage.lineage_writes,
        vulnerabilities.rematch_writes,
    ),
)
