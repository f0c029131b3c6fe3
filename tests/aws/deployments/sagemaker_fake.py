"""SageMaker's models, endpoint configurations and endpoints, with the states that an endpoint goes through."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.aws.deployments.imitation import ACCOUNT, REGION, Imitation, Refused

FIRST = datetime(2026, 11, 28, 12, tzinfo=UTC)
PROGRESSING = ("Creating", "Updating", "SystemUpdating", "RollingBack")


class SageMakerFake(Imitation):
    """``advance`` lets time pass. An update then succeeds, or, once ``rings`` is set, an alarm rolls it back."""

    service = "sagemaker"

    def __init__(self) -> None:
        super().__init__()
        self.models: dict[str, dict[str, Any]] = {}
        self.configs: dict[str, dict[str, Any]] = {}
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.updates: list[dict[str, Any]] = []
        self.rings = False
        self._now = FIRST

    def advance(self) -> None:
        """Let each endpoint reach its next state."""
        for endpoint in self.endpoints.values():
            self._advance(endpoint)

    def become(self, name: str, status: str, reason: str = "") -> None:
        """Put an endpoint into a state, as AWS or somebody else does."""
        self.endpoints[name] |= {"EndpointStatus": status, "LastModifiedTime": self._tick()}
        self.endpoints[name].pop("FailureReason", None)
        if reason:
            self.endpoints[name]["FailureReason"] = reason

    def _advance(self, endpoint: dict[str, Any]) -> None:
        name, status = endpoint["EndpointName"], endpoint["EndpointStatus"]
        if status == "Updating" and self.rings:
            self.become(name, "RollingBack")
        elif status == "RollingBack":
            endpoint.pop("PendingDeploymentSummary", None)
            self.become(name, "InService", "An alarm rang during the deployment.")
        elif status in PROGRESSING:
            pending = endpoint.pop("PendingDeploymentSummary", None)
            if pending:
                endpoint["EndpointConfigName"] = pending["EndpointConfigName"]
            self.become(name, "InService")

    def create_model(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"ModelArn": self._add(self.models, "model", asked["ModelName"], asked)}

    def describe_model(self, asked: dict[str, Any]) -> dict[str, Any]:
        return self._described(self.models, "model", asked["ModelName"], "ModelArn")

    def list_models(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"Models": self._listed(self.models, asked, "ModelName", "ModelArn", "model")}

    def delete_model(self, asked: dict[str, Any]) -> None:
        self._remove(self.models, "model", asked["ModelName"])

    def create_endpoint_config(self, asked: dict[str, Any]) -> dict[str, Any]:
        for variant in asked["ProductionVariants"]:
            self._get(self.models, "model", variant["ModelName"])
        name = asked["EndpointConfigName"]
        return {"EndpointConfigArn": self._add(self.configs, "endpoint configuration", name, asked)}

    def describe_endpoint_config(self, asked: dict[str, Any]) -> dict[str, Any]:
        name = asked["EndpointConfigName"]
        return self._described(self.configs, "endpoint configuration", name, "EndpointConfigArn")

    def list_endpoint_configs(self, asked: dict[str, Any]) -> dict[str, Any]:
        kind = "endpoint configuration"
        return {"EndpointConfigs": self._listed(self.configs, asked, "EndpointConfigName", "EndpointConfigArn", kind)}

    def delete_endpoint_config(self, asked: dict[str, Any]) -> None:
        name = asked["EndpointConfigName"]
        assert all(endpoint["EndpointConfigName"] != name for endpoint in self.endpoints.values()), "it is in use"
        self._remove(self.configs, "endpoint configuration", name)

    def create_endpoint(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._get(self.configs, "endpoint configuration", asked["EndpointConfigName"])
        name = asked["EndpointName"]
        arn = self._add(self.endpoints, "endpoint", name, {**asked, "EndpointStatus": "Creating"})
        self.endpoints[name]["LastModifiedTime"] = self._now
        return {"EndpointArn": arn}

    def describe_endpoint(self, asked: dict[str, Any]) -> dict[str, Any]:
        return self._described(self.endpoints, "endpoint", asked["EndpointName"], "EndpointArn")

    def update_endpoint(self, asked: dict[str, Any]) -> dict[str, Any]:
        endpoint = self._get(self.endpoints, "endpoint", asked["EndpointName"])
        self._get(self.configs, "endpoint configuration", asked["EndpointConfigName"])
        if endpoint["EndpointStatus"] != "InService":
            raise _invalid(f'Cannot update in-progress endpoint "{_arn("endpoint", asked["EndpointName"])}".')
        self.updates.append(asked)
        self.become(asked["EndpointName"], "Updating")
        # As AWS does, it shows the old configuration until the new one is in service.
        endpoint["PendingDeploymentSummary"] = {"EndpointConfigName": asked["EndpointConfigName"]}
        return {"EndpointArn": _arn("endpoint", asked["EndpointName"])}

    def _tick(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def _add(self, things: dict[str, Any], kind: str, name: str, thing: dict[str, Any]) -> str:
        if name in things:
            raise _invalid(f'Cannot create already existing {kind} "{_arn(kind, name)}".')
        things[name] = {**thing, "CreationTime": self._tick()}
        return _arn(kind, name)

    def _get(self, things: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
        if name not in things:
            raise _invalid(f'Could not find {kind} "{_arn(kind, name)}".')
        found: dict[str, Any] = things[name]
        return found

    def _described(self, things: dict[str, Any], kind: str, name: str, arn: str) -> dict[str, Any]:
        return {**self._get(things, kind, name), arn: _arn(kind, name)}

    def _listed(
        self, things: dict[str, Any], asked: dict[str, Any], field: str, arn: str, kind: str
    ) -> list[dict[str, Any]]:
        assert (asked["SortBy"], asked["SortOrder"]) == ("CreationTime", "Ascending")
        return [
            {field: name, arn: _arn(kind, name), "CreationTime": thing["CreationTime"]}
            for name, thing in sorted(things.items(), key=lambda one: one[1]["CreationTime"])
            if asked["NameContains"] in name and thing["CreationTime"] < asked["CreationTimeBefore"]
        ][:10]

    def _remove(self, things: dict[str, Any], kind: str, name: str) -> None:
        self._get(things, kind, name)
        del things[name]


def _arn(kind: str, name: str) -> str:
    resource = "endpoint-config" if kind == "endpoint configuration" else kind
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{resource}/{name}"


def _invalid(message: str) -> Refused:
    return Refused("ValidationException", message)
