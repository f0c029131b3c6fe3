"""A service of ECS with its rollouts and task definitions; moto's never ends a rollout."""

from typing import Any

from tests.aws.deployments.imitation import ACCOUNT, REGION, Imitation, Refused

CLUSTER, SERVICE = "serving", "fraud"


class EcsFake(Imitation):
    """``advance`` brings the rollout forward: its tasks start, or, once ``broken`` is set, ECS rolls it back."""

    service = "ecs"

    def __init__(self) -> None:
        super().__init__()
        self.definitions: dict[str, dict[str, Any]] = {}
        self.broken = False
        self.updates: list[dict[str, Any]] = []
        self._rollouts = 0
        by_hand = {
            "family": "fraud",
            "cpu": "256",
            "containerDefinitions": [
                {
                    "name": "app",
                    "image": "registry.example/fraud:1",
                    "environment": [
                        {"name": "LEVEL", "value": "info"},
                        {"name": "MODEL_VERSION", "value": "old"},
                    ],
                },
                {"name": "proxy", "image": "registry.example/proxy:7"},
            ],
            "tags": [{"key": "team", "value": "ml"}, {"key": "aws:cloudformation:stack-name", "value": "fraud"}],
        }
        # As AWS does, CloudFormation may set what callers may not.
        self._add(by_hand)
        self.described: dict[str, Any] = {
            "serviceName": SERVICE,
            "status": "ACTIVE",
            "deploymentController": {"type": "ECS"},
            "deploymentConfiguration": {"maximumPercent": 150, "strategy": "BLUE_GREEN"},
            "deployments": [],
        }
        self.start("fraud:1")
        self.advance()

    def start(self, definition: str) -> None:
        """Begin a rollout, as anybody does who may."""
        self._rollouts += 1
        for rollout in self.described["deployments"]:
            rollout["status"] = "ACTIVE"
        self.described["deployments"].insert(
            0,
            {
                "id": f"ecs-svc/{self._rollouts}",
                "status": "PRIMARY",
                "taskDefinition": _arn(definition),
                "rolloutState": "IN_PROGRESS",
                "desiredCount": 2,
                "runningCount": 0,
            },
        )

    def advance(self) -> None:
        primary = self.described["deployments"][0]
        if primary["rolloutState"] != "IN_PROGRESS":
            return
        if self.broken and "moorage-" in primary["taskDefinition"]:
            primary |= {"rolloutState": "FAILED", "rolloutStateReason": "tasks failed to start."}
            self.start(self.described["deployments"][1]["taskDefinition"].rpartition("/")[2])
        else:
            primary |= {"rolloutState": "COMPLETED", "runningCount": 2}
            self.described["deployments"] = [primary]

    def describe_services(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["cluster"] != CLUSTER:
            raise Refused("ClusterNotFoundException", "Cluster not found.")
        known = asked["services"] == [SERVICE]
        return {"services": [self.described] if known else [], "failures": [] if known else [{"reason": "MISSING"}]}

    def describe_task_definition(self, asked: dict[str, Any]) -> dict[str, Any]:
        name = asked["taskDefinition"].rpartition("/")[2]
        if name not in self.definitions:
            raise Refused("ClientException", "Unable to describe task definition.")
        stored = {field: value for field, value in self.definitions[name].items() if field != "tags"}
        definition = {**stored, "taskDefinitionArn": _arn(name), "revision": 1, "status": "ACTIVE"}
        return {"taskDefinition": definition, "tags": self.definitions[name].get("tags", [])}

    def register_task_definition(self, asked: dict[str, Any]) -> dict[str, Any]:
        if any(tag["key"].startswith("aws:") for tag in asked.get("tags", ())):
            raise Refused("InvalidParameterException", "Tags may not begin with aws:.")
        self._add(asked)
        return {"taskDefinition": {"family": asked["family"]}}

    def update_service(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["taskDefinition"] not in self.definitions:
            raise Refused("ClientException", "TaskDefinition not found.")
        self.updates.append(asked)
        self.described["deploymentConfiguration"] = asked["deploymentConfiguration"]
        # The same definition again begins no rollout.
        if self.described["deployments"][0]["taskDefinition"] != _arn(asked["taskDefinition"]):
            self.start(asked["taskDefinition"])
        return {"service": self.described}

    def _add(self, definition: dict[str, Any]) -> None:
        family = definition["family"]
        revision = 1 + sum(name.rpartition(":")[0] == family for name in self.definitions)
        self.definitions[f"{family}:{revision}"] = definition


def _arn(name: str) -> str:
    return f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/{name}"
