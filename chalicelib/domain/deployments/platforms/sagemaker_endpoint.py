"""Targets of the kind ``sagemaker-endpoint``: an endpoint of SageMaker, real-time or serverless.

Limits are those of the SageMaker API: https://docs.aws.amazon.com/sagemaker/latest/APIReference/
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.platforms import rollouts
from chalicelib.domain.deployments.platforms.fields import Fields

NAME: Final = "sagemaker-endpoint"
# How the container gets the version's files: SageMaker copies them all to /opt/ml/model, SageMaker unpacks one archive
# there, or the container fetches them itself from what its environment names.
MOUNTED: Final = "mounted"
ARCHIVE: Final = "archive"
FETCHED: Final = "fetched"


def config(given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked configuration, with its defaults. Raises InvalidInputError."""
    fields = Fields(given, "/config")
    checked: dict[str, Any] = {
        "endpoint": fields.text(
            "endpoint", r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "the name of an endpoint: letters, digits, hyphens, to 63"
        ),
        "execution_role": fields.text("execution_role", r"arn:aws[a-z-]*:iam::\d{12}:role/\S{1,512}", "a role's ARN"),
        "image": fields.image("image"),
        "environment": fields.variables("environment"),
    }
    serverless = "memory_mb" in fields or "max_concurrency" in fields
    checked |= _serverless(fields) if serverless else _real_time(fields)
    checked["files"] = fields.choice("files", (MOUNTED, ARCHIVE, FETCHED), FETCHED if serverless else MOUNTED)
    if serverless and checked["files"] == MOUNTED:
        fields.refuse("files", f"must be {ARCHIVE} or {FETCHED}: serverless endpoints take no uncompressed files")
    if checked["files"] == ARCHIVE:
        checked["archive"] = fields.text(
            "archive", r"[^\s/][^\x00-\x1f]{0,1000}\.tar\.gz", "the path of a .tar.gz file"
        )
    fields.end()
    return checked


def rollout(given: Mapping[str, Any], configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The checked rollout, with its defaults. Serverless endpoints have no guardrails. Raises InvalidInputError."""
    checked = rollouts.shifting(given)
    if serverless(configuration):
        for name in ("shift", "wait_seconds", "alarms"):
            if checked[name] != rollouts.AT_ONCE[name]:
                Fields(given, rollouts.WHERE).refuse(
                    name, "needs a real-time endpoint: a serverless one changes at once"
                )
    return checked


def serverless(configuration: Mapping[str, Any]) -> bool:
    """Whether a checked configuration is that of a serverless endpoint."""
    return "memory_mb" in configuration


def room(configuration: Mapping[str, Any]) -> str:
    """The endpoint. SageMaker does not tell upper from lower case."""
    return str(configuration["endpoint"]).lower()


KIND: Final = Kind(
    NAME,
    config,
    rollout,
    driver="chalicelib.registry.deployments.drivers:sagemaker_endpoint",
    room=room,
    lasts=rollouts.lasting,
)


def _real_time(fields: Fields) -> dict[str, Any]:
    return {
        "instance_type": fields.text("instance_type", r"ml\.[a-z0-9-]+\.[a-z0-9]+", "a type such as ml.m5.large"),
        "instance_count": fields.whole("instance_count", 1, 100, 1),
        "retain_capacity": fields.truth("retain_capacity", False),
    }


def _serverless(fields: Fields) -> dict[str, Any]:
    memory = fields.whole("memory_mb", 1_024, 6_144)
    if memory % 1_024:
        fields.refuse("memory_mb", "must be a multiple of 1024")
    return {"memory_mb": memory, "max_concurrency": fields.whole("max_concurrency", 1, 200, 5)}
