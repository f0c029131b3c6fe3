"""The kinds of registry-wide records, and what follows from their changes, registered by their capabilities."""

from typing import Final

from chalicelib.aws.access import items as access
from chalicelib.aws.ledger.codec import Records
from chalicelib.aws.schemes import items as schemes
from chalicelib.aws.sessions import items as sessions
from chalicelib.domain.ledger.late import late

REGISTRY_RECORDS: Final = Records(
    codecs=(*access.CODECS, *schemes.REGISTRY_CODECS),
    late={
        "chalicelib.domain.webhooks.webhook": "chalicelib.aws.webhooks.items",
        "chalicelib.domain.schedules.schedule": "chalicelib.aws.schedules.items",
        "chalicelib.domain.deployments.target": "chalicelib.aws.deployments.target_items",
        "chalicelib.domain.lineage.stated": "chalicelib.aws.lineage.items",
        "chalicelib.domain.signing.trusted_signer": "chalicelib.aws.signing.signer_items",
        "chalicelib.domain.vulnerabilities.current_index": "chalicelib.aws.vulnerabilities.index_items",
    },
    projections=(
        sessions.ending_writes,
        late("chalicelib.aws.schedules.items", "run_writes", "schedule"),
        late("chalicelib.aws.webhooks.counters", "health_writes", "webhook"),
        late("chalicelib.aws.webhooks.counters", "creation_writes", "webhook"),
        late("chalicelib.aws.lineage.items", "lineage_writes", "lineage"),
        late("chalicelib.aws.vulnerabilities.index_items", "rematch_writes", "advisory_index"),
    ),
)
