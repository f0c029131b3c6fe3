"""Puts versions onto endpoints of SageMaker: a new model, a new endpoint configuration, then the endpoint's update.

SageMaker brings the old configuration back by itself when an alarm rings, and the endpoint is InService again. So a
version is in service when the endpoint is InService *with the configuration of its deployment*.
"""

from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.aws.deployments import sagemaker_requests as requests
from chalicelib.aws.deployments.console import page
from chalicelib.aws.deployments.platform import (
    SOON,
    Platform,
    code,
    failed,
    message,
    passing,
    refusal,
    serving,
    working,
)
from chalicelib.domain.deployments.driving import Order, Step

_MOVING: Final = {
    "Creating": "is being created",
    "Updating": "is being updated",
    "SystemUpdating": "is being maintained by AWS",
    "RollingBack": "goes back to its old configuration",
}
_BROKEN: Final = {
    "Failed": "has failed. SageMaker lets it only be deleted: delete it, then deploy again",
    "UpdateRollbackFailed": "failed to go back to its old configuration and may serve a mix. Update it by hand",
    "OutOfService": "is out of service",
    "Deleting": "is being deleted",
}
_POLL_SECONDS: Final = 30
# How many old models and configurations a deployment removes, so that it ends.
_MOST_REMOVED: Final = 10
# Memo: the configuration before, empty if there was no endpoint; when the endpoint had last changed before we asked
# for the update; that we asked for the endpoint; how many old ones were removed.
_BEFORE: Final = "before"
_MODIFIED: Final = "modified"
_ASKED: Final = "asked"
_REMOVED: Final = "removed"


def step(order: Order, platform: Platform) -> Step:
    """Take the next step to an endpoint that serves the order's version."""
    return _Endpoint(order, platform.client("sagemaker")).step()


class _Endpoint:
    """One step of one order."""

    def __init__(self, order: Order, client: Any) -> None:
        self._order = order
        self._client = client
        self._ours = requests.name(order)
        self._name = order.config["endpoint"]
        self._links = {f"Endpoint {self._name}": page(client, f"sagemaker/home#/endpoints/{self._name}")}

    def step(self) -> Step:
        endpoint = _found(lambda: self._client.describe_endpoint(EndpointName=self._name))
        if endpoint is None:
            return self._absent()
        status, reason = endpoint["EndpointStatus"], endpoint.get("FailureReason", "")
        if status in _MOVING:
            return self._working(_MOVING[status], _POLL_SECONDS)
        if status in _BROKEN:
            return self._failed(_BROKEN[status], reason)
        if endpoint["EndpointConfigName"] == self._ours:
            return self._in_service()
        return self._other_in_service(endpoint, reason)

    def _absent(self) -> Step:
        if self._order.memo.get(_BEFORE) or _ASKED in self._order.memo:
            return self._failed("was deleted during the deployment")
        return self._prepared() or self._ask(
            self._client.create_endpoint,
            requests.new_endpoint(self._order),
            self._working("is created", _POLL_SECONDS, {_ASKED: "", _BEFORE: ""}),
        )

    def _other_in_service(self, endpoint: dict[str, Any], reason: str) -> Step:
        """Another configuration is in service: not yet ours, or no longer.

        What tells them apart is the time of the endpoint's last change, which is remembered before we ask for ours.
        """
        modified = endpoint["LastModifiedTime"].isoformat()
        if _MODIFIED not in self._order.memo:
            before = {_BEFORE: endpoint["EndpointConfigName"], _MODIFIED: modified}
            return self._prepared() or self._working("is about to be updated", 0, before)
        if self._order.memo[_MODIFIED] != modified:
            serves = f"serves the configuration {endpoint['EndpointConfigName']} after an update"
            return self._failed(f"{serves}: SageMaker rolled back, or somebody else updated it", reason)
        asked = self._working("is updated", _POLL_SECONDS)
        return self._ask(self._client.update_endpoint, requests.update(self._order), asked)

    def _prepared(self) -> Step | None:
        """Make the model, or else the configuration; None if both are there."""
        names = {"ModelName": self._ours}, {"EndpointConfigName": self._ours}
        if _found(lambda: self._client.describe_model(**names[0])) is None:
            made = self._working("has the model of a version, and next gets its configuration", 0)
            return self._ask(self._client.create_model, requests.model(self._order), made)
        if _found(lambda: self._client.describe_endpoint_config(**names[1])) is None:
            made = self._working("has the configuration of a version, and next is asked to serve it", 0)
            return self._ask(self._client.create_endpoint_config, requests.endpoint_config(self._order), made)
        return None

    def _ask(self, call: Callable[..., Any], request: dict[str, Any], asked: Step) -> Step:
        """Make a call that changes something; answers ``asked`` if SageMaker took it."""
        try:
            call(**request)
        except ClientError as error:
            if not _overtaken(error):
                raise
            return self._working("is looked at again", SOON)
        return asked

    def _in_service(self) -> Step:
        """Remove what earlier deployments made, one thing a step, then answer that the version is in service."""
        found = f"serves version {self._order.version} of {self._order.model}"
        removed = int(self._order.memo.get(_REMOVED, "0"))
        removal = self._stale() if removed < _MOST_REMOVED else None
        if removal is None:
            return self._serving(found)
        call, names = removal
        try:
            call(**names)
        except ClientError as error:
            if passing(error):
                raise
            if not _gone(error):
                return self._serving(f"{found}. What an old version left stays: {refusal(error)}")
        return self._working(f"{found}. What an old version left is removed", 0, {_REMOVED: str(removed + 1)})

    def _stale(self) -> tuple[Callable[..., Any], dict[str, str]] | None:
        """How to remove a configuration or model that we made for this endpoint and that nobody needs, or None.

        Kept are the present one, the one before it, and any later: those belong to a deployment that has begun since.
        """
        if _BEFORE not in self._order.memo:
            return None
        present = self._client.describe_endpoint_config(EndpointConfigName=self._ours)
        older = {
            "NameContains": requests.prefix(self._order),
            "CreationTimeBefore": present["CreationTime"],
            "SortBy": "CreationTime",
            "SortOrder": "Ascending",
        }
        kept = (self._ours, self._order.memo[_BEFORE])
        for kind, field, listed, remove in (
            ("EndpointConfigs", "EndpointConfigName", self._client.list_endpoint_configs, "delete_endpoint_config"),
            ("Models", "ModelName", self._client.list_models, "delete_model"),
        ):
            for one in listed(**older)[kind]:
                if one[field].startswith(requests.prefix(self._order)) and one[field] not in kept:
                    return getattr(self._client, remove), {field: one[field]}
        return None

    def _working(self, detail: str, again_in: int, memo: dict[str, str] | None = None) -> Step:
        return working(self._order, f"The endpoint {self._name} {detail}.", again_in, **(memo or {}))

    def _serving(self, detail: str) -> Step:
        return serving(self._order, f"The endpoint {self._name} {detail}.", self._links)

    def _failed(self, detail: str, reason: str = "") -> Step:
        return failed(self._order, f"The endpoint {self._name} {detail}. {reason}".rstrip(), self._links)


def _found(describe: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """What ``describe`` answers; None if SageMaker knows no such thing."""
    try:
        return describe()
    except ClientError as error:
        if _gone(error):
            return None
        raise


def _gone(error: ClientError) -> bool:
    """SageMaker has one code for everything that is wrong with a request, so its text has to tell."""
    return code(error) == "ValidationException" and message(error).startswith("Could not find ")


def _overtaken(error: ClientError) -> bool:
    """Whether another process has just made the same call, or SageMaker does not see yet what was just made."""
    said = message(error)
    return code(error) == "ValidationException" and (
        "already existing" in said
        # The quote tells the model from its data: "Could not find model data at s3://..." does not pass.
        or said.startswith(("Cannot update in-progress", 'Could not find model "', "Could not find endpoint"))
    )
