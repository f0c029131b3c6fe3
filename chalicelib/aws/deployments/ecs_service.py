"""Puts versions into services of ECS: a new task definition for each version, then an update of the service.

ECS stops a rollout whose tasks do not start (the circuit breaker), or during which an alarm rings, and rolls back.
"""

from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.aws.deployments.console import page
from chalicelib.aws.deployments.platform import Platform, code, failed, message, serving, working
from chalicelib.domain.deployments import version_variables
from chalicelib.domain.deployments.driving import Order, Step

_POLL_SECONDS: Final = 15
# Memo: the id of the service's rollout before ours.
_BEFORE: Final = "before"


def step(order: Order, platform: Platform) -> Step:
    """Take the next step to a service all of whose tasks serve the order's version."""
    return _Service(order, platform.client("ecs")).step()


class _Service:
    """One step of one order. ECS calls a rollout of a service a deployment."""

    def __init__(self, order: Order, client: Any) -> None:
        self._order = order
        self._client = client
        self._cluster, self._name = order.config["cluster"], order.config["service"]
        # A family for each deployment: whether its definition was registered can be told even after a crash.
        self._family = f"moorage-{order.deployment}"
        self._definition = f"{self._family}:1"
        path = f"ecs/v2/clusters/{self._cluster}/services/{self._name}/deployments"
        self._links = {f"Service {self._name}": page(client, path)}

    def step(self) -> Step:
        answer = self._client.describe_services(cluster=self._cluster, services=[self._name])
        if not answer["services"] or answer["services"][0]["status"] != "ACTIVE":
            return self._failed(f"is not active in the cluster {self._cluster}")
        service = answer["services"][0]
        if service.get("deploymentController", {}).get("type", "ECS") != "ECS":
            return self._failed("has a deployment controller of its own. Deploy through that one")
        primary = next(rollout for rollout in service["deployments"] if rollout["status"] == "PRIMARY")
        if "rolloutState" not in primary:
            return self._failed("is behind a Classic Load Balancer, so ECS does not say how its rollouts go")
        ours = [rollout for rollout in service["deployments"] if self._runs_ours(rollout)]
        return self._observe(service, primary, ours[0]) if ours else self._roll_out(service, primary)

    def _runs_ours(self, rollout: dict[str, Any]) -> bool:
        return str(rollout["taskDefinition"]).endswith(f"/{self._definition}")

    def _observe(self, service: dict[str, Any], primary: dict[str, Any], ours: dict[str, Any]) -> Step:
        if ours["rolloutState"] == "FAILED":
            return self._failed(f"rolls back: {ours.get('rolloutStateReason', 'ECS gives no reason')}")
        if ours is not primary:
            return self._working("goes back to another task definition")
        if ours["rolloutState"] == "COMPLETED" and len(service["deployments"]) == 1:
            return serving(self._order, f"The service {self._name} runs {self._definition}.", self._links)
        return self._working(f"starts {self._definition}: {ours['runningCount']} of {ours['desiredCount']} tasks run")

    def _roll_out(self, service: dict[str, Any], primary: dict[str, Any]) -> Step:
        """Register the task definition, or update the service. Its present rollout is noted between the two."""
        before = self._order.memo.get(_BEFORE)
        if before is not None and before != primary["id"]:
            serves = f"runs {_short(primary['taskDefinition'])}"
            return self._failed(f"{serves}: ECS rolled back, or somebody else updated it during the deployment")
        if primary["rolloutState"] == "IN_PROGRESS":
            return self._working("is being updated already")
        if not self._registered():
            return self._register(primary["taskDefinition"])
        if before is None:
            return self._working("is about to be updated", again_in=0, before=primary["id"])
        self._client.update_service(
            cluster=self._cluster,
            service=self._name,
            taskDefinition=self._definition,
            deploymentConfiguration=self._watched(service.get("deploymentConfiguration", {})),
        )
        return self._working("is updated")

    def _registered(self) -> bool:
        try:
            self._client.describe_task_definition(taskDefinition=self._definition)
        except ClientError as error:
            if code(error) == "ClientException" and "Unable to describe" in message(error):
                return False
            raise
        return True

    def _register(self, present: str) -> Step:
        """Register the service's present task definition again, with the version in one of its containers."""
        answer = self._client.describe_task_definition(taskDefinition=present, include=["TAGS"])
        definition = answer["taskDefinition"]
        container = self._order.config["container"]
        if all(one["name"] != container for one in definition["containerDefinitions"]):
            return self._failed(f"has no container {container} in its task definition {_short(present)}")
        # What is described is more than can be registered, for example the definition's status.
        accepted = self._client.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
        request = {field: value for field, value in definition.items() if field in accepted}
        tags = [tag for tag in answer.get("tags", ()) if not tag["key"].startswith("aws:")]
        request |= {
            "family": self._family,
            "containerDefinitions": [
                self._with_version(one) if one["name"] == container else one
                for one in definition["containerDefinitions"]
            ],
            **({"tags": tags} if tags else {}),
        }
        self._client.register_task_definition(**request)
        return self._working(f"has the task definition {self._definition}, and next is updated", again_in=0)

    def _with_version(self, container: dict[str, Any]) -> dict[str, Any]:
        named = version_variables.variables(self._order)
        others = [one for one in container.get("environment", ()) if one["name"] not in named]
        changed = {**container, "environment": [*others, *({"name": k, "value": v} for k, v in named.items())]}
        if "image" in self._order.config:
            changed["image"] = version_variables.image(self._order)
        return changed

    def _watched(self, present: dict[str, Any]) -> dict[str, Any]:
        """The service's own way of rolling out, with the circuit breaker and the policy's alarms."""
        watched = {**present, "deploymentCircuitBreaker": {"enable": True, "rollback": True}}
        if self._order.policy["alarms"]:
            watched["alarms"] = {"alarmNames": self._order.policy["alarms"], "enable": True, "rollback": True}
        return watched

    def _working(self, detail: str, again_in: int = _POLL_SECONDS, **memo: str) -> Step:
        return working(self._order, f"The service {self._name} {detail}.", again_in, **memo)

    def _failed(self, detail: str) -> Step:
        return failed(self._order, f"The service {self._name} {detail}.", self._links)


def _short(arn: str) -> str:
    """The family and revision in the ARN of a task definition."""
    return arn.rpartition("/")[2]
