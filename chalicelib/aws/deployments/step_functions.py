"""Hands versions to state machines of Step Functions: one execution for each deployment, named like it."""

from typing import Any, Final

from chalicelib.aws.deployments.console import page
from chalicelib.aws.deployments.platform import SOON, Platform, failed, serving, working
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.deployments.driving import Order, Step

_POLL_SECONDS: Final = 30
_RUNNING: Final = frozenset({"RUNNING", "PENDING_REDRIVE"})
_REASONS: Final = {
    "FAILED": "failed",
    "TIMED_OUT": "took longer than its state machine allows",
    "ABORTED": "was aborted",
}


def step(order: Order, platform: Platform) -> Step:
    """Start the execution of the order, or say how it is doing."""
    client = platform.client("stepfunctions")
    machine: str = order.config["state_machine"]
    # The ARN of an execution follows from its state machine and its name, so it need not be remembered.
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{order.deployment}"
    try:
        execution = client.describe_execution(executionArn=arn)
    except client.exceptions.ExecutionDoesNotExist:
        return _start(client, order, machine)
    links = {"Execution": page(client, f"states/home#/v2/executions/details/{arn}")}
    status = execution["status"]
    if status in _RUNNING:
        return working(order, f"The execution {order.deployment} runs.", _POLL_SECONDS)
    if status == "SUCCEEDED":
        return serving(order, f"The execution {order.deployment} succeeded.", links)
    why = ": ".join(text for text in (execution.get("error"), execution.get("cause")) if text)
    return failed(order, f"The execution {order.deployment} {_REASONS.get(status, status)}. {why}".rstrip(), links)


def _start(client: Any, order: Order, machine: str) -> Step:
    if client.describe_state_machine(stateMachineArn=machine)["type"] != "STANDARD":
        return failed(order, "The state machine is an express one. Only executions of standard ones can be followed.")
    try:
        client.start_execution(
            stateMachineArn=machine,
            name=order.deployment,
            input=canonical_json(
                {
                    "deployment": order.deployment,
                    "model": order.model,
                    "version": order.version,
                    "uri": order.uri,
                    "digest": order.digest,
                }
            ),
        )
    except client.exceptions.ExecutionAlreadyExists:
        return working(order, f"The execution {order.deployment} exists already; it is looked at again.", SOON)
    return working(order, f"The execution {order.deployment} was started.", SOON)
