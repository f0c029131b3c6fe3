"""Alarms: each says what to do, and each thing that must not stop unnoticed has one."""

from typing import Any

from bench.costs import ALARM_METRICS, SECRETS
from tests.infra.template import Template


def _alarm(template: Template, name: str) -> dict[str, Any]:
    found = {template.short({"Ref": key}): it for key, it in template.of_type("AWS::CloudWatch::Alarm").items()}
    properties: dict[str, Any] = found[f"Observability{name}"]["Properties"]
    return properties


def test_every_alarm_says_what_to_do_and_reaches_the_topic(production: Template) -> None:
    for alarm in production.of_type("AWS::CloudWatch::Alarm").values():
        assert len(alarm["Properties"]["AlarmDescription"]) > 40
        assert alarm["Properties"]["AlarmActions"]


def test_a_keeper_or_an_anchorer_that_does_not_run_is_an_alarm(production: Template) -> None:
    for name, period, periods in (("KeeperAbsent", 300, 3), ("AnchorerAbsent", 3600, 7)):
        alarm = _alarm(production, name)
        assert alarm["MetricName"] == "Invocations"
        # Lambda reports nothing for a function that is not invoked.
        assert alarm["TreatMissingData"] == "breaching"
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanOrEqualToThreshold", 0)
        assert (alarm["Period"], alarm["EvaluationPeriods"]) == (period, periods)


def test_requests_that_dynamodb_throttles_are_an_alarm(production: Template) -> None:
    alarm = _alarm(production, "TableThrottled")
    metrics = [it["MetricStat"]["Metric"] for it in alarm["Metrics"] if "MetricStat" in it]
    assert {metric["MetricName"] for metric in metrics} == {"ThrottledRequests"}
    operations = {
        dimension["Value"] for it in metrics for dimension in it["Dimensions"] if dimension["Name"] == "Operation"
    }
    called = {"TransactWriteItems"} | {
        action.partition(":")[2]
        for name in ("api", "authorizer", "relay", "promoter", "sender", "keeper")
        for action in production.allowed(name)
        if action.startswith("dynamodb:")
    }
    # Deletions and checks are part of transactions; the stream is read by Lambda.
    within = {"DeleteItem", "ConditionCheckItem", "DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}
    assert operations == called - within


def test_the_cost_table_counts_every_alarm_and_every_secret(production: Template) -> None:
    alarms = [it["Properties"] for it in production.of_type("AWS::CloudWatch::Alarm").values()]
    metrics = sum(len([m for m in alarm.get("Metrics", [{"MetricStat": 1}]) if "MetricStat" in m]) for alarm in alarms)
    assert metrics == ALARM_METRICS
    assert len(production.of_type("AWS::SecretsManager::Secret")) == SECRETS
