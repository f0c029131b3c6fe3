"""Every function has its own role, and the role allows what the function needs and nothing else."""

import pytest

from tests.infra.template import FUNCTIONS, Template

TABLE, BUCKET, OBJECTS = "StorageTable", "StorageArtifacts", "StorageArtifacts/artifacts/*"
DELIVERY, BUS = "MessagingDelivery", "MessagingBus"
ADMIN, SIGNING = "CredentialsAdmin", "CredentialsSigning"

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
        "dynamodb:Query": {TABLE, f"{TABLE}/index/models_by_name", f"{TABLE}/index/models_by_creation"},
        "s3:GetObject": {OBJECTS},
        "s3:GetObjectVersion": {OBJECTS},
        "s3:PutObject": {OBJECTS},
        "s3:AbortMultipartUpload": {OBJECTS},
        "s3:ListMultipartUploadParts": {OBJECTS},
        "s3:ListBucket": {BUCKET},
        "s3:ListBucketMultipartUploads": {BUCKET},
        "secretsmanager:GetSecretValue": {SIGNING},
        "sqs:SendMessage": {DELIVERY},
    },
    "authorizer": {"dynamodb:GetItem": {TABLE}, "secretsmanager:GetSecretValue": {ADMIN}},
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
        "sqs:SendMessage": {"MessagingPromoterDeadLetters"},
    },
    "notifier": {
        "dynamodb:Query": {TABLE},
        "sqs:SendMessage": {DELIVERY, "MessagingNotifierDeadLetters"},
    },
    "sender": {
        "dynamodb:BatchGetItem": {TABLE},
        "dynamodb:PutItem": {TABLE},
        "secretsmanager:GetSecretValue": {SIGNING},
        "sqs:ReceiveMessage": {DELIVERY},
        "sqs:DeleteMessage": {DELIVERY},
        "sqs:GetQueueAttributes": {DELIVERY},
        "sqs:ChangeMessageVisibility": {DELIVERY},
    },
    "keeper": READS
    | WRITES
    | {
        "dynamodb:Query": {TABLE, f"{TABLE}/index/due", f"{TABLE}/index/outbox"},
        "events:PutEvents": {BUS},
        "s3:DeleteObject": {OBJECTS},
        "s3:DeleteObjectVersion": {OBJECTS},
        "s3:AbortMultipartUpload": {OBJECTS},
        "s3:ListBucketVersions": {BUCKET},
        "s3:ListBucketMultipartUploads": {BUCKET},
        "sqs:SendMessage": {"MessagingKeeperDeadLetters"},
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


def test_the_bucket_is_listed_only_below_the_artifacts(production: Template) -> None:
    for function, action in (("api", "s3:ListBucket"), ("keeper", "s3:ListBucketVersions")):
        (statement,) = [found for found in production.statements(function) if found["Action"] == action]
        assert statement["Condition"] == {"StringLike": {"s3:prefix": ["artifacts/*"]}}


def test_open_uploads_are_listed_without_a_condition_that_the_action_does_not_know(production: Template) -> None:
    for function in ("api", "keeper"):
        (statement,) = [
            found for found in production.statements(function) if "s3:ListBucketMultipartUploads" in found["Action"]
        ]
        assert "Condition" not in statement
