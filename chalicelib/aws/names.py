"""Names that the code and the infrastructure must agree on.

The only module of ``chalicelib`` that ``infra`` imports, with ``domain.event_types``.
Standard library only.
"""

from typing import Final

# Key attributes of the one table.
PARTITION_KEY: Final = "PK"
SORT_KEY: Final = "SK"
TIME_TO_LIVE: Final = "expires_at"

# Global secondary indexes: name, partition attribute, sort attribute. All are sparse: an item without
# the two attributes is not in the index.
MODELS_BY_NAME: Final = "models_by_name"
MODELS_BY_CREATION: Final = "models_by_creation"
DUE: Final = "due"
OUTBOX: Final = "outbox"
LEDGERS: Final = "ledgers"

LISTING: Final = "listing"
LISTED_NAME: Final = "listed_name"
LISTED_CREATION: Final = "listed_creation"
DUE_SHARD: Final = "due_shard"
DUE_AT: Final = "due_at"
OUTBOX_SHARD: Final = "outbox_shard"
OUTBOX_AT: Final = "outbox_at"
LEDGER_SHARD: Final = "ledger_shard"
LEDGER: Final = "ledger"

INDEXES: Final[dict[str, tuple[str, str]]] = {
    MODELS_BY_NAME: (LISTING, LISTED_NAME),
    MODELS_BY_CREATION: (LISTING, LISTED_CREATION),
    DUE: (DUE_SHARD, DUE_AT),
    OUTBOX: (OUTBOX_SHARD, OUTBOX_AT),
    LEDGERS: (LEDGER_SHARD, LEDGER),
}
# The models' indexes answer lists whole; of the others only keys are needed. A head's keys in LEDGERS never change, so
# that writing a head does not write this index.
KEYS_ONLY_INDEXES: Final = frozenset({DUE, OUTBOX, LEDGERS})

# Prefix of the sort key of event items: the relay's stream filter selects on it.
EVENT_PREFIX: Final = "EVENT#"

# Every event on the bus has this source; its detail-type is the event's type.
EVENT_SOURCE: Final = "moorage"

# Environment variables of the functions.
TABLE_VARIABLE: Final = "MOORAGE_TABLE"
BUCKET_VARIABLE: Final = "MOORAGE_BUCKET"
BUS_VARIABLE: Final = "MOORAGE_BUS"
DELIVERY_QUEUE_VARIABLE: Final = "MOORAGE_DELIVERY_QUEUE_URL"
ADMIN_SECRET_VARIABLE: Final = "MOORAGE_ADMIN_SECRET_ARN"
SIGNING_SECRET_VARIABLE: Final = "MOORAGE_SIGNING_SECRET_ARN"
OUTBOUND_ALLOW_VARIABLE: Final = "MOORAGE_OUTBOUND_ALLOW"
UPLOAD_WINDOW_VARIABLE: Final = "MOORAGE_UPLOAD_WINDOW_HOURS"
DELETED_RETENTION_VARIABLE: Final = "MOORAGE_DELETED_RETENTION_DAYS"

ANCHOR_BUCKET_VARIABLE: Final = "MOORAGE_ANCHOR_BUCKET"
ANCHOR_KEY_VARIABLE: Final = "MOORAGE_ANCHOR_KEY_ARN"

# First path segment of every object key in the bucket, and in the bucket of anchors.
ARTIFACT_PREFIX: Final = "artifacts/"
ANCHOR_PREFIX: Final = "anchors/"

# What a line of the API's log that records a use of bytes has in its field "log".
USAGE_LINE: Final = "usage"
