"""Writes versions into hosted configurations of AppConfig, which bring them to consumers step by step.

The environment's own alarms roll a configuration back.
"""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.aws.deployments.console import page
from chalicelib.aws.deployments.platform import SOON, Platform, failed, serving, working
from chalicelib.domain.deployments.driving import Order, Step
from chalicelib.domain.deployments.version_variables import document

_POLL_SECONDS: Final = 30
_RUNNING: Final = frozenset({"BAKING", "DEPLOYING", "ROLLING_BACK", "VALIDATING"})


def step(order: Order, platform: Platform) -> Step:
    """Take the next step to a configuration that names the order's version."""
    return _Configuration(order, platform.client("appconfig")).step()


class _Configuration:
    """One step of one order. AppConfig calls the rollout of a configuration a deployment."""

    def __init__(self, order: Order, client: Any) -> None:
        self._order = order
        self._client = client
        self._label = f"moorage-{order.deployment}"
        config = order.config
        self._environment = {"ApplicationId": config["application"], "EnvironmentId": config["environment"]}
        self._profile = {"ApplicationId": config["application"], "ConfigurationProfileId": config["profile"]}
        path = f"systems-manager/appconfig/applications/{config['application']}"
        self._links = {"Application": page(client, path)}

    def step(self) -> Step:
        rollouts = list(self._rollouts())
        for rollout in rollouts:
            if rollout.get("VersionLabel") == self._label:
                return self._observe(rollout)
        try:
            number = self._hosted()
            return self._host() if number is None else self._roll_out(number, rollouts)
        except self._client.exceptions.ConflictException:
            return working(self._order, "The configuration was changed; it is looked at again.", SOON)

    def _rollouts(self) -> Iterator[dict[str, Any]]:
        """The rollouts of the environment, the newest first."""
        for answer in self._client.get_paginator("list_deployments").paginate(**self._environment):
            yield from answer["Items"]

    def _observe(self, rollout: dict[str, Any]) -> Step:
        state = rollout["State"]
        if state in _RUNNING:
            detail = f"The configuration is {state.lower().replace('_', ' ')}: {rollout['PercentageComplete']:.0f} %."
            return working(self._order, detail, _POLL_SECONDS)
        if state == "COMPLETE":
            return serving(self._order, "The configuration is rolled out.", self._links)
        described = self._client.get_deployment(**self._environment, DeploymentNumber=rollout["DeploymentNumber"])
        why = next((entry.get("Description", "") for entry in described.get("EventLog", ())), "")
        return failed(
            self._order, f"The configuration was {state.lower().replace('_', ' ')}. {why}".rstrip(), self._links
        )

    def _hosted(self) -> int | None:
        """The number of the configuration's version that an earlier step made."""
        answer = self._client.list_hosted_configuration_versions(**self._profile, VersionLabel=self._label)
        return next(
            (item["VersionNumber"] for item in answer["Items"] if item.get("VersionLabel") == self._label), None
        )

    def _host(self) -> Step:
        self._client.create_hosted_configuration_version(
            **self._profile,
            Content=document(self._order).encode(),
            ContentType="application/json",
            VersionLabel=self._label,
            Description=f"Version {self._order.version} of a model, written by Moorage",
        )
        return working(self._order, "The configuration has a new version.", 0)

    def _roll_out(self, number: int, rollouts: list[dict[str, Any]]) -> Step:
        if any(rollout["State"] in _RUNNING for rollout in rollouts):
            return working(self._order, "Another configuration is being rolled out in the environment.", _POLL_SECONDS)
        latest = max((rollout["DeploymentNumber"] for rollout in rollouts), default=0)
        self._client.start_deployment(
            **self._environment,
            ConfigurationProfileId=self._order.config["profile"],
            ConfigurationVersion=str(number),
            DeploymentStrategyId=self._order.config["strategy"],
            # If another rollout has begun since we listed them, AppConfig refuses this one.
            **({"LatestDeploymentNumber": latest} if latest else {}),
        )
        return working(self._order, "The configuration is being rolled out.", SOON)
