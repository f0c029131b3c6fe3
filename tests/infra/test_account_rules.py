"""Options with which a stack follows the rules of the account that it is deployed to. All are off by default."""

from typing import Any

from chalicelib.aws.names import ARTIFACT_PREFIX
from infra.network import FUNCTIONS_INSIDE
from infra.workload import SCANNER
from tests.infra.conftest import BOUNDARY, KEY, WEB_ACL
from tests.infra.template import FUNCTIONS, Template

SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
GROUPS = ["sg-0123456789abcdef0"]


def _inside(template: Template) -> set[str]:
    return {name for name, resource in FUNCTIONS.items() if "VpcConfig" in template.properties(resource)}


def test_functions_that_call_given_addresses_run_in_the_vpc_that_was_named(
    enterprise: Template, expanded: Template
) -> None:
    assert _inside(enterprise) == {*FUNCTIONS_INSIDE, SCANNER}
    assert not _inside(expanded)
    for name in FUNCTIONS_INSIDE:
        attached = enterprise.properties(FUNCTIONS[name])["VpcConfig"]
        assert attached == {"SubnetIds": SUBNETS, "SecurityGroupIds": GROUPS}


def test_the_scanner_is_closed_in_by_security_groups_of_its_own(enterprise: Template) -> None:
    attached = enterprise.properties(FUNCTIONS[SCANNER])["VpcConfig"]
    assert attached == {"SubnetIds": SUBNETS, "SecurityGroupIds": ["sg-0fedcba9876543210"]}
    called = {action.partition(":")[0] for action in enterprise.allowed(SCANNER)}
    # Those two have gateway endpoints, which cost nothing. Lambda itself hands on what failed, logs and traces.
    assert called - {"logs", "xray", "ec2", "kms", "sqs"} == {"dynamodb", "s3"}


def test_only_these_functions_may_make_network_interfaces(enterprise: Template, expanded: Template) -> None:
    makers = {name for name in FUNCTIONS if "ec2:CreateNetworkInterface" in enterprise.allowed(name)}
    assert makers == {*FUNCTIONS_INSIDE, SCANNER}
    assert not any("ec2:CreateNetworkInterface" in expanded.allowed(name) for name in FUNCTIONS)


def test_the_vpc_reaches_every_service_that_these_functions_call(enterprise: Template, expanded: Template) -> None:
    endpoints = [it["Properties"] for it in enterprise.of_type("AWS::EC2::VPCEndpoint").values()]
    assert {it["ServiceName"].rpartition(".")[2]: it["VpcEndpointType"] for it in endpoints} == {
        "dynamodb": "Gateway",
        "s3": "Gateway",
        "secretsmanager": "Interface",
        "sqs": "Interface",
    }
    called = {action.partition(":")[0] for name in FUNCTIONS_INSIDE for action in enterprise.allowed(name)}
    # Lambda itself sends logs and traces, and attaches the function; the services call KMS.
    assert called - {"logs", "xray", "ec2", "kms"} == {"dynamodb", "s3", "secretsmanager", "sqs"}
    assert not expanded.of_type("AWS::EC2::VPCEndpoint")


def test_other_accounts_may_call_the_signed_api_if_they_are_trusted(enterprise: Template, expanded: Template) -> None:
    (statement,) = enterprise.properties("IamAPI")["Body"]["x-amazon-apigateway-policy"]["Statement"]
    principals = [enterprise.short(principal) for principal in statement["Principal"]["AWS"]]
    assert principals == ["arn:AWS::Partition:iam::210987654321:root", "arn:AWS::Partition:iam::310987654321:root"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    assert statement["Resource"] == "execute-api:/iam/*"
    for template, api in ((enterprise, "RestAPI"), (expanded, "RestAPI"), (expanded, "IamAPI")):
        assert "x-amazon-apigateway-policy" not in template.properties(api)["Body"]


def test_the_default_endpoint_can_be_closed_beside_a_domain(enterprise: Template, expanded: Template) -> None:
    setting = "x-amazon-apigateway-endpoint-configuration"
    assert enterprise.properties("RestAPI")["Body"][setting] == {"disableExecuteApiEndpoint": True}
    # The API with AWS signatures has no other address.
    assert setting not in enterprise.properties("IamAPI")["Body"]
    assert setting not in expanded.properties("RestAPI")["Body"]


def test_a_web_acl_stands_before_both_apis(enterprise: Template, expanded: Template) -> None:
    guards = [it["Properties"] for it in enterprise.of_type("AWS::WAFv2::WebACLAssociation").values()]
    assert {guard["WebACLArn"] for guard in guards} == {WEB_ACL}
    guarded = sorted(enterprise.short(guard["ResourceArn"]).partition("::/")[2] for guard in guards)
    assert guarded == [
        "restapis/IamAPI/stages/IamAPIiamStage",
        "restapis/RestAPI/stages/RestAPIapiStage",
    ]
    assert not expanded.of_type("AWS::WAFv2::WebACLAssociation")


def test_every_role_has_the_permissions_boundary(enterprise: Template, expanded: Template) -> None:
    roles = enterprise.of_type("AWS::IAM::Role").values()
    assert {role["Properties"]["PermissionsBoundary"] for role in roles} == {BOUNDARY}
    assert not [r for r in expanded.of_type("AWS::IAM::Role").values() if "PermissionsBoundary" in r["Properties"]]


def test_the_tags_go_to_the_whole_stack(enterprise_tags: dict[str, str]) -> None:
    assert enterprise_tags == {"team": "ml", "cost-center": "42"}


def test_data_is_encrypted_with_the_key_that_was_named(enterprise: Template) -> None:
    table = enterprise.only("AWS::DynamoDB::Table")["Properties"]
    assert (table["SSESpecification"]["SSEType"], table["SSESpecification"]["KMSMasterKeyId"]) == ("KMS", KEY)
    for bucket in enterprise.of_type("AWS::S3::Bucket").values():
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
        assert rule["BucketKeyEnabled"] is True
    for secret in enterprise.of_type("AWS::SecretsManager::Secret").values():
        assert secret["Properties"]["KmsKeyId"] == KEY
    queues = enterprise.of_type("AWS::SQS::Queue")
    keys = {
        enterprise.short({"Ref": name}): queue["Properties"].get("KmsMasterKeyId") for name, queue in queues.items()
    }
    assert {name for name, key in keys.items() if key == KEY} == {"MessagingDelivery", "MessagingSteps"}


def test_every_function_may_use_that_key_and_no_other(enterprise: Template) -> None:
    for name in FUNCTIONS:
        used = {action: on for action, on in enterprise.allowed(name).items() if action.startswith("kms:")}
        assert {"kms:Decrypt", "kms:GenerateDataKey"} <= set(used)
        assert all(on == {KEY} for on in used.values())


def test_method_metrics_are_paid_for_only_on_request(enterprise: Template, expanded: Template) -> None:
    def measured(template: Template) -> list[bool]:
        stages: list[dict[str, Any]] = [it["Properties"] for it in template.of_type("AWS::ApiGateway::Stage").values()]
        return [setting["MetricsEnabled"] for stage in stages for setting in stage["MethodSettings"]]

    assert measured(enterprise) == [True, True]
    assert measured(expanded) == [False, False]


def test_artifacts_are_tiered_only_on_request_and_never_removed_by_it(enterprise: Template, expanded: Template) -> None:
    def tiers(template: Template) -> list[dict[str, Any]]:
        buckets = [it["Properties"] for it in template.of_type("AWS::S3::Bucket").values()]
        rules = [rule for it in buckets for rule in it.get("LifecycleConfiguration", {}).get("Rules", [])]
        return [rule for rule in rules if "Transitions" in rule]

    (rule,) = tiers(enterprise)
    assert rule["Prefix"] == ARTIFACT_PREFIX
    assert rule["Transitions"] == [{"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 0}]
    assert not {"ExpirationInDays", "NoncurrentVersionExpiration"} & set(rule)
    assert not tiers(expanded)


def test_webhooks_cannot_use_up_the_concurrency_of_the_account(enterprise: Template, expanded: Template) -> None:
    reserved = {name: expanded.properties(FUNCTIONS[name]).get("ReservedConcurrentExecutions") for name in FUNCTIONS}
    assert {name: number for name, number in reserved.items() if number} == {"sender": 10}
    mappings = expanded.of_type("AWS::Lambda::EventSourceMapping").values()
    limits = {
        expanded.short(it["Properties"]["EventSourceArn"]): it["Properties"].get("ScalingConfig") for it in mappings
    }
    assert limits["MessagingDelivery"] == {"MaximumConcurrency": 10}
    # An account with a small quota cannot reserve any.
    assert "ReservedConcurrentExecutions" not in enterprise.properties(FUNCTIONS["sender"])


def test_a_stack_on_a_restored_table_and_bucket_makes_neither(restored: Template) -> None:
    assert not restored.of_type("AWS::DynamoDB::Table")
    assert {restored.short({"Ref": name}) for name in restored.of_type("AWS::S3::Bucket")} == {"AnchoringAnchors"}
    table = "arn:AWS::Partition:dynamodb:eu-central-1:AWS::AccountId:table/moorage-restored"
    variables = restored.properties("APIHandler")["Environment"]["Variables"]
    assert variables["MOORAGE_TABLE"] == "moorage-restored" and variables["MOORAGE_BUCKET"] == "moorage-replica"
    mappings = [it["Properties"] for it in restored.of_type("AWS::Lambda::EventSourceMapping").values()]
    streams = {restored.short(it["EventSourceArn"]) for it in mappings} - {"MessagingDelivery", "MessagingSteps"}
    assert streams == {f"{table}/stream/2026-11-28T13:00:00.000"}
    assert restored.allowed("relay")["dynamodb:GetRecords"] == streams
    assert restored.allowed("api")["dynamodb:PutItem"] == {table}
    assert f"{table}/index/terms" in restored.allowed("api")["dynamodb:Query"]
    assert "arn:AWS::Partition:s3:::moorage-replica/artifacts/*" in restored.allowed("api")["s3:PutObject"]
    outputs = restored.document["Outputs"]
    assert outputs["TableName"]["Value"] == "moorage-restored"
