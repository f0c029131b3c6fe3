"""Hands versions to pipelines of CodePipeline: one execution for each deployment."""

from typing import Any, Final

from chalicelib.aws.deployments.console import page
from chalicelib.aws.deployments.platform import SOON, Platform, failed, serving, working
from chalicelib.domain.deployments.driving import Order, Step
from chalicelib.domain.deployments.version_variables import variables

_POLL_SECONDS: Final = 30
_RUNNING: Final = frozenset({"InProgress", "Stopping"})
# Memo: the id of the execution.
_EXECUTION: Final = "execution"


def step(order: Order, platform: Platform) -> Step:
    """Start the execution of the order, or say how it is doing."""
    client = platform.client("codepipeline")
    pipeline = order.config["pipeline"]
    if _EXECUTION not in order.memo:
        return _start(client, order, pipeline)
    asked = {"pipelineName": pipeline, "pipelineExecutionId": order.memo[_EXECUTION]}
    try:
        execution = client.get_pipeline_execution(**asked)["pipelineExecution"]
    except client.exceptions.PipelineExecutionNotFoundException:
        # Perhaps it is too new to be seen. Failed would be wrong of one that runs.
        return working(order, f"The pipeline {pipeline} does not show the execution.", _POLL_SECONDS)
    path = f"codesuite/codepipeline/pipelines/{pipeline}/executions/{order.memo[_EXECUTION]}/visualization"
    links = {f"Pipeline {pipeline}": page(client, path)}
    status = execution["status"]
    if status in _RUNNING:
        return working(order, f"The pipeline {pipeline} runs.", _POLL_SECONDS)
    if status == "Succeeded":
        return serving(order, f"The pipeline {pipeline} succeeded.", links)
    detail = f"The execution of the pipeline {pipeline} ended as {status}. {execution.get('statusSummary', '')}"
    return failed(order, detail.rstrip(), links)


def _start(client: Any, order: Order, pipeline: str) -> Step:
    """Start the execution. The token lets CodePipeline answer the same execution if this step is made again."""
    execution = client.start_pipeline_execution(
        name=pipeline,
        clientRequestToken=order.deployment,
        variables=[{"name": name, "value": value} for name, value in variables(order).items()],
    )["pipelineExecutionId"]
    return working(order, f"The pipeline {pipeline} was started.", SOON, **{_EXECUTION: execution})
