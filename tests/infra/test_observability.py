"""Alarms: each says what to do, and each thing that must not stop unnoticed has one."""

import json
import re
from typing import Any

from bench.costs import ALARMS, QUEUES, SECRETS
from tests.infra.conftest import ROOT
from tests.infra.template import Template


def _alarm(template: Template, name: str) -> dict[str, Any]:
    found = {template.short({"Ref": key}): it for key, it in template.of_type("AWS::CloudWatch::Alarm").items()}
    properties: dict[str, Any] = found[f"Observability{name}"]["Properties"]
    return properties


def test_every_alarm_says_what_to_do_and_reaches_the_topic(production: Template) -> None:
    for alarm in production.of_type("AWS::CloudWatch::Alarm").values():
        assert len(alarm["Properties"]["AlarmDescription"]) > 40
        assert alarm["Properties"]["AlarmActions"]


def test_a_keeper_that_does_not_run_is_an_alarm(production: Template) -> None:
    alarm = _alarm(production, "KeeperAbsent")
    assert alarm["MetricName"] == "Invocations"
    # Lambda reports nothing for a function that is not invoked.
    assert alarm["TreatMissingData"] == "breaching"
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanOrEqualToThreshold", 0)
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (300, 3)


def test_an_anchorer_that_does_not_run_or_only_fails_is_an_alarm(production: Template) -> None:
    alarm = _alarm(production, "NothingAnchored")
    assert '{"Fn::GetAtt": ["Anchorer", "Arn"]}' in json.dumps(alarm["Dimensions"])
    # An invocation that succeeds counts as 0 errors, so the least is 1 only where all failed.
    assert (alarm["MetricName"], alarm["Statistic"]) == ("Errors", "Minimum")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert alarm["TreatMissingData"] == "breaching"
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (3600, 7)


def test_server_errors_of_both_apis_are_one_alarm(production: Template) -> None:
    alarm = _alarm(production, "ServerErrors")
    (counted,) = [
        it["Properties"]
        for it in production.of_type("AWS::Logs::MetricFilter").values()
        if it["Properties"]["MetricTransformations"][0]["MetricName"] == alarm["MetricName"]
    ]
    assert counted["FilterPattern"] == '{ $.status = "5*" }'
    stages = [it["Properties"]["AccessLogSetting"] for it in production.of_type("AWS::Serverless::Api").values()]
    assert len(stages) == 2
    for access_log in stages:
        assert production.short(access_log["DestinationArn"]) == production.short(counted["LogGroupName"])
        # A text, as the pattern expects.
        assert json.loads(access_log["Format"])["status"] == "$context.status"


def test_writes_that_dynamodb_throttles_are_an_alarm(production: Template) -> None:
    alarm = _alarm(production, "WritesThrottled")
    assert alarm["MetricName"] == "ThrottledRequests"
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]}
    assert dimensions["Operation"] == "TransactWriteItems"
    assert production.short(dimensions["TableName"]) == "StorageTable"


def test_no_alarm_needs_metric_math(production: Template) -> None:
    """Each metric of an alarm is paid for, and the emulator has no metric math."""
    assert not [a for a in production.of_type("AWS::CloudWatch::Alarm").values() if "Metrics" in a["Properties"]]


def test_the_cost_table_counts_every_alarm_every_secret_and_every_queue_that_is_asked(
    production: Template, development: Template
) -> None:
    # The production stack signs versions, which is not in the table.
    assert len(production.of_type("AWS::CloudWatch::Alarm")) == ALARMS + 1
    assert len(development.of_type("AWS::CloudWatch::Alarm")) == ALARMS
    assert len(production.of_type("AWS::SecretsManager::Secret")) == SECRETS
    mappings = [it["Properties"] for it in production.of_type("AWS::Lambda::EventSourceMapping").values()]
    # The others read the table's stream, which costs nothing.
    assert len([it for it in mappings if "StartingPosition" not in it]) == QUEUES


def test_webhooks_that_were_disabled_and_targets_that_drift_are_an_alarm(production: Template) -> None:
    alarm = _alarm(production, "AutomationFailing")
    filters = [it["Properties"] for it in production.of_type("AWS::Logs::MetricFilter").values()]
    counted = {
        production.short(one["LogGroupName"]): one["FilterPattern"]
        for one in filters
        if one["MetricTransformations"][0]["MetricName"] == alarm["MetricName"]
    }
    assert counted == {
        "FunctionsSenderLog": '{ $.log = "webhook_disabled" }',
        "FunctionsApiLog": '{ $.log = "target_drifts" }',
    }
    assert alarm["Threshold"] == 1


def test_the_runbook_has_an_entry_for_every_alarm_and_for_no_other(production: Template) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (runbook,) = re.findall(r"^## Runbook$(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    alarms = {
        production.short({"Ref": logical_id}).removeprefix("Observability")
        for logical_id in production.of_type("AWS::CloudWatch::Alarm")
    }
    assert sorted(re.findall(r"^### (\S+)$", runbook, re.MULTILINE)) == sorted(alarms)


def test_a_dashboard_is_paid_for_only_on_request(production: Template, enterprise: Template) -> None:
    assert production.of_type("AWS::CloudWatch::Dashboard") == {}
    board = enterprise.only("AWS::CloudWatch::Dashboard")["Properties"]
    assert board["DashboardName"] == "Moorage-production"
    parts = board["DashboardBody"]["Fn::Join"][1]
    body = json.loads("".join(part if isinstance(part, str) else "name" for part in parts))
    used = {metric[0] for widget in body["widgets"] for metric in widget["properties"]["metrics"]}
    # Only what AWS records anyway: a metric of our own would be paid for.
    assert used == {"AWS/ApiGateway", "AWS/Lambda", "AWS/SQS", "AWS/DynamoDB"}
