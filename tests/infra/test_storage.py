"""State is safe from accidents: backed up, kept, encrypted, closed to the public, and never replaced by mistake."""

from typing import Any

from chalicelib.aws import names
from tests.infra.template import Template
from tools.indexes import wanted
from tools.upgrade import set_indexes, table_in

ARTIFACTS, ANCHORS = "StorageArtifacts08431D1F", "AnchoringAnchors8C2817D3"

# A changed logical id makes CloudFormation create a new, empty resource and abandon the old one.
STATEFUL = {
    "AWS::DynamoDB::Table": {"StorageTableB43FDCE7"},
    "AWS::S3::Bucket": {ARTIFACTS, ANCHORS},
    "AWS::KMS::Key": {"AnchoringSigning22A65481", "ModelSigningKey21159F39"},
    "AWS::SecretsManager::Secret": {"CredentialsAdminC6B92C1B", "CredentialsSigningE3FB0CD1"},
    "AWS::Events::EventBus": {"MessagingBus52612CDD"},
}


def test_stateful_resources_keep_their_logical_ids(production: Template) -> None:
    assert {kind: set(production.of_type(kind)) for kind in STATEFUL} == STATEFUL


def test_the_table_is_on_demand_with_stream_expiry_and_point_in_time_recovery(production: Template) -> None:
    table = production.only("AWS::DynamoDB::Table")["Properties"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": names.TIME_TO_LIVE, "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["KeySchema"] == [
        {"AttributeName": names.PARTITION_KEY, "KeyType": "HASH"},
        {"AttributeName": names.SORT_KEY, "KeyType": "RANGE"},
    ]


def test_the_table_has_the_indexes_that_the_code_names(production: Template) -> None:
    table = production.only("AWS::DynamoDB::Table")["Properties"]
    found = {
        index["IndexName"]: (
            tuple(key["AttributeName"] for key in index["KeySchema"]),
            index["Projection"]["ProjectionType"],
        )
        for index in table["GlobalSecondaryIndexes"]
    }
    assert found == {
        name: (keys, "KEYS_ONLY" if name in names.KEYS_ONLY_INDEXES else "ALL") for name, keys in names.INDEXES.items()
    }


def test_an_upgrade_leaves_the_table_as_the_next_deployment_declares_it(production: Template) -> None:
    """Otherwise the deployment after an upgrade would change the table again."""
    table = table_in(production.document)
    assert table is not None
    upgraded: dict[str, Any] = {}
    set_indexes(upgraded, wanted())
    for part in ("GlobalSecondaryIndexes", "AttributeDefinitions"):
        assert sorted(upgraded[part], key=str) == sorted(table[part], key=str)


def test_the_bucket_is_versioned_private_and_forgets_unfinished_uploads(production: Template) -> None:
    bucket = production.properties(ARTIFACTS)
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    rule, logged = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    # No rule may delete an object behind the registry's back, except old versions of logged files.
    assert not {"ExpirationInDays", "NoncurrentVersionExpiration"} & set(rule)
    assert (logged["Prefix"], logged["NoncurrentVersionExpiration"]) == ("mlflow/", {"NoncurrentDays": 30})
    assert "ExpirationInDays" not in logged


def test_a_browser_may_put_what_was_signed_into_the_bucket_of_artifacts_and_read_nothing(production: Template) -> None:
    (rule,) = production.properties(ARTIFACTS)["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedMethods"] == ["PUT"]
    # Those that are signed, but for the length, which a browser sends by itself.
    assert set(rule["AllowedHeaders"]) == {"if-none-match", "x-amz-checksum-sha256"}
    assert "ExposedHeaders" not in rule
    assert "CorsConfiguration" not in production.properties(ANCHORS)


def test_the_buckets_refuse_plain_http(production: Template) -> None:
    refusing = set()
    for policy in production.of_type("AWS::S3::BucketPolicy").values():
        statements = policy["Properties"]["PolicyDocument"]["Statement"]
        denied = [statement["Condition"] for statement in statements if statement["Effect"] == "Deny"]
        assert {"Bool": {"aws:SecureTransport": "false"}} in denied
        # infra/local deletes these policies, so they must hold no other rule.
        assert len(denied) == len(statements)
        refusing.add(policy["Properties"]["Bucket"]["Ref"])
    assert refusing == {ARTIFACTS, ANCHORS}


def test_anchors_are_locked_as_the_operator_asked(production: Template, development: Template) -> None:
    chosen = ((production, "COMPLIANCE", 10), (development, "GOVERNANCE", 7))
    for template, mode, years in chosen:
        bucket = template.properties(ANCHORS)
        assert bucket["ObjectLockEnabled"] is True
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket["ObjectLockConfiguration"] == {
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": mode, "Years": years}},
        }
        assert "LifecycleConfiguration" not in bucket
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}


def test_anchors_are_signed_by_an_asymmetric_key_if_the_operator_asked(
    production: Template, development: Template
) -> None:
    key = production.of_type("AWS::KMS::Key")["AnchoringSigning22A65481"]["Properties"]
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    # Only the account administers the key. Functions get permission by their own roles; nobody else has any.
    (statement,) = key["KeyPolicy"]["Statement"]
    assert ":root" in str(statement["Principal"])
    assert not development.of_type("AWS::KMS::Key")


def test_data_outlives_a_production_stack(production: Template) -> None:
    assert production.only("AWS::DynamoDB::Table")["Properties"]["DeletionProtectionEnabled"] is True
    for kind in STATEFUL.keys() - {"AWS::Events::EventBus"}:
        for resource in production.of_type(kind).values():
            assert resource["DeletionPolicy"] == "Retain"
            assert resource["UpdateReplacePolicy"] == "Retain"


def test_a_development_stack_takes_its_data_with_it(development: Template) -> None:
    assert development.only("AWS::DynamoDB::Table")["Properties"]["DeletionProtectionEnabled"] is False
    assert development.only("AWS::DynamoDB::Table")["DeletionPolicy"] == "Delete"


def test_both_secrets_are_generated_and_fit_into_a_header(production: Template) -> None:
    for secret in production.of_type("AWS::SecretsManager::Secret").values():
        generated = secret["Properties"]["GenerateSecretString"]
        assert generated["PasswordLength"] >= 48
        assert set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") == set(generated["ExcludeCharacters"])
        assert "SecretString" not in secret["Properties"]
