"""Names that the code and the infrastructure must agree on.

``infra`` imports only this module and ``domain.ledger.event_types`` from ``chalicelib``. Standard library only.
"""

from typing import Final

# Key attributes of the one table.
PARTITION_KEY: Final = "PK"
SORT_KEY: Final = "SK"
TIME_TO_LIVE: Final = "expires_at"
# The number of the form in which a record is stored.
SCHEMA: Final = "schema"

# Global secondary indexes: name, partition attribute, sort attribute. All are sparse: an item without
# the two attributes is not in the index.
MODELS_BY_NAME: Final = "models_by_name"
MODELS_BY_CREATION: Final = "models_by_creation"
DUE: Final = "due"
OUTBOX: Final = "outbox"
MODELS_BY_SCHEME: Final = "models_by_scheme"
LEDGERS: Final = "ledgers"
OPEN_REQUESTS: Final = "open_requests"
# Used by the search.
VERSIONS_BY_CHANGE: Final = "versions_by_change"
MODEL_VERSIONS_BY_CHANGE: Final = "model_versions_by_change"
VERSIONS_BY_RUN: Final = "versions_by_run"
VERSIONS_BY_STAGE: Final = "versions_by_stage"
VERSIONS_BY_NAME: Final = "versions_by_name"
TERMS: Final = "terms"

LISTING: Final = "listing"
LISTED_NAME: Final = "listed_name"
LISTED_CREATION: Final = "listed_creation"
DUE_SHARD: Final = "due_shard"
DUE_AT: Final = "due_at"
OUTBOX_SHARD: Final = "outbox_shard"
OUTBOX_AT: Final = "outbox_at"
FOLLOWED_SCHEME: Final = "followed_scheme"
FOLLOWING_MODEL: Final = "following_model"
LEDGER_SHARD: Final = "ledger_shard"
LEDGER: Final = "ledger"
OPEN_SHARD: Final = "open_shard"
OPEN_POSITION: Final = "open_position"
CHANGE_SHARD: Final = "change_shard"
CHANGED_MODEL: Final = "changed_model"
CHANGED: Final = "changed"
RUN_ID: Final = "run_id"
LISTED_STAGE: Final = "listed_stage"
VERSION_LISTING: Final = "version_listing"
LISTED_VERSION: Final = "listed_version"
TERM: Final = "term"
POSITION: Final = "position"

INDEXES: Final[dict[str, tuple[str, str]]] = {
    MODELS_BY_NAME: (LISTING, LISTED_NAME),
    MODELS_BY_CREATION: (LISTING, LISTED_CREATION),
    DUE: (DUE_SHARD, DUE_AT),
    OUTBOX: (OUTBOX_SHARD, OUTBOX_AT),
    MODELS_BY_SCHEME: (FOLLOWED_SCHEME, FOLLOWING_MODEL),
    LEDGERS: (LEDGER_SHARD, LEDGER),
    OPEN_REQUESTS: (OPEN_SHARD, OPEN_POSITION),
    VERSIONS_BY_CHANGE: (CHANGE_SHARD, CHANGED),
    MODEL_VERSIONS_BY_CHANGE: (CHANGED_MODEL, CHANGED),
    VERSIONS_BY_RUN: (RUN_ID, LISTED_VERSION),
    VERSIONS_BY_STAGE: (LISTED_STAGE, LISTED_VERSION),
    VERSIONS_BY_NAME: (VERSION_LISTING, LISTED_VERSION),
    TERMS: (TERM, POSITION),
}
SEARCH_INDEXES: Final = (
    VERSIONS_BY_CHANGE,
    MODEL_VERSIONS_BY_CHANGE,
    VERSIONS_BY_RUN,
    VERSIONS_BY_STAGE,
    VERSIONS_BY_NAME,
    TERMS,
)
# The lists of models are answered from their indexes alone, which therefore hold whole items. The others hold keys. A
# head's keys in LEDGERS never change, so writing a head does not write that index.
KEYS_ONLY_INDEXES: Final = frozenset({DUE, OUTBOX, MODELS_BY_SCHEME, LEDGERS, OPEN_REQUESTS, *SEARCH_INDEXES})

# Prefix of the sort key of event items: the relay's stream filter selects on it.
EVENT_PREFIX: Final = "EVENT#"

# Attribute of event items: the versions that the event concerns, as "#3#2#", for filtered reads.
ABOUT: Final = "about"

# Every event on the bus has this source; its detail-type is the event's type.
EVENT_SOURCE: Final = "moorage"

# Field in "after" of version.created, and its value if a function is to copy the files. The function's event rule
# matches both.
INTAKE: Final = "intake"
DEFERRED: Final = "deferred"

# Environment variables of the functions.
TABLE_VARIABLE: Final = "MOORAGE_TABLE"
BUCKET_VARIABLE: Final = "MOORAGE_BUCKET"
BUS_VARIABLE: Final = "MOORAGE_BUS"
DELIVERY_QUEUE_VARIABLE: Final = "MOORAGE_DELIVERY_QUEUE_URL"
STEP_QUEUE_VARIABLE: Final = "MOORAGE_STEP_QUEUE_URL"
ADMIN_SECRET_VARIABLE: Final = "MOORAGE_ADMIN_SECRET_ARN"
SIGNING_SECRET_VARIABLE: Final = "MOORAGE_SIGNING_SECRET_ARN"
OUTBOUND_ALLOW_VARIABLE: Final = "MOORAGE_OUTBOUND_ALLOW"
UPLOAD_WINDOW_VARIABLE: Final = "MOORAGE_UPLOAD_WINDOW_HOURS"
DEFAULT_SCHEME_VARIABLE: Final = "MOORAGE_DEFAULT_SCHEME"
FREEZE_TAMPERED_VARIABLE: Final = "MOORAGE_FREEZE_TAMPERED"
DELETED_RETENTION_VARIABLE: Final = "MOORAGE_DELETED_RETENTION_DAYS"
LIMITS_VARIABLE: Final = "MOORAGE_LIMITS"
# What becomes of aliases that releases before seals have written: refused unless this variable has this value.
UNSEALED_ALIASES_VARIABLE: Final = "MOORAGE_UNSEALED_ALIASES"
SERVE_UNSEALED: Final = "serve"
# Whether versions are scanned when they become READY: only if this variable has this value.
SCANNING_VARIABLE: Final = "MOORAGE_SCANNING"
SCANNING_ON: Final = "on"
# Whose second opinion is wanted on pickles: a scanner with its version, as it writes into its results; or nobody's.
SECOND_OPINION_VARIABLE: Final = "MOORAGE_SECOND_OPINION"
NO_SECOND_OPINION: Final = "none"
PICKLESCAN: Final = "picklescan"

ANCHOR_BUCKET_VARIABLE: Final = "MOORAGE_ANCHOR_BUCKET"
ANCHOR_KEY_VARIABLE: Final = "MOORAGE_ANCHOR_KEY_ARN"

# How versions are signed, and the ARN of the key in KMS or of the secret with the key.
MODEL_SIGNING_VARIABLE: Final = "MOORAGE_MODEL_SIGNING"
SIGN_WITH_NOTHING: Final = "none"
SIGN_WITH_KMS: Final = "kms"
SIGN_WITH_KEY: Final = "key"
MODEL_SIGNING_KEY_VARIABLE: Final = "MOORAGE_MODEL_SIGNING_KEY_ARN"

# An alarm watches these routes. The api function's log names the route of every request.
OVERRIDE_ROUTE: Final = "/v1/models/{model}/versions/{version}/override"
RELEASE_ROUTE: Final = "/v1/models/{model}/versions/{version}/scan/release"

# First path segment of the object keys of versions' files, and of the object keys in the bucket of anchors.
ARTIFACT_PREFIX: Final = "artifacts/"
# Keys of versions' evidence files in the same bucket begin with this.
EVIDENCE_PREFIX: Final = "evidence/"
ANCHOR_PREFIX: Final = "anchors/"
# And those of advisory indexes, in the bucket of versions' files.
ADVISORIES_PREFIX: Final = "vulnerabilities/"

# The one partition that the authorizer may write to: when tokens were last used.
TOKEN_USE_PARTITION: Final = "TOKEN_USE"

# What the scanner writes lies in partitions that begin with this, and it may write nowhere else. A stream filter
# chooses the results of scans by the sort key.
SCANNED_PREFIX: Final = "SCANNED#"
SCAN_RESULT: Final = "RESULT"
# The same of the second scanner.
OPINION_PREFIX: Final = "OPINION#"
# Partitions of models. Of their items, the scanner may read only the key and the lists of files, in these attributes.
MODEL_PREFIX: Final = "MODEL#"
FILE_LIST_ATTRIBUTES: Final = ("files", "parts", "whole")

# Stages of the two REST APIs that invoke the API function. API Gateway names the stage in every request. On the second
# it rejects requests without a valid AWS signature, so an IAM identity counts only there.
TOKEN_STAGE: Final = "api"
IAM_STAGE: Final = "iam"

# The stage variable with the URL by which clients reach an API, if that is not the URL of API Gateway.
PUBLIC_URL: Final = "public_url"

# How long API Gateway caches an answer of the authorizer.
AUTHORIZER_TTL_SECONDS: Final = 30

# The log line of a refused credential. An alarm counts these lines.
AUTHENTICATION_FAILED: Final = "authentication_failed"

# The log line of a ledger whose stored state differs from its events. An alarm counts these lines.
STATE_DIFFERS: Final = "state_differs"

# The log line of a webhook that the registry disabled. An alarm counts these lines.
DISABLED_LINE: Final = "webhook_disabled"

# The log line of a target that serves something else than what is wanted there. An alarm counts these lines.
DRIFTED_LINE: Final = "target_drifts"

# Value of the field "log" in the lines of the API's log that record a use of a version's bytes.
USAGE_LINE: Final = "usage"
