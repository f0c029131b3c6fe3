"""Every function is invoked, and no event that it fails on is lost."""

import json
from typing import Any

import pytest

from chalicelib.aws import keys, names
from chalicelib.aws.scanning.watches import PATIENCE
from chalicelib.domain.ledger import event_types
from chalicelib.domain.versions.intake import COPYING_WINDOW
from chalicelib.registry.scanning.scanning import MOST_ATTEMPTS
from tests.infra.template import FUNCTIONS, Template


def _rule_of(template: Template, function: str) -> dict[str, Any]:
    arn = {"Fn::GetAtt": [FUNCTIONS[function], "Arn"]}
    (rule,) = [
        rule["Properties"]
        for rule in template.of_type("AWS::Events::Rule").values()
        if rule["Properties"]["Targets"][0]["Arn"] == arn
    ]
    found: dict[str, Any] = rule
    return found


def _mapping_of(template: Template, function: str) -> dict[str, Any]:
    (mapping,) = [
        mapping["Properties"]
        for mapping in template.of_type("AWS::Lambda::EventSourceMapping").values()
        if FUNCTIONS[function] in json.dumps(mapping["Properties"]["FunctionName"])
    ]
    found: dict[str, Any] = mapping
    return found


def test_the_relay_reads_the_stream_from_its_beginning_and_only_events(production: Template) -> None:
    mapping = _mapping_of(production, "relay")
    assert production.short(mapping["EventSourceArn"]) == "StorageTable/stream"
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert production.short(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == "MessagingRelayDeadLetters"
    (chosen,) = mapping["FilterCriteria"]["Filters"]
    assert json.loads(chosen["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {names.SORT_KEY: {"S": [{"prefix": names.EVENT_PREFIX}]}}},
    }


def test_what_is_found_reaches_the_quarantine_by_the_stream_and_nothing_else_does(production: Template) -> None:
    mapping = _mapping_of(production, "quarantine")
    assert production.short(mapping["EventSourceArn"]) == "StorageTable/stream"
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["BisectBatchOnFunctionError"] is True
    assert production.short(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == "MessagingScannerDeadLetters"
    (chosen,) = mapping["FilterCriteria"]["Filters"]
    assert json.loads(chosen["Pattern"]) == {
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": {"Keys": {"PK": {"S": [{"prefix": "SCANNED#"}, {"prefix": "OPINION#"}]}, "SK": {"S": ["RESULT"]}}},
    }


def test_no_item_of_a_scan_is_taken_for_an_event() -> None:
    """The relay's filter goes by the sort key alone."""
    scanned = (keys.scan_result("u"), keys.scan_attempts("u"), keys.scanned_file("0" * 64, 1, "EVENT#1", 1))
    assert not [key for key in scanned if key.sort.startswith(names.EVENT_PREFIX)]


def test_nothing_is_scanned_where_scanning_is_off(restored: Template) -> None:
    mappings = [it["Properties"]["FunctionName"] for it in restored.of_type("AWS::Lambda::EventSourceMapping").values()]
    assert not [name for name in mappings if "Quarantine" in json.dumps(name)]
    rules = json.dumps([it["Properties"]["Targets"] for it in restored.of_type("AWS::Events::Rule").values()])
    assert "Scanner" not in rules
    assert restored.properties("APIHandler")["Environment"]["Variables"]["MOORAGE_SCANNING"] == "off"


def test_the_keeper_waits_for_a_scan_longer_than_all_its_attempts_take(production: Template) -> None:
    (asynchronous,) = [
        config["Properties"]
        for config in production.of_type("AWS::Lambda::EventInvokeConfig").values()
        if FUNCTIONS["scanner"] in json.dumps(config["Properties"]["FunctionName"])
    ]
    attempts = asynchronous["MaximumRetryAttempts"] + 1
    # Lambda waits for a minute before the first retry, and for two before the second:
    # https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    assert PATIENCE.total_seconds() > attempts * production.properties("Scanner")["Timeout"] + 3 * 60
    assert attempts == MOST_ATTEMPTS


def test_the_sender_empties_the_delivery_queue_and_reports_each_message(production: Template) -> None:
    mapping = _mapping_of(production, "sender")
    assert production.short(mapping["EventSourceArn"]) == "MessagingDelivery"
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_deployer_takes_the_steps_of_its_queue_one_by_one(enterprise: Template) -> None:
    mapping = _mapping_of(enterprise, "deployer")
    assert enterprise.short(mapping["EventSourceArn"]) == "MessagingSteps"
    assert mapping["BatchSize"] == 1


def test_the_queue_of_steps_is_asked_only_where_the_deployer_may_deploy(production: Template) -> None:
    mappings = [it["Properties"] for it in production.of_type("AWS::Lambda::EventSourceMapping").values()]
    assert "MessagingSteps" not in {production.short(it["EventSourceArn"]) for it in mappings}


def test_a_message_is_hidden_for_six_times_what_its_consumer_may_take(production: Template) -> None:
    queues = {
        production.short(queue["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]): queue["Properties"]
        for queue in production.of_type("AWS::SQS::Queue").values()
        if "RedrivePolicy" in queue["Properties"]
    }
    assert queues.keys() == {"MessagingSenderDeadLetters", "MessagingDeployerDeadLetters"}
    for consumer in ("Sender", "Deployer"):
        hidden = queues[f"Messaging{consumer}DeadLetters"]["VisibilityTimeout"]
        assert hidden == 6 * production.properties(consumer)["Timeout"]


@pytest.mark.parametrize(
    ("function", "pattern"),
    [
        ("promoter", {"source": ["moorage"], "detail-type": sorted(event_types.PROMOTER_EVENTS)}),
        ("notifier", {"source": ["moorage"]}),
        ("deployer", {"source": ["moorage"], "detail-type": sorted(event_types.DEPLOYER_EVENTS)}),
        ("scanner", {"source": ["moorage"], "detail-type": ["scan.requested", "version.ready"]}),
        (
            "intake",
            {"source": ["moorage"], "detail-type": ["version.created"], "detail": {"after": {"intake": ["deferred"]}}},
        ),
        ("signer", {"source": ["moorage"], "detail-type": sorted(event_types.SIGNER_EVENTS)}),
    ],
)
def test_bus_rules_choose_what_their_function_wants(
    production: Template, function: str, pattern: dict[str, Any]
) -> None:
    rule = _rule_of(production, function)
    assert rule["EventPattern"] == pattern
    assert production.short(rule["EventBusName"]) == "MessagingBus"


def test_nothing_is_signed_and_no_alarm_is_paid_for_unless_the_operator_chose_so(development: Template) -> None:
    rules = json.dumps(development.of_type("AWS::Events::Rule"))
    assert '"Signer"' not in rules
    alarms = json.dumps(development.of_type("AWS::CloudWatch::Alarm"))
    assert "SignerDeadLetters" not in alarms


def test_the_keeper_runs_every_five_minutes(production: Template) -> None:
    assert _rule_of(production, "keeper")["ScheduleExpression"] == "rate(5 minutes)"


def test_the_anchorer_runs_as_often_as_the_operator_asked(production: Template, development: Template) -> None:
    assert _rule_of(production, "anchorer")["ScheduleExpression"] == "rate(6 hours)"
    assert _rule_of(development, "anchorer")["ScheduleExpression"] == "rate(1 day)"


def test_the_usage_counter_is_given_the_usage_lines_of_the_apis_log(production: Template) -> None:
    chosen = production.only("AWS::Logs::SubscriptionFilter")["Properties"]
    assert chosen["FilterPattern"] == '{ $.log = "usage" }'
    assert production.short(chosen["LogGroupName"]) == "FunctionsApiLog"
    arn = {"Fn::GetAtt": [FUNCTIONS["usage"], "Arn"]}
    assert chosen["DestinationArn"] == arn
    (permission,) = [
        permission["Properties"]
        for permission in production.of_type("AWS::Lambda::Permission").values()
        if permission["Properties"]["FunctionName"] == arn
    ]
    assert permission["Principal"] == "logs.amazonaws.com"
    assert production.short(permission["SourceArn"]) == "FunctionsApiLog"


@pytest.mark.parametrize(
    "function", ["promoter", "notifier", "intake", "signer", "deployer", "scanner", "keeper", "anchorer"]
)
def test_eventbridge_may_invoke_what_its_rules_fire(production: Template, function: str) -> None:
    # The emulator delivers without this permission; AWS silently does not.
    arn = {"Fn::GetAtt": [FUNCTIONS[function], "Arn"]}
    permissions = [
        permission["Properties"]
        for permission in production.of_type("AWS::Lambda::Permission").values()
        if permission["Properties"]["FunctionName"] == arn
    ]
    (permission,) = permissions
    assert permission["Principal"] == "events.amazonaws.com"
    (rule_id, attribute) = permission["SourceArn"]["Fn::GetAtt"]
    assert attribute == "Arn"
    assert production.properties(rule_id) == _rule_of(production, function)


@pytest.mark.parametrize("function", ["APIHandler", "Authorizer"])
def test_api_gateway_may_invoke_the_api_and_the_authorizer(production: Template, function: str) -> None:
    permission = production.properties(f"{function}InvokePermission")
    assert permission["Principal"].startswith("apigateway.")
    assert function in json.dumps(permission["FunctionName"])


def test_no_copy_outlasts_what_is_waited_for_it(production: Template) -> None:
    """The bytes of an expired or failed version are kept until no copy can arrive any more."""
    assert COPYING_WINDOW.total_seconds() == production.properties("Intake")["Timeout"]


def test_what_the_usage_counter_fails_at_is_kept(production: Template) -> None:
    (asynchronous,) = [
        config["Properties"]
        for config in production.of_type("AWS::Lambda::EventInvokeConfig").values()
        if FUNCTIONS["usage"] in json.dumps(config["Properties"]["FunctionName"])
    ]
    assert (
        production.short(asynchronous["DestinationConfig"]["OnFailure"]["Destination"]) == "MessagingUsageDeadLetters"
    )


@pytest.mark.parametrize("function", ["promoter", "notifier", "intake", "scanner", "keeper", "anchorer"])
def test_failures_are_kept_whether_lambda_refuses_or_the_function_fails(production: Template, function: str) -> None:
    queue = f"Messaging{function.capitalize()}DeadLetters"
    (target,) = _rule_of(production, function)["Targets"]
    assert production.short(target["DeadLetterConfig"]["Arn"]) == queue
    (asynchronous,) = [
        config["Properties"]
        for config in production.of_type("AWS::Lambda::EventInvokeConfig").values()
        if FUNCTIONS[function] in json.dumps(config["Properties"]["FunctionName"])
    ]
    assert production.short(asynchronous["DestinationConfig"]["OnFailure"]["Destination"]) == queue
    # If Lambda refuses an event, EventBridge itself sends it to the queue, so the queue's policy must allow that.
    assert any(
        statement.get("Principal") == {"Service": "events.amazonaws.com"}
        for policy in production.of_type("AWS::SQS::QueuePolicy").values()
        if any(production.short(ref) == queue for ref in policy["Properties"]["Queues"])
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    )


def test_every_dead_letter_queue_has_an_alarm_that_says_what_to_do_unless_another_tells(production: Template) -> None:
    watched = {
        dimension["Value"]["Fn::GetAtt"][0]: alarm["Properties"]["AlarmDescription"]
        for alarm in production.of_type("AWS::CloudWatch::Alarm").values()
        for dimension in alarm["Properties"].get("Dimensions", [])
        if dimension["Name"] == "QueueName"
    }
    dead_letters = {name for name in production.of_type("AWS::SQS::Queue") if "DeadLetters" in name}
    assert len(dead_letters) == 11
    # What the relay gives up, the keeper sends again, and the keeper has an alarm. So has an anchorer that only fails.
    unwatched = dead_letters - watched.keys()
    assert {production.short({"Ref": name}) for name in unwatched} == {
        "MessagingRelayDeadLetters",
        "MessagingAnchorerDeadLetters",
    }
    assert all(len(watched[name]) > 40 for name in dead_letters - unwatched)


def test_alarms_go_to_the_operators_topic(production: Template, development: Template) -> None:
    for alarm in production.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == ["arn:aws:sns:eu-central-1:123456789012:alarms"]
    for alarm in development.of_type("AWS::CloudWatch::Alarm").values():
        assert "AlarmActions" not in alarm["Properties"]


def test_the_bus_is_archived(production: Template) -> None:
    archive = production.only("AWS::Events::Archive")["Properties"]
    assert production.short(archive["SourceArn"]) == "MessagingBus"
    assert archive["RetentionDays"] == 365
