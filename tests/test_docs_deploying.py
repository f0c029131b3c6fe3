"""The guide to deploying to AWS: what it shows is what the registry accepts."""

import json
import re
from importlib import import_module
from typing import Any

import pytest

from chalicelib.domain.deployments import version_variables
from infra.options import StackOptions
from tests.docs_blocks import ROOT

GUIDE = (ROOT / "docs" / "guides" / "deploying-to-aws.md").read_text()
TARGETS = [json.loads(text) for text in re.findall(r"^```json\n(.*?)^```$", GUIDE, flags=re.DOTALL | re.MULTILINE)]
PLATFORMS = "chalicelib.domain.deployments.platforms"
KINDS = [
    "sagemaker-endpoint",
    "lambda-alias",
    "ecs-service",
    "step-functions",
    "codepipeline",
    "ssm-parameter",
    "appconfig",
]


def test_every_kind_has_an_example() -> None:
    assert [target["kind"] for target in TARGETS] == KINDS


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target["kind"])
def test_an_example_is_accepted(target: dict[str, Any]) -> None:
    kind = import_module(f"{PLATFORMS}.{target['kind'].replace('-', '_')}")
    assert target["kind"] == kind.NAME
    config = kind.config(target["config"])
    assert config.items() >= target["config"].items()
    rollout = target.get("policy", {}).get("rollout", {})
    assert kind.rollout(rollout, config).items() >= rollout.items()


def test_every_option_and_every_variable_is_explained() -> None:
    options = {name for name in StackOptions.__slots__ if name.startswith("deploy_")}
    assert options == set(re.findall(r"^\| `(deploy_\w+)`", GUIDE, flags=re.MULTILINE))
    assert all(f"`{name}`" in GUIDE for name in version_variables.ALL)
