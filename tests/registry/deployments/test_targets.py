"""Targets are set as a whole, with terms that their kind checks."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.deployments import target_decisions as decisions
from chalicelib.domain.deployments.kinds import UnknownKindError
from chalicelib.domain.deployments.target import MAX_TARGETS, Policy, Target
from chalicelib.domain.deployments.target_decisions import Setting
from chalicelib.domain.errors import (
    BodyTooLargeError,
    InvalidInputError,
    InvalidNameError,
    LimitExceededError,
    PreconditionFailedError,
    TargetNotFoundError,
)
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, Stamp
from chalicelib.domain.target_kinds import KINDS
from chalicelib.registry.audit import audit
from chalicelib.registry.deployments import targets
from tests.registry.build import request


def setting(**given: Any) -> Setting:
    return Setting(**{"environment": "production", "models": ["fraud*"], "stage": "production", **given})


def save(registry: Services, name: str = "eu", **given: Any) -> None:
    targets.set_target(registry, request(), name, "external", setting(**given))


def types(registry: Services) -> list[str]:
    return [event["type"] for event in audit.list_events(registry, REGISTRY_LEDGER, "oldest", 100, None).items]


def test_a_target_that_is_set_again_as_it_is_changes_nothing(registry: Services) -> None:
    save(registry)
    save(registry)
    save(registry, description="EU")
    targets.delete_target(registry, request(), "eu")
    assert types(registry) == ["target.created", "target.updated", "target.deleted"]
    updated = audit.list_events(registry, REGISTRY_LEDGER, "oldest", 100, None).items[1]
    assert (updated["before"], updated["after"]) == ({"description": ""}, {"description": "EU"})
    with pytest.raises(TargetNotFoundError):
        targets.get_target(registry, "eu")


def test_targets_are_listed_by_name_in_pages(registry: Services) -> None:
    for name in ("us", "eu", "ap"):
        save(registry, name)
    page = targets.list_targets(registry, 2, None)
    assert [target.name for target in page.items] == ["ap", "eu"]
    assert [target.name for target in targets.list_targets(registry, 2, page.next_start).items] == ["us"]
    assert [target.name for target in targets.every_target(registry)] == ["ap", "eu", "us"]


def test_an_etag_that_has_passed_keeps_a_target_as_it_is(registry: Services) -> None:
    save(registry)
    with pytest.raises(PreconditionFailedError):
        targets.set_target(registry, request(if_match='"99"'), "eu", "external", setting(description="x"))
    with pytest.raises(PreconditionFailedError):
        targets.set_target(registry, request(if_match='"1"'), "other", "external", setting())
    with pytest.raises(PreconditionFailedError):
        targets.delete_target(registry, request(if_match='"99"'), "eu")


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"models": []}, "/models"),
        ({"models": [""]}, "/models/0"),
        ({"models": ["*"] * 51}, "/models"),
        ({"alias": "champion"}, "/stage"),
        ({"stage": None}, "/stage"),
        ({"stage": " "}, "/stage"),
        ({"environment": ""}, "/environment"),
        ({"reporters": ["x" * 257]}, "/reporters/0"),
        ({"description": "x" * 1001}, "/description"),
        ({"policy": Policy(give_up_after=59)}, "/policy/give_up_after"),
        ({"policy": Policy(move_back=True)}, "/policy/move_back"),
        ({"config": {"rate": float("nan")}}, "/config/rate"),
        ({"policy": Policy(rollout={"canary": float("inf")})}, "/policy/rollout/canary"),
    ],
)
def test_terms_that_make_no_target_are_refused(registry: Services, given: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        save(registry, **given)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


@pytest.mark.parametrize(
    ("config", "policy", "pointer"),
    [
        ({"memory_mb": 2_048}, Policy(rollout={"shift": "canary"}), "/policy/rollout/shift"),
        (
            {"instance_type": "ml.m5.large"},
            Policy(give_up_after=2_700, rollout={"shift": "linear", "percent": 10, "wait_seconds": 300}),
            "/policy/give_up_after",
        ),
    ],
)
def test_a_rollout_that_could_never_succeed_is_refused(
    registry: Services, config: dict[str, Any], policy: Policy, pointer: str
) -> None:
    endpoint = {"endpoint": "fraud", "execution_role": "arn:aws:iam::123456789012:role/serving", "image": "fraud:1"}
    given = setting(config=endpoint | config, policy=policy)
    with pytest.raises(InvalidInputError) as refused:
        targets.set_target(registry, request(), "eu", "sagemaker-endpoint", given)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def write_parameter(registry: Services, name: str, **given: Any) -> None:
    """Save a target of a kind that has room for one."""
    asked = setting(**{"models": ["fraud"], "config": {"parameter": "/models/fraud"}, **given})
    targets.set_target(registry, request(), name, "ssm-parameter", asked)


def refused_at(save_target: Callable[[], None]) -> list[str]:
    """The pointers of what is refused."""
    with pytest.raises(InvalidInputError) as refused:
        save_target()
    return [problem.pointer for problem in refused.value.problems]


@pytest.mark.parametrize("models", [["*"], ["fraud*"], ["fraud", "churn"]])
def test_a_target_with_room_for_one_takes_one_model(registry: Services, models: list[str]) -> None:
    assert refused_at(lambda: write_parameter(registry, "eu", models=models)) == ["/models"]
    pipeline = setting(models=models, config={"pipeline": "deploy"})
    targets.set_target(registry, request(), "any", "codepipeline", pipeline)


def test_two_targets_do_not_replace_each_others_versions(registry: Services) -> None:
    write_parameter(registry, "eu")
    assert refused_at(lambda: write_parameter(registry, "us", models=["churn"])) == ["/config"]
    write_parameter(registry, "us", models=["churn"], enabled=False)
    assert refused_at(lambda: write_parameter(registry, "us", models=["churn"])) == ["/config"]
    write_parameter(registry, "ap", config={"parameter": "/models/other"})
    write_parameter(registry, "eu", description="EU")
    write_parameter(registry, "eu", enabled=False)
    write_parameter(registry, "us", models=["churn"])


def test_of_two_targets_that_are_saved_at_once_one_gets_the_room(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = targets.every_target

    def read_just_before(services: Services) -> list[Target]:
        """Another caller saves a target after all were read."""
        found = list(read(services))
        monkeypatch.setattr(targets, "every_target", read)
        write_parameter(registry, "us")
        return found

    monkeypatch.setattr(targets, "every_target", read_just_before)
    assert refused_at(lambda: write_parameter(registry, "eu")) == ["/config"]
    assert [target.name for target in read(registry)] == ["us"]


def test_names_kinds_and_sizes_are_checked(registry: Services) -> None:
    for name in ("", "EU", "-eu", "a/b", "x" * 65):
        with pytest.raises(InvalidNameError):
            save(registry, name)
    with pytest.raises(UnknownKindError, match="It knows: external"):
        targets.set_target(registry, request(), "eu", "teleport", setting())
    with pytest.raises(BodyTooLargeError):
        save(registry, config={"text": "x" * 70_000})
    with pytest.raises(InvalidNameError):
        save(registry, stage=None, alias="latest")


def test_a_registry_has_a_bounded_number_of_targets(registry: Services) -> None:
    full = RegistryState(counts={decisions.KIND: MAX_TARGETS})
    stamp = Stamp("token:ada", "r", "e" * 32, Instant("2026-11-23T09:30:00.000Z"), 7)
    with pytest.raises(LimitExceededError):
        decisions.set_target(full, None, "eu", KINDS.named("external"), setting(), stamp)
