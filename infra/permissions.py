"""The permissions of each function. tests/infra compares them with the synthesised roles."""

from collections.abc import Iterable

from aws_cdk import aws_iam as iam

from chalicelib.aws import names
from chalicelib.aws.mlflow.names import LOGGED_PREFIX
from infra.anchoring import Anchoring
from infra.credentials import Credentials
from infra.messaging import Messaging
from infra.model_signing import ModelSigning
from infra.storage import Storage
from infra.workload import (
    ANCHORER,
    API,
    AUTHORIZER,
    DEPLOYER,
    INTAKE,
    KEEPER,
    NOTIFIER,
    PROMOTER,
    QUARANTINE,
    RELAY,
    SCANNER,
    SENDER,
    SIGNER,
    USAGE,
)

READ_ITEMS = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query")
# TransactWriteItems has no permission of its own: it needs those of the actions in the transaction.
WRITE_ITEMS = (
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
)


def permissions(
    storage: Storage, messaging: Messaging, credentials: Credentials, anchoring: Anchoring, signing: ModelSigning
) -> dict[str, list[iam.PolicyStatement]]:
    """The policy statements of every function, by the function's name."""
    table, bucket = storage.table.table_arn, storage.bucket.bucket_arn
    artifacts = f"{bucket}/{names.ARTIFACT_PREFIX}*"
    evidence = f"{bucket}/{names.EVIDENCE_PREFIX}*"
    logged = f"{bucket}/{LOGGED_PREFIX}*"
    advisories = f"{bucket}/{names.ADVISORIES_PREFIX}*"
    delivery = messaging.delivery.queue_arn
    stream = storage.table.table_stream_arn
    if stream is None:
        raise ValueError("the table has no stream; without a stream, no event reaches the bus")
    listed_under_prefix = {"StringLike": {"s3:prefix": [f"{names.ARTIFACT_PREFIX}*"]}}
    # Copies name the object version of their source, and ask S3 which versions there are.
    copied_from = [
        _allow(["s3:GetObjectVersion"], [artifacts, logged]),
        _allow(
            ["s3:ListBucketVersions"],
            [bucket],
            {"StringLike": {"s3:prefix": [f"{names.ARTIFACT_PREFIX}*", f"{LOGGED_PREFIX}*"]}},
        ),
    ]
    # This action does not have the condition key s3:prefix: a condition on it would refuse every call.
    list_uploads = _allow(["s3:ListBucketMultipartUploads"], [bucket])
    # ListStreams lists all streams of the table, so it cannot be limited to one stream.
    read_stream = [
        _allow(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], [stream]),
        _allow(["dynamodb:ListStreams"], [f"{table}/stream/*"]),
    ]
    only_token_use = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [names.TOKEN_USE_PARTITION]}}
    anchors = f"{anchoring.bucket.bucket_arn}/{names.ANCHOR_PREFIX}*"
    list_anchors = _allow(
        ["s3:ListBucket"], [anchoring.bucket.bucket_arn], {"StringLike": {"s3:prefix": [f"{names.ANCHOR_PREFIX}*"]}}
    )
    put_events = _allow(["events:PutEvents"], [messaging.bus.event_bus_arn])
    return {
        API: [
            _allow(READ_ITEMS + WRITE_ITEMS, [table]),
            _allow(
                ["dynamodb:Query"],
                _indexes(
                    table,
                    names.MODELS_BY_NAME,
                    names.MODELS_BY_CREATION,
                    names.LEDGERS,
                    names.OPEN_REQUESTS,
                    *names.SEARCH_INDEXES,
                ),
            ),
            _allow(
                [
                    "s3:GetObject",
                    "s3:PutObject",
                    "s3:AbortMultipartUpload",
                    "s3:ListMultipartUploadParts",
                ],
                [artifacts],
            ),
            # To sign uploads and downloads of evidence files, to ask S3 for their digests, and to read baselines.
            _allow(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], [evidence]),
            # To sign uploads of advisory indexes, and to match versions against one.
            _allow(["s3:GetObject", "s3:PutObject"], [advisories]),
            # Logged files are only removed by a delete marker. Their object versions stay: a copy may still read them.
            _allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"], [logged]),
            *copied_from,
            _allow(
                ["s3:ListBucket"],
                [bucket],
                {"StringLike": {"s3:prefix": [f"{names.ARTIFACT_PREFIX}*", f"{LOGGED_PREFIX}*"]}},
            ),
            list_uploads,
            # The administrator may sign in to the web interface with the secret that was made with the stack.
            _allow(["secretsmanager:GetSecretValue"], [credentials.signing_arn, credentials.admin_arn]),
            _allow(["sqs:SendMessage"], [delivery]),
            _allow(["s3:GetObject"], [anchors]),
            list_anchors,
        ],
        AUTHORIZER: [
            _allow(READ_ITEMS, [table]),
            _allow(["dynamodb:UpdateItem"], [table], only_token_use),
            # The seals of sessions and of their access tokens are checked with a key derived from the signing secret.
            _allow(["secretsmanager:GetSecretValue"], [credentials.admin_arn, credentials.signing_arn]),
        ],
        RELAY: [
            *read_stream,
            _allow(["dynamodb:UpdateItem"], [table]),
            put_events,
            _allow(["sqs:SendMessage"], [messaging.dead_letters[RELAY].queue_arn]),
        ],
        PROMOTER: [
            _allow(READ_ITEMS + WRITE_ITEMS, [table]),
            _allow(["dynamodb:Query"], _indexes(table, names.MODELS_BY_SCHEME)),
            # It matches versions that arrive or come into use against the advisories.
            _allow(["s3:GetObject"], [advisories]),
            # It seals the aliases that it moves.
            _allow(["secretsmanager:GetSecretValue"], [credentials.signing_arn]),
            _allow(["sqs:SendMessage"], [messaging.dead_letters[PROMOTER].queue_arn]),
        ],
        NOTIFIER: [
            _allow(["dynamodb:GetItem", "dynamodb:Query"], [table]),
            _allow(["sqs:SendMessage"], [delivery, messaging.dead_letters[NOTIFIER].queue_arn]),
        ],
        SENDER: [
            _allow(["dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [table]),
            _allow(["secretsmanager:GetSecretValue"], [credentials.signing_arn]),
            _allow(
                [
                    "sqs:ReceiveMessage",
                    "sqs:DeleteMessage",
                    # What is over a webhook's rate limit is queued anew.
                    "sqs:SendMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:ChangeMessageVisibility",
                ],
                [delivery],
            ),
        ],
        INTAKE: [
            _allow(["dynamodb:BatchGetItem", *WRITE_ITEMS], [table]),
            _allow(["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"], [artifacts]),
            *copied_from,
            _allow(["s3:ListBucket"], [bucket], listed_under_prefix),
            _allow(["sqs:SendMessage"], [messaging.dead_letters[INTAKE].queue_arn]),
        ],
        SIGNER: [
            _allow(["dynamodb:BatchGetItem", *WRITE_ITEMS], [table]),
            # To hash files whose SHA-256 S3 has not proven.
            _allow(["s3:GetObjectVersion"], [artifacts]),
            *_model_signing(signing),
            _allow(["sqs:SendMessage"], [messaging.dead_letters[SIGNER].queue_arn]),
        ],
        DEPLOYER: [
            _allow(READ_ITEMS + WRITE_ITEMS, [table]),
            # The models on a target that was deleted.
            _allow(["dynamodb:Query"], _indexes(table, names.TERMS)),
            _allow(
                ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
                [messaging.steps.queue_arn],
            ),
            # It seals the aliases that it rolls back.
            _allow(["secretsmanager:GetSecretValue"], [credentials.signing_arn]),
            _allow(["sqs:SendMessage"], [messaging.dead_letters[DEPLOYER].queue_arn]),
        ],
        KEEPER: [
            _allow(READ_ITEMS + WRITE_ITEMS, [table]),
            _allow(
                ["dynamodb:Query"],
                # Schedules go through the models by name.
                _indexes(table, names.DUE, names.OUTBOX, names.LEDGERS, names.MODELS_BY_NAME),
            ),
            # A schedule that has gates judged again seals the aliases that are moved then.
            _allow(["secretsmanager:GetSecretValue"], [credentials.signing_arn]),
            put_events,
            _allow(["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload"], [artifacts]),
            _allow(["s3:DeleteObject", "s3:DeleteObjectVersion"], [evidence]),
            # It matches versions in use against other advisories.
            _allow(["s3:GetObject"], [advisories]),
            # To ask S3 for the digests of the versions that are pointed at.
            _allow(["s3:GetObjectVersion"], [artifacts]),
            _allow(
                ["s3:ListBucketVersions"],
                [bucket],
                {"StringLike": {"s3:prefix": [f"{names.ARTIFACT_PREFIX}*", f"{names.EVIDENCE_PREFIX}*"]}},
            ),
            list_uploads,
            _allow(["sqs:SendMessage"], [messaging.dead_letters[KEEPER].queue_arn]),
        ],
        ANCHORER: [
            _allow(["dynamodb:BatchGetItem"], [table]),
            _allow(["dynamodb:Query"], _indexes(table, names.LEDGERS)),
            _allow(["s3:GetObject"], [anchors]),
            # It may put an anchor that does not exist yet. It may not overwrite or delete one, nor shorten or bypass
            # the lock. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
            _allow(["s3:PutObject"], [anchors], {"Null": {"s3:if-none-match": ["false"]}}),
            list_anchors,
            *_signing(anchoring),
            _allow(["sqs:SendMessage"], [messaging.dead_letters[ANCHORER].queue_arn]),
        ],
        USAGE: [
            _allow(["dynamodb:UpdateItem"], [table]),
            _allow(["sqs:SendMessage"], [messaging.dead_letters[USAGE].queue_arn]),
        ],
        SCANNER: [
            _allow(["s3:GetObjectVersion"], [artifacts]),
            *_scanning(table, names.SCANNED_PREFIX),
            _allow(["sqs:SendMessage"], [messaging.dead_letters[SCANNER].queue_arn]),
        ],
        QUARANTINE: [
            *read_stream,
            _allow(["dynamodb:BatchGetItem", *WRITE_ITEMS], [table]),
            # It seals the aliases that say whether a version's bytes are given out.
            _allow(["secretsmanager:GetSecretValue"], [credentials.signing_arn]),
            _allow(["sqs:SendMessage"], [messaging.dead_letters[SCANNER].queue_arn]),
        ],
    }


def opinion_permissions(storage: Storage, messaging: Messaging) -> list[iam.PolicyStatement]:
    """What the function ``opinion`` may do: as much as the scanner, with items of its own."""
    return [
        _allow(["s3:GetObjectVersion"], [f"{storage.bucket.bucket_arn}/{names.ARTIFACT_PREFIX}*"]),
        *_scanning(storage.table.table_arn, names.OPINION_PREFIX),
        _allow(["sqs:SendMessage"], [messaging.dead_letters[SCANNER].queue_arn]),
    ]


def _scanning(table: str, prefix: str) -> list[iam.PolicyStatement]:
    """What a scanner may do with the table: read lists of files, and keep what is its own.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    """
    its_own = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{prefix}*"]}}
    only_file_lists = {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{names.MODEL_PREFIX}*"]},
        "ForAllValues:StringEquals": {
            "dynamodb:Attributes": [names.PARTITION_KEY, names.SORT_KEY, *names.FILE_LIST_ATTRIBUTES]
        },
        # Without it, a call that names no attribute would get all.
        "StringEqualsIfExists": {"dynamodb:Select": ["SPECIFIC_ATTRIBUTES"]},
    }
    return [
        _allow(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem"], [table], its_own),
        _allow(["dynamodb:GetItem"], [table], only_file_lists),
    ]


def _model_signing(signing: ModelSigning) -> list[iam.PolicyStatement]:
    if signing.key is not None:
        one_algorithm = {"StringEquals": {"kms:SigningAlgorithm": ["ECDSA_SHA_256"]}}
        return [
            _allow(["kms:Sign"], [signing.key.key_arn], one_algorithm),
            _allow(["kms:GetPublicKey"], [signing.key.key_arn]),
        ]
    return [_allow(["secretsmanager:GetSecretValue"], [signing.arn])] if signing.arn else []


def _signing(anchoring: Anchoring) -> list[iam.PolicyStatement]:
    if anchoring.key is None:
        return []
    one_algorithm = {"StringEquals": {"kms:SigningAlgorithm": ["ECDSA_SHA_256"]}}
    return [_allow(["kms:Sign"], [anchoring.key.key_arn], one_algorithm)]


def _allow(
    actions: Iterable[str],
    resources: Iterable[str],
    conditions: dict[str, dict[str, list[str]]] | None = None,
) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(resources), conditions=conditions)


def _indexes(table: str, *indexes: str) -> list[str]:
    return [f"{table}/index/{index}" for index in indexes]
