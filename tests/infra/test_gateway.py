"""API Gateway: limits, logs, and error documents in the same form as the application's."""

import json
from typing import Any

import pytest

from chalicelib.api.document import ProblemView
from chalicelib.api.openapi import openapi
from chalicelib.aws.names import OVERRIDE_ROUTE, PUBLIC_URL, RELEASE_ROUTE
from chalicelib.domain.errors import RegistryError
from infra.web import PATHS
from tests.infra.template import FUNCTIONS, Template


def _responses(template: Template) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = template.properties("RestAPI")["GatewayResponses"]
    return found


def test_every_answer_of_the_gateway_is_a_problem_document(production: Template) -> None:
    for response in _responses(production).values():
        assert response["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"  # type: ignore[index]
        document = json.loads(response["ResponseTemplates"]["application/json"])  # type: ignore[index]
        assert set(document) == {
            "type",
            "title",
            "status",
            "detail",
            "code",
            "request_id",
            "error_code",
            "message",
        }
        assert str(document["status"]) == response["StatusCode"]
        assert document["type"] == f"urn:moorage:problem:{document['code']}"
        assert document["request_id"] == "$context.requestId"


def test_every_answer_of_the_gateway_is_as_the_served_openapi_document_describes_it(production: Template) -> None:
    described = openapi()["components"]["responses"]
    for response in _responses(production).values():
        document = json.loads(response["ResponseTemplates"]["application/json"])  # type: ignore[index]
        ProblemView.model_validate(document)
        schema = described[str(document["status"])]["content"]["application/problem+json"]["schema"]
        assert document["code"] in schema["allOf"][1]["properties"]["code"]["enum"]


def test_gateway_problems_use_the_statuses_and_codes_that_programs_know(production: Template) -> None:
    found = {}
    for name, response in _responses(production).items():
        document = json.loads(response["ResponseTemplates"]["application/json"])  # type: ignore[index]
        found[name] = (document["status"], document["code"])
    assert (
        found
        | {
            "UNAUTHORIZED": (401, "unauthenticated"),
            "ACCESS_DENIED": (403, "permission_denied"),
            "MISSING_AUTHENTICATION_TOKEN": (404, "route_not_found"),
            "REQUEST_TOO_LARGE": (413, "too_large"),
            "UNSUPPORTED_MEDIA_TYPE": (415, "unsupported_media_type"),
            "THROTTLED": (429, "rate_limited"),
            "INTEGRATION_TIMEOUT": (504, "timed_out"),
            "DEFAULT_4XX": (400, "invalid_input"),
            "DEFAULT_5XX": (500, "internal_error"),
        }
        == found
    )


def test_a_code_that_the_application_uses_too_means_the_same_there(production: Template) -> None:
    known = {}
    waiting = [RegistryError]
    while waiting:
        error = waiting.pop()
        known[error.code] = (error.status, error.title)
        waiting.extend(error.__subclasses__())
    for response in _responses(production).values():
        document = json.loads(response["ResponseTemplates"]["application/json"])  # type: ignore[index]
        assert known.get(document["code"], (document["status"], document["title"])) == (
            document["status"],
            document["title"],
        )


def test_an_unauthenticated_caller_is_told_how_to_authenticate(production: Template) -> None:
    headers = _responses(production)["UNAUTHORIZED"]["ResponseParameters"]["Headers"]  # type: ignore[index]
    # The first scheme is all that many clients of OCI registries look at.
    assert headers["WWW-Authenticate"] == '\'Basic realm="moorage", Bearer realm="moorage"\''


def test_requests_are_throttled_and_never_logged_with_their_bodies(production: Template) -> None:
    (settings,) = production.properties("RestAPI")["MethodSettings"]
    assert (settings["HttpMethod"], settings["ResourcePath"]) == ("*", "/*")
    assert 0 < settings["ThrottlingRateLimit"] <= 10_000
    assert 0 < settings["ThrottlingBurstLimit"] <= 5_000
    assert settings["DataTraceEnabled"] is False


def test_the_access_log_is_json_and_holds_no_secret(production: Template) -> None:
    setting = production.properties("RestAPI")["AccessLogSetting"]
    assert production.short(setting["DestinationArn"]) == "GatewayAccessLog"
    logged = json.loads(setting["Format"])
    assert {"request_id", "route", "status", "principal"} <= set(logged)
    for value in logged.values():
        assert not any(word in value for word in ("header", "querystring", "body", "requestOverride", "path}"))


def test_the_authorizer_is_asked_again_after_thirty_seconds(production: Template) -> None:
    definitions = production.properties("RestAPI")["DefinitionBody"]["securityDefinitions"]
    (authorizer,) = [
        definition["x-amazon-apigateway-authorizer"]
        for definition in definitions.values()
        if "x-amazon-apigateway-authorizer" in definition
    ]
    assert authorizer["type"] == "token"
    assert authorizer["authorizerResultTtlInSeconds"] == 30


def test_requests_are_traced_through_api_and_functions(production: Template) -> None:
    assert production.properties("RestAPI")["TracingEnabled"] is True
    assert {production.properties(name)["Tracing"] for name in FUNCTIONS.values()} == {"Active"}


def test_the_api_answers_before_the_gateway_gives_up(production: Template) -> None:
    assert production.properties("APIHandler")["Timeout"] < 29


def test_every_function_logs_to_its_own_group_that_forgets(production: Template) -> None:
    groups = {name: production.properties(name)["LoggingConfig"]["LogGroup"]["Ref"] for name in FUNCTIONS.values()}
    assert len(set(groups.values())) == len(FUNCTIONS)
    for group in production.of_type("AWS::Logs::LogGroup").values():
        assert group["Properties"]["RetentionInDays"] == 30


def test_a_domain_of_ones_own_is_served_over_tls_and_given_as_the_url(production: Template) -> None:
    domain = production.only("AWS::ApiGateway::DomainName")["Properties"]
    assert domain["SecurityPolicy"] == "TLS_1_2"
    mapping = production.only("AWS::ApiGateway::BasePathMapping")["Properties"]
    assert mapping["RestApiId"] == {"Ref": "RestAPI"}
    assert mapping["Stage"] == {"Ref": "RestAPI.Stage"}
    assert production.document["Outputs"]["ApiUrl"]["Value"] == "https://models.example.org/"


def test_without_a_domain_the_url_is_api_gateways_own(development: Template) -> None:
    assert not development.of_type("AWS::ApiGateway::DomainName")
    url = development.short(development.document["Outputs"]["ApiUrl"]["Value"])
    assert url.startswith("https://RestAPI.execute-api.eu-central-1.")
    assert url.endswith("/api/")


def test_functions_are_told_where_things_are_and_no_secret(production: Template) -> None:
    variables = production.properties("APIHandler")["Environment"]["Variables"]
    assert {name: production.short(value) for name, value in variables.items()} == {
        "MOORAGE_TABLE": "StorageTable",
        "MOORAGE_BUCKET": "StorageArtifacts",
        "MOORAGE_BUS": "MessagingBus",
        "MOORAGE_DELIVERY_QUEUE_URL": "MessagingDelivery",
        "MOORAGE_STEP_QUEUE_URL": "MessagingSteps",
        "MOORAGE_ADMIN_SECRET_ARN": "CredentialsAdmin",
        "MOORAGE_SIGNING_SECRET_ARN": "CredentialsSigning",
        "MOORAGE_OUTBOUND_ALLOW": "",
        "MOORAGE_UPLOAD_WINDOW_HOURS": "24",
        "MOORAGE_DEFAULT_SCHEME": "default",
        "MOORAGE_DELETED_RETENTION_DAYS": "30",
        "MOORAGE_LIMITS": "",
        "MOORAGE_FREEZE_TAMPERED": "false",
        "MOORAGE_ANCHOR_BUCKET": "AnchoringAnchors",
        "MOORAGE_ANCHOR_KEY_ARN": "AnchoringSigning",
        "MOORAGE_UNSEALED_ALIASES": "refuse",
        "MOORAGE_SCANNING": "on",
        "MOORAGE_SECOND_OPINION": "none",
        "MOORAGE_MODEL_SIGNING": "kms",
        "MOORAGE_MODEL_SIGNING_KEY_ARN": "ModelSigningKey",
    }


def _operations(template: Template, api: str) -> dict[tuple[str, str], dict[str, Any]]:
    paths = template.properties(api)["DefinitionBody"]["paths"]
    return {(path, method): operation for path, methods in paths.items() for method, operation in methods.items()}


def test_the_second_api_has_the_guarded_calls_of_the_first_and_takes_aws_signatures_only(production: Template) -> None:
    first, second = _operations(production, "RestAPI"), _operations(production, "IamAPI")
    assert set(second) == {call for call, operation in first.items() if operation.get("security")}
    # Browsers sign in at the first API only.
    assert {path for path, _ in set(first) - set(second)} == {
        "/v1/openapi.json",
        "/v1/schemas/event.json",
        "/v1/schemas/scheme.json",
        "/health",
        "/version",
        *(path for path, _ in first if path.startswith("/auth/")),
        *PATHS,
    }
    for call, operation in second.items():
        assert operation["security"] == [{"sigv4": []}]
        same = ("x-amazon-apigateway-integration", "parameters")
        assert {name: operation.get(name) for name in same} == {name: first[call].get(name) for name in same}
    (scheme,) = production.properties("IamAPI")["DefinitionBody"]["securityDefinitions"].values()
    assert scheme["x-amazon-apigateway-authtype"] == "awsSigv4"


def test_the_second_api_is_throttled_logged_and_answers_as_the_first(production: Template) -> None:
    first, second = production.properties("RestAPI"), production.properties("IamAPI")
    for setting in (
        "MethodSettings",
        "AccessLogSetting",
        "TracingEnabled",
        "EndpointConfiguration",
    ):
        assert second[setting] == first[setting], setting
    answers, others = first["GatewayResponses"], second["GatewayResponses"]
    assert set(answers) == set(others)
    # API Gateway gives one answer for unsigned requests and unknown routes; only its sentence differs and names both.
    assert {name for name in answers if answers[name] != others[name]} == {"MISSING_AUTHENTICATION_TOKEN"}
    assert "not signed" in others["MISSING_AUTHENTICATION_TOKEN"]["ResponseTemplates"]["application/json"]


def test_the_two_apis_are_told_apart_by_their_stages(production: Template) -> None:
    assert production.properties("RestAPI")["StageName"] == "api"
    assert production.properties("IamAPI")["StageName"] == "iam"
    url = production.short(production.document["Outputs"]["IamApiUrl"]["Value"])
    assert url.startswith("https://IamAPI.execute-api.") and url.endswith("/iam/")


def test_only_the_two_apis_may_invoke_the_api_function(production: Template) -> None:
    sources = [
        json.dumps(found["Properties"]["SourceArn"])
        for found in production.of_type("AWS::Lambda::Permission").values()
        if found["Properties"]["FunctionName"] == {"Ref": "APIHandler"}
    ]
    apis = [api for source in sources for api in ("RestAPI", "IamAPI") if f'{{"Ref": "{api}"}}' in source]
    assert sorted(apis) == ["IamAPI", "RestAPI"] and len(sources) == 2


def test_refused_credentials_are_counted_where_they_are_logged_and_alarmed_on(production: Template) -> None:
    every = [found["Properties"] for found in production.of_type("AWS::Logs::MetricFilter").values()]
    filters = [found for found in every if "authentication_failed" in found["FilterPattern"]]
    assert {production.short(found["LogGroupName"]) for found in filters} == {
        "FunctionsApiLog",
        "FunctionsAuthorizerLog",
    }
    assert {found["FilterPattern"] for found in filters} == {'{ $.log = "authentication_failed" }'}
    (name,) = {transformation["MetricName"] for found in filters for transformation in found["MetricTransformations"]}
    alarms = [found["Properties"] for found in production.of_type("AWS::CloudWatch::Alarm").values()]
    (alarm,) = [found for found in alarms if found.get("MetricName") == name]
    assert alarm["AlarmActions"] and "authentication_failed" in alarm["AlarmDescription"]


@pytest.mark.parametrize("route", [OVERRIDE_ROUTE, RELEASE_ROUTE])
def test_every_overridden_gate_and_every_release_from_quarantine_is_an_alarm(production: Template, route: str) -> None:
    every = [found["Properties"] for found in production.of_type("AWS::Logs::MetricFilter").values()]
    (watched,) = [found for found in every if f'"{route}"' in found["FilterPattern"]]
    assert production.short(watched["LogGroupName"]) == "FunctionsApiLog"
    (transformation,) = watched["MetricTransformations"]
    alarms = [found["Properties"] for found in production.of_type("AWS::CloudWatch::Alarm").values()]
    (alarm,) = [found for found in alarms if found.get("MetricName") == transformation["MetricName"]]
    assert alarm["Threshold"] == 1 and alarm["AlarmActions"]


def test_gateway_answers_tell_mlflow_clients_what_is_wrong_in_their_terms(production: Template) -> None:
    found = {}
    for name, response in _responses(production).items():
        document = json.loads(response["ResponseTemplates"]["application/json"])  # type: ignore[index]
        assert document["message"] == document["detail"]
        found[name] = document["error_code"]
    expected = {
        "UNAUTHORIZED": "UNAUTHENTICATED",
        "ACCESS_DENIED": "PERMISSION_DENIED",
        "MISSING_AUTHENTICATION_TOKEN": "ENDPOINT_NOT_FOUND",
        "THROTTLED": "REQUEST_LIMIT_EXCEEDED",
        "DEFAULT_5XX": "INTERNAL_ERROR",
    }
    assert found | expected == found


def test_bodies_of_any_type_reach_the_function_undamaged(production: Template) -> None:
    for api in ("RestAPI", "IamAPI"):
        assert production.properties(api)["BinaryMediaTypes"] == ["*/*"]


def test_clients_are_told_the_url_that_the_operator_gave_and_no_other(
    production: Template, development: Template
) -> None:
    assert production.properties("RestAPI")["Variables"] == {PUBLIC_URL: "https://ml.example.org/registry"}
    assert "Variables" not in production.properties("IamAPI")
    assert "Variables" not in development.properties("RestAPI")
