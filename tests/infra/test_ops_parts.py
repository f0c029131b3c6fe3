"""What ``python -m tools.ops`` looks for in a stack is in the template."""

import re

from infra.workload import WORKLOADS
from tests.infra.template import Template
from tools.ops.parts import ARCHIVE, DELIVERIES, RULES, STEPS, WITH_DEAD_LETTERS


def _without_hash(template: Template, kind: str) -> set[str]:
    return {re.sub(r"[0-9A-F]{8}$", "", logical_id) for logical_id in template.of_type(kind)}


def test_queues_functions_and_the_archive_have_the_ids_that_an_operator_looks_for(production: Template) -> None:
    queues = {f"Messaging{name.capitalize()}DeadLetters" for name in WITH_DEAD_LETTERS} | {DELIVERIES, STEPS}
    assert _without_hash(production, "AWS::SQS::Queue") == queues
    assert _without_hash(production, "AWS::Events::Archive") == {ARCHIVE}
    assert {WORKLOADS[name].resource for name in WITH_DEAD_LETTERS} <= production.document["Resources"].keys()


def test_every_rule_of_the_bus_can_be_replayed_to(production: Template) -> None:
    on_bus = {
        production.short({"Ref": logical_id}): rule["Properties"]["Targets"][0]["Arn"]["Fn::GetAtt"][0]
        for logical_id, rule in production.of_type("AWS::Events::Rule").items()
        if "EventBusName" in rule["Properties"]
    }
    assert on_bus == {rule: WORKLOADS[function].resource for function, rule in RULES.items()}
