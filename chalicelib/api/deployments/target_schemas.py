"""Schemas of targets."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.api.document import Body, Time, View
from chalicelib.domain.access.principal import MAX_PATTERN
from chalicelib.domain.deployments.target import (
    DEFAULT_GIVE_UP,
    MAX_DESCRIPTION,
    MAX_ENVIRONMENT,
    MAX_GIVE_UP,
    MAX_PATTERNS,
    MIN_GIVE_UP,
    Policy,
)
from chalicelib.domain.deployments.target_decisions import Setting
from chalicelib.domain.target_kinds import KINDS

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PATTERN)]
# Text, not the enumeration: answers are JSON and are checked strictly.
KindName = Annotated[
    str,
    AfterValidator(lambda name: KINDS.named(name).name),
    Field(json_schema_extra={"enum": [known.name for known in KINDS]}),
]


class PolicyBody(Body):
    """What happens around a deployment. What ``rollout`` may say depends on the kind of the target."""

    roll_back: bool = Field(False, description="Deploy the last good version again when a deployment failed.")
    move_back: bool = Field(
        False, description="Roll the stage or alias back too, if the model's scheme allows it. Needs roll_back."
    )
    give_up_after: int = Field(
        DEFAULT_GIVE_UP,
        ge=MIN_GIVE_UP,
        le=MAX_GIVE_UP,
        description="After how many seconds a deployment that has not ended is taken to have failed.",
    )
    rollout: dict[str, Any] = Field(default_factory=dict)

    def policy(self) -> Policy:
        return Policy(self.roll_back, self.move_back, self.give_up_after, self.rollout)


class SetTarget(Body):
    """A target. Versions are deployed there when they enter ``stage``, or when ``alias`` is pointed at them."""

    kind: KindName = "external"
    environment: str = Field(min_length=1, max_length=MAX_ENVIRONMENT, examples=["production"])
    models: list[Pattern] = Field(
        min_length=1, max_length=MAX_PATTERNS, description="Model names, where * matches any characters."
    )
    stage: str | None = Field(None, min_length=1, max_length=64)
    alias: str | None = Field(None, min_length=1, max_length=255)
    config: dict[str, Any] = Field(default_factory=dict)
    policy: PolicyBody | None = None
    reporters: list[Pattern] = Field(
        default_factory=list,
        max_length=MAX_PATTERNS,
        description="Names of principals who may report for the target, besides those who may deploy the model.",
    )
    description: str = Field("", max_length=MAX_DESCRIPTION)
    enabled: bool = True

    def setting(self) -> Setting:
        return Setting(
            environment=self.environment,
            models=self.models,
            stage=self.stage,
            alias=self.alias,
            config=self.config,
            policy=Policy() if self.policy is None else self.policy.policy(),
            reporters=self.reporters,
            description=self.description,
            enabled=self.enabled,
        )


class PolicyView(View):
    roll_back: bool
    move_back: bool
    give_up_after: int
    rollout: dict[str, Any]


class TargetView(View):
    """A target. One of ``stage`` and ``alias`` is null: the other says which moves start a deployment."""

    name: str
    kind: KindName
    environment: str
    models: list[str]
    stage: str | None
    alias: str | None
    config: dict[str, Any]
    policy: PolicyView
    reporters: list[str]
    description: str
    enabled: bool
    created_at: Time
    created_by: str
    updated_at: Time
