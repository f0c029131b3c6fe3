"""Every function has its own role, which allows what the function needs and nothing else."""

import pytest

from chalicelib.aws import names
from tests.infra.template import FUNCTIONS, Template

TABLE, BUCKET, OBJECTS = "StorageTable", "StorageArtifacts", "StorageArtifacts/artifacts/*"
LOGGED = "StorageArtifacts/mlflow/*"
EVIDENCE = "StorageArtifacts/evidence/*"
ADVISORIES = "StorageArtifacts/vulnerabilities/*"
DELIVERY, STEPS, BUS = "MessagingDelivery", "MessagingSteps", "MessagingBus"
ANCHORS, ANCHOR_OBJECTS = "AnchoringAnchors", "AnchoringAnchors/anchors/*"
ADMIN, SIGNING = "CredentialsAdmin", "CredentialsSigning"
MODEL_KEY = "ModelSigningKey"

WRITES = {
    "dynamodb:PutItem": {TABLE},
    "dynamodb:UpdateItem": {TABLE},
    "dynamodb:DeleteItem": {TABLE},
    "dynamodb:ConditionCheckItem": {TABLE},
}
READS = {"dynamodb:GetItem": {TABLE}, "dynamodb:BatchGetItem": {TABLE}}

EXPECTED = {
    "api": READS
    | WRITES
    | {
        "dynamodb:Query": {
            TABLE,
            f"{TABLE}/index/models_by_name",
            f"{TABLE}/index/models_by_creation",
            f"{TABLE}/index/ledgers",
            f"{TABLE}/index/open_requests",
            *(f"{TABLE}/index/{index}" for index in names.SEARCH_INDEXES),
        },
        "s3:GetObject": {OBJECTS, LOGGED, EVIDENCE, ADVISORIES, ANCHOR_OBJECTS},
        "s3:GetObjectVersion": {OBJECTS, LOGGED, EVIDENCE},
        "s3:ListBucketVersions": {BUCKET},
        "s3:PutObject": {OBJECTS, LOGGED, EVIDENCE, ADVISORIES},
        "s3:DeleteObject": {LOGGED},
        "s3:AbortMultipartUpload": {OBJECTS, LOGGED},
        "s3:ListMultipartUploadParts": {OBJECTS},
        "s3:ListBucket": {BUCKET, ANCHORS},
        "s3:ListBucketMultipartUploads": {BUCKET},
        "secretsmanager:GetSecretValue": {SIGNING, ADMIN},
        "sqs:SendMessage": {DELIVERY},
    },
    "authorizer": READS
    | {
        "dynamodb:Query": {TABLE},
        "dynamodb:UpdateItem": {TABLE},
        "secretsmanager:GetSecretValue": {ADMIN, SIGNING},
    },
    "relay": {
        "dynamodb:DescribeStream": {f"{TABLE}/stream"},
        "dynamodb:GetRecords": {f"{TABLE}/stream"},
        "dynamodb:GetShardIterator": {f"{TABLE}/stream"},
        "dynamodb:ListStreams": {f"{TABLE}/stream/*"},
        "dynamodb:UpdateItem": {TABLE},
        "events:PutEvents": {BUS},
        "sqs:SendMessage": {"MessagingRelayDeadLetters"},
    },
    "promoter": READS
    | WRITES
    | {
        "dynamodb:Query": {TABLE, f"{TABLE}/index/models_by_scheme"},
        "s3:GetObject": {ADVISORIES},
        "secretsmanager:GetSecretValue": {SIGNING},
        "sqs:SendMessage": {"MessagingPromoterDeadLetters"},
    },
    "notifier": {
        "dynamodb:GetItem": {TABLE},
        "dynamodb:Query": {TABLE},
        "sqs:SendMessage": {DELIVERY, "MessagingNotifierDeadLetters"},
    },
    "sender": {
        "dynamodb:BatchGetItem": {TABLE},
        "dynamodb:PutItem": {TABLE},
        "dynamodb:UpdateItem": {TABLE},
        "secretsmanager:GetSecretValue": {SIGNING},
        "sqs:ReceiveMessage": {DELIVERY},
        "sqs:SendMessage": {DELIVERY},
        "sqs:DeleteMessage": {DELIVERY},
        "sqs:GetQueueAttributes": {DELIVERY},
        "sqs:ChangeMessageVisibility": {DELIVERY},
    },
    "intake": WRITES
    | {
        "dynamodb:BatchGetItem": {TABLE},
        "s3:GetObject": {OBJECTS},
        "s3:GetObjectVersion": {OBJECTS, LOGGED},
        "s3:PutObject": {OBJECTS},
        "s3:AbortMultipartUpload": {OBJECTS},
        "s3:ListBucket": {BUCKET},
        "s3:ListBucketVersions": {BUCKET},
        "sqs:SendMessage": {"MessagingIntakeDeadLetters"},
    },
    "signer": WRITES
    | {
        "dynamodb:BatchGetItem": {TABLE},
        "s3:GetObjectVersion": {OBJECTS},
        "kms:Sign": {MODEL_KEY},
        "kms:GetPublicKey": {MODEL_KEY},
        "sqs:SendMessage": {"MessagingSignerDeadLetters"},
    },
    "deployer": READS
    | WRITES
    | {
        "dynamodb:Query": {TABLE, f"{TABLE}/index/terms"},
        "secretsmanager:GetSecretValue": {SIGNING},
        "sqs:SendMessage": {STEPS, "MessagingDeployerDeadLetters"},
        "sqs:ReceiveMessage": {STEPS},
        "sqs:DeleteMessage": {STEPS},
        "sqs:GetQueueAttributes": {STEPS},
    },
    "keeper": READS
    | WRITES
    | {
        "dynamodb:Query": {
            TABLE,
            f"{TABLE}/index/due",
            f"{TABLE}/index/outbox",
            f"{TABLE}/index/ledgers",
            f"{TABLE}/index/models_by_name",
        },
        "secretsmanager:GetSecretValue": {SIGNING},
        "events:PutEvents": {BUS},
        "s3:DeleteObject": {OBJECTS, EVIDENCE},
        "s3:DeleteObjectVersion": {OBJECTS, EVIDENCE},
        "s3:GetObject": {ADVISORIES},
        "s3:GetObjectVersion": {OBJECTS},
        "s3:AbortMultipartUpload": {OBJECTS},
        "s3:ListBucketVersions": {BUCKET},
        "s3:ListBucketMultipartUploads": {BUCKET},
        "sqs:SendMessage": {"MessagingKeeperDeadLetters"},
    },
    "anchorer": {
        "dynamodb:BatchGetItem": {TABLE},
        "dynamodb:Query": {f"{TABLE}/index/ledgers"},
        "s3:GetObject": {ANCHOR_OBJECTS},
        "s3:PutObject": {ANCHOR_OBJECTS},
        "s3:ListBucket": {ANCHORS},
        "kms:Sign": {"AnchoringSigning"},
        "sqs:SendMessage": {"MessagingAnchorerDeadLetters"},
    },
    "usage": {"dynamodb:UpdateItem": {TABLE}, "sqs:SendMessage": {"MessagingUsageDeadLetters"}},
    "scanner": READS
    | {
        "dynamodb:PutItem": {TABLE},
        "s3:GetObjectVersion": {OBJECTS},
        "sqs:SendMessage": {"MessagingScannerDeadLetters"},
    },
    "quarantine": WRITES
    | {
        "dynamodb:BatchGetItem": {TABLE},
        "dynamodb:DescribeStream": {f"{TABLE}/stream"},
        "dynamodb:GetRecords": {f"{TABLE}/stream"},
        "dynamodb:GetShardIterator": {f"{TABLE}/stream"},
        "dynamodb:ListStreams": {f"{TABLE}/stream/*"},
        "secretsmanager:GetSecretValue": {SIGNING},
        "sqs:SendMessage": {"MessagingScannerDeadLetters"},
    },
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_exactly_what_its_function_needs(production: Template, function: str) -> None:
    log = f"Functions{function.capitalize()}Log"
    everywhere = {
        "logs:CreateLogStream": {log},
        "logs:PutLogEvents": {log},
        "xray:PutTraceSegments": {"*"},
        "xray:PutTelemetryRecords": {"*"},
    }
    assert production.allowed(function) == EXPECTED[function] | everywhere


def test_no_two_functions_share_a_role(production: Template) -> None:
    roles = [str(production.properties(resource)["Role"]) for resource in FUNCTIONS.values()]
    assert len(set(roles)) == len(FUNCTIONS)


def test_only_xray_is_allowed_on_every_resource_and_no_action_is_a_pattern(production: Template) -> None:
    for function in FUNCTIONS:
        for action, resources in production.allowed(function).items():
            assert "*" not in action
            assert "*" not in resources or action.startswith("xray:")


def test_the_buckets_are_listed_only_below_what_is_ours(production: Template) -> None:
    listed = [
        (function, statement["Condition"]["StringLike"]["s3:prefix"])
        for function in FUNCTIONS
        for statement in production.statements(function)
        if statement["Action"] in ("s3:ListBucket", "s3:ListBucketVersions")
    ]
    assert listed == [
        ("api", ["artifacts/*", "mlflow/*"]),
        ("api", ["artifacts/*", "mlflow/*"]),
        ("api", ["anchors/*"]),
        ("intake", ["artifacts/*", "mlflow/*"]),
        ("intake", ["artifacts/*"]),
        ("keeper", ["artifacts/*", "evidence/*"]),
        ("anchorer", ["anchors/*"]),
    ]


def test_anchors_are_signed_with_one_algorithm_and_by_one_function(production: Template, development: Template) -> None:
    (statement,) = [found for found in production.statements("anchorer") if found["Action"] == "kms:Sign"]
    assert statement["Condition"] == {"StringEquals": {"kms:SigningAlgorithm": ["ECDSA_SHA_256"]}}
    assert "kms:Sign" not in development.allowed("anchorer")


def test_versions_are_signed_with_one_algorithm_and_by_one_function(
    production: Template, enterprise: Template, development: Template
) -> None:
    (statement,) = [found for found in production.statements("signer") if found["Action"] == "kms:Sign"]
    assert statement["Condition"] == {"StringEquals": {"kms:SigningAlgorithm": ["ECDSA_SHA_256"]}}
    for template, action in ((production, "kms:Sign"), (enterprise, "secretsmanager:GetSecretValue")):
        reaching = {one for one in FUNCTIONS if MODEL_KEY in template.allowed(one).get(action, set())}
        assert reaching == {"signer"}
    assert not {"kms:Sign", "secretsmanager:GetSecretValue"} & set(development.allowed("signer"))


def test_what_was_logged_is_deleted_by_a_marker_only(production: Template) -> None:
    for function in FUNCTIONS:
        assert LOGGED not in production.allowed(function).get("s3:DeleteObjectVersion", set())


def test_what_was_logged_is_neither_written_nor_removed_by_who_copies_it(production: Template) -> None:
    allowed = production.allowed("intake")
    assert {action for action, resources in allowed.items() if LOGGED in resources} == {"s3:GetObjectVersion"}


def test_evidence_files_are_removed_by_the_keeper_alone(production: Template) -> None:
    removing = {"s3:DeleteObject", "s3:DeleteObjectVersion"}
    can = {one for one in FUNCTIONS if any(EVIDENCE in production.allowed(one).get(action, ()) for action in removing)}
    assert can == {"keeper"}


def test_the_bytes_of_evidence_files_are_read_by_the_api_alone(production: Template) -> None:
    """Monitors take their baselines from them, by the object version that was proved."""
    assert {one for one in FUNCTIONS if EVIDENCE in production.allowed(one).get("s3:GetObjectVersion", ())} == {"api"}


def test_no_function_can_change_or_remove_an_anchor(production: Template) -> None:
    writing = {"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectRetention"}
    for function in FUNCTIONS:
        allowed = production.allowed(function)
        on_anchors = {action for action in writing if ANCHOR_OBJECTS in allowed.get(action, set())}
        assert on_anchors == ({"s3:PutObject"} if function == "anchorer" else set())
        assert "s3:BypassGovernanceRetention" not in allowed


def test_an_anchor_is_put_only_where_there_is_none(production: Template) -> None:
    """Readers of the bucket get the newest object version, so overwriting an anchor would hide it."""
    (statement,) = [found for found in production.statements("anchorer") if "s3:PutObject" in found["Action"]]
    assert statement["Action"] == "s3:PutObject"
    assert statement["Condition"] == {"Null": {"s3:if-none-match": ["false"]}}


def test_open_uploads_are_listed_without_a_condition_that_the_action_does_not_know(production: Template) -> None:
    for function in ("api", "keeper"):
        (statement,) = [
            found for found in production.statements(function) if "s3:ListBucketMultipartUploads" in found["Action"]
        ]
        assert "Condition" not in statement


def test_the_authorizer_writes_nothing_but_when_tokens_were_last_used(production: Template) -> None:
    (statement,) = [found for found in production.statements("authorizer") if found["Action"] == "dynamodb:UpdateItem"]
    assert statement["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["TOKEN_USE"]}}


def test_the_scanner_writes_only_items_of_its_own_and_reads_of_others_only_lists_of_files(production: Template) -> None:
    on_table = [found for found in production.statements("scanner") if "dynamodb" in str(found["Action"])]
    its_own, file_lists = on_table
    assert its_own["Action"] == ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem"]
    assert its_own["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["SCANNED#*"]}}
    assert file_lists["Action"] == "dynamodb:GetItem"
    assert file_lists["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["MODEL#*"]},
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["PK", "SK", "files", "parts", "whole"]},
        "StringEqualsIfExists": {"dynamodb:Select": ["SPECIFIC_ATTRIBUTES"]},
    }
