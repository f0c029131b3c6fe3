"""The kinds of records of a model's ledger, and what follows from its changes, registered by their capabilities."""

from typing import Final

from chalicelib.aws.access.quota_items import creation_writes
from chalicelib.aws.aliases.items import alias_writes
from chalicelib.aws.ledger.codec import Records
from chalicelib.aws.lifecycle.items import retention_writes
from chalicelib.aws.models import items as models
from chalicelib.aws.monitoring.watch_items import resting_writes
from chalicelib.aws.schemes import items as schemes
from chalicelib.aws.search.entries import entry_writes
from chalicelib.aws.versions import items as versions
from chalicelib.aws.versions import manifests
from chalicelib.domain.ledger.late import late

MODEL_RECORDS: Final = Records(
    codecs=(*models.CODECS, *versions.CODECS, *manifests.CODECS, *schemes.CODECS),
    late={
        "chalicelib.domain.promotion.transition_request": "chalicelib.aws.promotion.request_items",
        "chalicelib.domain.evidence.check": "chalicelib.aws.evidence.check_items",
        "chalicelib.domain.evidence.evaluation": "chalicelib.aws.evidence.evaluation_items",
        "chalicelib.domain.evidence.attestation": "chalicelib.aws.evidence.attestation_items",
        "chalicelib.domain.evidence.evidence_file": "chalicelib.aws.evidence.evidence_file_items",
        "chalicelib.domain.cards.card": "chalicelib.aws.cards.items",
        "chalicelib.domain.cards.comment": "chalicelib.aws.cards.comment_items",
        "chalicelib.domain.deployments.deployment": "chalicelib.aws.deployments.items",
        "chalicelib.domain.deployments.place": "chalicelib.aws.deployments.items",
        "chalicelib.domain.monitoring.monitor": "chalicelib.aws.monitoring.items",
        "chalicelib.domain.scanning.findings": "chalicelib.aws.scanning.items",
        "chalicelib.domain.vulnerabilities.assessment": "chalicelib.aws.vulnerabilities.items",
        "chalicelib.domain.signing.signature": "chalicelib.aws.signing.items",
        "chalicelib.domain.signing.signed_statement": "chalicelib.aws.signing.statement_items",
        "chalicelib.domain.lineage.stated": "chalicelib.aws.lineage.items",
    },
    projections=(
        versions.version_writes,
        manifests.part_writes,
        alias_writes,
        entry_writes,
        models.history_writes,
        models.claim_writes,
        retention_writes,
        resting_writes,
        creation_writes,
        late("chalicelib.aws.monitoring.items", "watch_writes", "monitor"),
        late("chalicelib.aws.cards.items", "revision_writes", "card"),
        late("chalicelib.aws.cards.comment_items", "creation_writes", "comment"),
        late("chalicelib.aws.evidence.evaluation_items", "recorded_writes", "evaluations"),
        late("chalicelib.aws.scanning.watches", "scan_watch_writes", "version"),
        late("chalicelib.aws.lineage.items", "lineage_writes", "version", "evaluations", "place", "lineage"),
    ),
)
