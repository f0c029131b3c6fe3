"""The function that serves the web interface, in every set of options."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.credentials import ReadOnlyCredentials
from server.handler import STORAGE_HOSTS

from chalicelib.aws.services import Services
from chalicelib.aws.settings import Settings
from chalicelib.aws.versions.bucket import Bucket
from infra.storage import hosts_of
from infra.web import PATHS
from tests.infra.conftest import BOUNDARY, HOST_ARCHITECTURE, HOST_PYTHON, WEB_ACL
from tests.infra.template import FUNCTIONS, Template

STACKS = ("production", "expanded", "development", "enterprise", "restored")
KEY = ReadOnlyCredentials("AKIDEXAMPLE", "secret", None)
HANDLER = "server.handler.answer"
REQUESTS_OF_A_VISIT = 12


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> Template:
    template: Template = request.getfixturevalue(request.param)
    return template


def function_of(template: Template) -> str:
    """The logical id of the function."""
    functions = template.of_type("AWS::Lambda::Function")
    (found,) = [name for name, it in functions.items() if it["Properties"].get("Handler") == HANDLER]
    return found


def paths_of(template: Template, api: str) -> dict[str, Any]:
    """The API's paths. SAM writes them to another property."""
    properties = template.properties(api)
    paths: dict[str, Any] = (properties.get("Body") or properties["DefinitionBody"])["paths"]
    return paths


def test_it_may_write_its_log_and_nothing_else(stack: Template) -> None:
    assert stack.allowed_to(function_of(stack)) == {"logs:CreateLogStream": {"WebLog"}, "logs:PutLogEvents": {"WebLog"}}


def test_it_shares_its_role_with_no_other_function(stack: Template) -> None:
    roles = [str(stack.properties(resource)["Role"]) for resource in (*FUNCTIONS.values(), function_of(stack))]
    assert len(set(roles)) == len(roles)


def test_its_log_is_kept_as_long_as_every_other(stack: Template) -> None:
    group = stack.properties(function_of(stack))["LoggingConfig"]["LogGroup"]["Ref"]
    assert stack.properties(group)["RetentionInDays"] == 30
    kept = {it["DeletionPolicy"] for it in stack.of_type("AWS::Logs::LogGroup").values()}
    assert stack.resource(group)["DeletionPolicy"] in kept and len(kept) == 1


def test_it_is_small_and_outside_of_every_vpc(stack: Template) -> None:
    properties = stack.properties(function_of(stack))
    assert (properties["MemorySize"], properties["Timeout"]) == (128, 10)
    assert properties["Runtime"] == f"python{HOST_PYTHON}"
    # It reaches nothing, and needs no share of the account's concurrency for itself.
    assert not {"VpcConfig", "ReservedConcurrentExecutions", "Layers"} & set(properties)


def test_it_is_told_where_the_bucket_of_artifacts_is_and_nothing_else(stack: Template) -> None:
    (hosts,) = stack.properties(function_of(stack))["Environment"]["Variables"].items()
    bucket = stack.short(stack.properties(FUNCTIONS["api"])["Environment"]["Variables"]["MOORAGE_BUCKET"])
    regional = f"{bucket}.s3.eu-central-1.AWS::URLSuffix"
    assert (hosts[0], stack.short(hosts[1])) == (STORAGE_HOSTS, f"{regional},{bucket}.s3.AWS::URLSuffix")


@pytest.mark.parametrize(
    ("region", "suffix"),
    [("us-east-1", "amazonaws.com"), ("eu-central-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")],
)
def test_pages_may_upload_to_the_host_that_presigned_urls_name(
    region: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    s3 = Services(Settings.from_environment({})).client("s3")
    signed = Bucket(s3, "artifacts", lambda: KEY).sign_put("evidence/1", 3, "ab" * 32, 60)
    assert urlsplit(signed.url).hostname in hosts_of("artifacts", region, suffix)


def test_it_runs_on_the_processor_of_the_stack(production: Template, development: Template) -> None:
    assert production.properties(function_of(production))["Architectures"] == ["arm64"]
    assert development.properties(function_of(development))["Architectures"] == [HOST_ARCHITECTURE]


def test_only_the_api_for_tokens_may_invoke_it(stack: Template) -> None:
    permissions = [it["Properties"] for it in stack.of_type("AWS::Lambda::Permission").values()]
    (permission,) = [it for it in permissions if it["FunctionName"] == {"Ref": function_of(stack)}]
    assert (permission["Principal"], permission["Action"]) == ("apigateway.amazonaws.com", "lambda:InvokeFunction")
    source = stack.short(permission["SourceArn"])
    assert source == "arn:AWS::Partition:execute-api:eu-central-1:AWS::AccountId:RestAPI/*"


def test_its_paths_need_no_credential_and_lead_to_it_alone(stack: Template) -> None:
    paths = paths_of(stack, "RestAPI")
    assert set(PATHS) == {"/", "/ui", "/ui/{proxy+}"}
    for path in PATHS:
        assert set(paths[path]) == {"get"}
        operation = paths[path]["get"]
        assert "security" not in operation
        integration = operation["x-amazon-apigateway-integration"]
        assert (integration["type"], integration["httpMethod"]) == ("aws_proxy", "POST")
        assert {"Fn::GetAtt": [function_of(stack), "Arn"]} in integration["uri"]["Fn::Join"][1]
        named = [parameter["name"] for parameter in operation.get("parameters", [])]
        assert named == (["proxy"] if "{proxy+}" in path else [])
    leading = {path for path, methods in paths.items() if function_of(stack) in str(methods)}
    assert leading == set(PATHS)


def test_the_api_for_aws_signatures_does_not_serve_it(stack: Template) -> None:
    assert not set(PATHS) & set(paths_of(stack, "IamAPI"))
    assert function_of(stack) not in str(paths_of(stack, "IamAPI"))


def test_ten_first_visits_at_once_are_let_through(production: Template) -> None:
    """The throttle holds for each path by itself, so visits take nothing from the calls of the API."""
    (settings,) = production.properties("RestAPI")["MethodSettings"]
    assert (settings["HttpMethod"], settings["ResourcePath"]) == ("*", "/*")
    assert settings["ThrottlingBurstLimit"] >= 10 * REQUESTS_OF_A_VISIT


def test_its_files_and_its_code_are_one_asset(development: Template, tried: Path) -> None:
    key = development.properties(function_of(development))["Code"]["S3Key"]
    packages = [path for path in tried.glob("asset.*") if (path / "server/handler.py").is_file()]
    (package,) = packages
    assert package.name == f"asset.{key.removesuffix('.zip')}"
    assert (package / "server/files/index.html").is_file()


def test_the_package_names_the_licence_of_everything_that_it_ships(tried: Path) -> None:
    (named,) = tried.glob("asset.*/server/files/licenses.txt")
    heads = re.findall(r"^## (\S+) - \S+ \((.+)\)$", named.read_text(), flags=re.MULTILINE)
    # The font is no code, so that a bundler does not name it by itself.
    assert {("react", "MIT"), ("@base-ui/react", "MIT"), ("@fontsource-variable/inter", "OFL-1.1")} <= set(heads)
    assert {licence for _, licence in heads} <= {"MIT", "ISC", "BSD-3-Clause", "Apache-2.0", "0BSD", "OFL-1.1"}


def test_the_rules_of_an_account_hold_for_it_too(enterprise: Template) -> None:
    role = enterprise.properties(function_of(enterprise))["Role"]["Fn::GetAtt"][0]
    assert enterprise.properties(role)["PermissionsBoundary"] == BOUNDARY
    guards = [it["Properties"] for it in enterprise.of_type("AWS::WAFv2::WebACLAssociation").values()]
    assert WEB_ACL in {it["WebACLArn"] for it in guards if "RestAPI" in enterprise.short(it["ResourceArn"])}
    # It keeps nothing that a key would protect.
    assert not [action for action in enterprise.allowed_to(function_of(enterprise)) if action.startswith("kms:")]
