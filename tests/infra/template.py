"""Queries that the tests make on a synthesised template."""

import json
import re
from dataclasses import dataclass
from typing import Any

# Chalice's functions. The function web is none of them.
FUNCTIONS = {
    "api": "APIHandler",
    "authorizer": "Authorizer",
    "relay": "Relay",
    "promoter": "Promoter",
    "notifier": "Notifier",
    "sender": "Sender",
    "intake": "Intake",
    "signer": "Signer",
    "deployer": "Deployer",
    "keeper": "Keeper",
    "anchorer": "Anchorer",
    "usage": "Usage",
    "scanner": "Scanner",
    "quarantine": "Quarantine",
}


@dataclass(frozen=True)
class Template:
    document: dict[str, Any]

    def resource(self, logical_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.document["Resources"][logical_id]
        return found

    def properties(self, logical_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.resource(logical_id)["Properties"]
        return found

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """All resources of a type, by logical id."""
        return {name: it for name, it in self.document["Resources"].items() if it["Type"] == kind}

    def only(self, kind: str) -> dict[str, Any]:
        ((_, resource),) = self.of_type(kind).items()
        return resource

    def statements(self, function: str) -> list[dict[str, Any]]:
        """Every statement of every policy of the function's role."""
        return self.statements_of(FUNCTIONS[function])

    def statements_of(self, logical_id: str) -> list[dict[str, Any]]:
        """Every statement of every policy of the role of the function with this logical id."""
        role = self.properties(logical_id)["Role"]["Fn::GetAtt"][0]
        assert "Policies" not in self.properties(role)
        assert "ManagedPolicyArns" not in self.properties(role)
        return [
            statement
            for policy in self.of_type("AWS::IAM::Policy").values()
            if {"Ref": role} in policy["Properties"]["Roles"]
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        ]

    def allowed(self, function: str) -> dict[str, set[str]]:
        """The resources that each action is allowed on, each as a short name such as ``StorageTable``."""
        return self.allowed_to(FUNCTIONS[function])

    def allowed_to(self, logical_id: str) -> dict[str, set[str]]:
        """The same of the function with this logical id."""
        allowed: dict[str, set[str]] = {}
        for statement in self.statements_of(logical_id):
            assert statement["Effect"] == "Allow"
            for action in _listed(statement["Action"]):
                for resource in _listed(statement["Resource"]):
                    allowed.setdefault(action, set()).add(self.short(resource))
        return allowed

    def short(self, resource: Any) -> str:
        """The short name of a resource: the name that it refers to, and the path below it."""
        if isinstance(resource, str):
            return resource
        if "Ref" in resource:
            return _name(resource["Ref"])
        if "Fn::GetAtt" in resource:
            logical_id, attribute = resource["Fn::GetAtt"]
            return _name(logical_id) + ("/stream" if attribute == "StreamArn" else "")
        if "Fn::Join" in resource:
            return "".join(self.short(part) for part in resource["Fn::Join"][1])
        raise AssertionError(f"unexpected resource {json.dumps(resource)}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(logical_id: str) -> str:
    """The name without the checksum that CDK appends."""
    return re.sub(r"[0-9A-F]{8}$", "", logical_id)
