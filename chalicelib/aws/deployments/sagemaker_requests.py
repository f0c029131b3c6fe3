"""The requests with which a version comes onto a SageMaker endpoint. All functions are pure."""

import hashlib
from typing import Any, Final

from chalicelib.domain.deployments import version_variables
from chalicelib.domain.deployments.driving import Order
from chalicelib.domain.deployments.platforms.rollouts import ALL_AT_ONCE, CANARY
from chalicelib.domain.deployments.platforms.sagemaker_endpoint import ARCHIVE, MOUNTED, serverless

# One variant, always of the same name, so that an endpoint can retain its capacity from version to version.
VARIANT: Final = "moorage"
_SHIFTS: Final = {ALL_AT_ONCE: "ALL_AT_ONCE", CANARY: "CANARY"}


def prefix(order: Order) -> str:
    """What the names of all models and endpoint configurations begin with that were made for the order's endpoint."""
    return f"moorage-{hashlib.sha256(order.config['endpoint'].encode()).hexdigest()[:8]}-"


def name(order: Order) -> str:
    """The name of the order's model, and of its endpoint configuration: 49 characters, of at most 63."""
    return prefix(order) + order.deployment


def model(order: Order) -> dict[str, Any]:
    """The request of CreateModel."""
    config = order.config
    container: dict[str, Any] = {
        "Image": version_variables.image(order),
        "Environment": {**config["environment"], **version_variables.variables(order)},
    }
    if config["files"] == MOUNTED:
        container["ModelDataSource"] = {
            "S3DataSource": {"S3Uri": order.uri, "S3DataType": "S3Prefix", "CompressionType": "None"}
        }
    elif config["files"] == ARCHIVE:
        container["ModelDataUrl"] = order.uri + config["archive"]
    return {"ModelName": name(order), "ExecutionRoleArn": config["execution_role"], "PrimaryContainer": container}


def endpoint_config(order: Order) -> dict[str, Any]:
    """The request of CreateEndpointConfig."""
    config = order.config
    variant: dict[str, Any] = {"VariantName": VARIANT, "ModelName": name(order), "InitialVariantWeight": 1.0}
    if serverless(order.config):
        variant["ServerlessConfig"] = {
            "MemorySizeInMB": config["memory_mb"],
            "MaxConcurrency": config["max_concurrency"],
        }
    else:
        variant |= {"InstanceType": config["instance_type"], "InitialInstanceCount": config["instance_count"]}
    return {"EndpointConfigName": name(order), "ProductionVariants": [variant]}


def new_endpoint(order: Order) -> dict[str, Any]:
    """The request of CreateEndpoint."""
    return {"EndpointName": order.config["endpoint"], "EndpointConfigName": name(order)}


def update(order: Order) -> dict[str, Any]:
    """The request of UpdateEndpoint. Serverless endpoints know no shift: the new version gets all traffic at once."""
    request = new_endpoint(order)
    if serverless(order.config):
        return request
    return {
        **request,
        "RetainAllVariantProperties": order.config["retain_capacity"],
        "DeploymentConfig": _guardrails(order),
    }


def _guardrails(order: Order) -> dict[str, Any]:
    """Blue and green fleets: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html ."""
    policy = order.policy
    routing: dict[str, Any] = {
        "Type": _SHIFTS.get(policy["shift"], "LINEAR"),
        "WaitIntervalInSeconds": policy["wait_seconds"],
    }
    if policy["shift"] != ALL_AT_ONCE:
        size = {"Type": "CAPACITY_PERCENT", "Value": policy["percent"]}
        routing["CanarySize" if policy["shift"] == CANARY else "LinearStepSize"] = size
    guardrails: dict[str, Any] = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}
    if policy["alarms"]:
        guardrails["AutoRollbackConfiguration"] = {"Alarms": [{"AlarmName": alarm} for alarm in policy["alarms"]]}
    return guardrails
