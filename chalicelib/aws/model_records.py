"""The kinds of records of a model's ledger, and what follows from its changes, registered by their capabilities."""

from typing import Final

from chalicelib.aws.access.quota_items import creation_writes
from chalicelib.aws.aliases.items import alias_writes
from chalicelib.aws.cards import comment_items
from chalicelib.aws.cards import items as cards
from chalicelib.aws.deployments import items as deployments
from chalicelib.aws.evidence import attestation_items, check_items, evaluation_items, evidence_file_items
from chalicelib.aws.ledger.codec import Records
from chalicelib.aws.lifecycle.items import retention_writes
from chalicelib.aws.lineage import items as lineage
from chalicelib.aws.models import items as models
from chalicelib.aws.monitoring import items as monitoring
from chalicelib.aws.promotion import request_items
from chalicelib.aws.scanning import items as scanning
from chalicelib.aws.schemes import items as schemes
from chalicelib.aws.search.entries import entry_writes
from chalicelib.aws.versions import items as versions
from chalicelib.aws.versions import manifests

MODEL_RECORDS: Final = Records(
    codecs=(
        *models.CODECS,
        *versions.CODECS,
        *manifests.CODECS,
        *schemes.CODECS,
        *request_items.CODECS,
        *check_items.CODECS,
        *evaluation_items.CODECS,
        *attestation_items.CODECS,
        *evidence_file_items.CODECS,
        *scanning.CODECS,
        *cards.CODECS,
        *comment_items.CODECS,
        *deployments.CODECS,
        *monitoring.CODECS,
        *lineage.CODECS,
    ),
    projections=(
        versions.version_writes,
        manifests.part_writes,
        alias_writes,
        entry_writes,
        models.history_writes,
        models.claim_writes,
        retention_writes,
        monitoring.watch_writes,
        cards.revision_writes,
        evaluation_items.recorded_writes,
        creation_writes,
        lineage.lineage_writes,
    ),
)
