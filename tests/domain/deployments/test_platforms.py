"""Configurations and rollouts of the kinds of targets that the registry itself deploys to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.deployments import shifting
from chalicelib.domain.deployments.platforms import (
    appconfig,
    codepipeline,
    ecs_service,
    lambda_alias,
    rollouts,
    sagemaker_endpoint,
    ssm_parameter,
    step_functions,
)
from chalicelib.domain.errors import InvalidInputError

SAGEMAKER = {
    "endpoint": "moorage-fraud",
    "execution_role": "arn:aws:iam::123456789012:role/serving",
    "image": "registry.example/fraud:{version}",
    "instance_type": "ml.m5.large",
}
SERVERLESS = {**{name: value for name, value in SAGEMAKER.items() if name != "instance_type"}, "memory_mb": 2_048}
LAMBDA = {"function": "score", "alias": "live"}
ECS = {"cluster": "serving", "service": "fraud", "container": "app"}
MACHINE = {"state_machine": "arn:aws:states:eu-central-1:123456789012:stateMachine:deploy"}
APPCONFIG = {
    "application": "abc1234",
    "environment": "def1234",
    "profile": "ghi1234",
    "strategy": "AppConfig.AllAtOnce",
}
KINDS: dict[Any, dict[str, Any]] = {
    sagemaker_endpoint: SAGEMAKER,
    lambda_alias: LAMBDA,
    ecs_service: ECS,
    step_functions: MACHINE,
    codepipeline: {"pipeline": "deploy"},
    ssm_parameter: {"parameter": "/models/fraud"},
    appconfig: APPCONFIG,
}


def pointers(error: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [problem.pointer for problem in error.value.problems]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.NAME)
def test_a_configuration_is_the_same_when_it_is_checked_again(kind: Any) -> None:
    checked = kind.config(KINDS[kind])
    assert kind.config(checked) == checked
    rollout = kind.rollout({}, checked)
    assert kind.rollout(rollout, checked) == rollout


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.NAME)
def test_every_required_field_is_asked_for_by_its_pointer(kind: Any) -> None:
    for name in KINDS[kind]:
        lacking = {field: value for field, value in KINDS[kind].items() if field != name}
        with pytest.raises(InvalidInputError, match="is required") as error:
            kind.config(lacking)
        assert pointers(error) == [f"/config/{name}"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.NAME)
def test_fields_that_a_kind_does_not_have_are_refused(kind: Any) -> None:
    with pytest.raises(InvalidInputError) as error:
        kind.config({**KINDS[kind], "colour": "blue"})
    assert pointers(error) == ["/config/colour"]
    with pytest.raises(InvalidInputError) as error:
        kind.rollout({"colour": "blue"}, KINDS[kind])
    assert pointers(error) == ["/policy/rollout/colour"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.NAME)
@pytest.mark.parametrize("value", [7, None, ["a"], {"a": "b"}, "", "two words", "a\nb", "é", "x" * 3_000])
def test_names_of_another_type_or_form_are_refused(kind: Any, value: object) -> None:
    for name in KINDS[kind]:
        with pytest.raises(InvalidInputError) as error:
            kind.config({**KINDS[kind], name: value})
        assert pointers(error) == [f"/config/{name}"]


@pytest.mark.parametrize(
    ("kind", "changed", "pointer"),
    [
        (sagemaker_endpoint, {"endpoint": "-fraud"}, "/config/endpoint"),
        (sagemaker_endpoint, {"endpoint": "f" * 64}, "/config/endpoint"),
        (sagemaker_endpoint, {"execution_role": "serving"}, "/config/execution_role"),
        (sagemaker_endpoint, {"image": "fraud:{digest}"}, "/config/image"),
        (sagemaker_endpoint, {"instance_count": 0}, "/config/instance_count"),
        (sagemaker_endpoint, {"instance_count": True}, "/config/instance_count"),
        (sagemaker_endpoint, {"retain_capacity": "yes"}, "/config/retain_capacity"),
        (sagemaker_endpoint, {"max_concurrency": 5}, "/config/memory_mb"),
        (sagemaker_endpoint, {"files": "copied"}, "/config/files"),
        (sagemaker_endpoint, {"files": "archive"}, "/config/archive"),
        (sagemaker_endpoint, {"files": "archive", "archive": "model.zip"}, "/config/archive"),
        (sagemaker_endpoint, {"archive": "model.tar.gz"}, "/config/archive"),
        (sagemaker_endpoint, {"environment": {"1st": "x"}}, "/config/environment"),
        (sagemaker_endpoint, {"environment": {"MODEL_URI": "x"}}, "/config/environment/MODEL_URI"),
        (sagemaker_endpoint, {"environment": {"LEVEL": 1}}, "/config/environment/LEVEL"),
        (sagemaker_endpoint, {"environment": {f"V{n}": "" for n in range(51)}}, "/config/environment"),
        (lambda_alias, {"alias": "7"}, "/config/alias"),
        (lambda_alias, {"function": "arn:aws:lambda:eu-central-1:1:function:f"}, "/config/function"),
        (step_functions, {"state_machine": MACHINE["state_machine"] + ":live"}, "/config/state_machine"),
        (ssm_parameter, {"parameter": "/aws/fraud"}, "/config/parameter"),
        (ssm_parameter, {"parameter": "SSMfraud"}, "/config/parameter"),
        (ssm_parameter, {"parameter": "/a" * 16}, "/config/parameter"),
        (ssm_parameter, {"parameter": f"/{'a' * 200}" * 6}, "/config/parameter"),
        (appconfig, {"strategy": "AppConfig.x"}, "/config/strategy"),
    ],
)
def test_what_aws_would_refuse_is_refused_when_the_target_is_saved(
    kind: Any, changed: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidInputError) as error:
        kind.config({**KINDS[kind], **changed})
    assert pointers(error) == [pointer]


def test_what_has_room_for_one_is_told_from_others_of_its_kind() -> None:
    assert sagemaker_endpoint.room({"endpoint": "Fraud"}) == sagemaker_endpoint.room({"endpoint": "fraud"})
    service = {"cluster": "serving", "service": "fraud", "container": "app"}
    assert ecs_service.room(service) != ecs_service.room({**service, "container": "proxy"})
    function = {"function": "score", "alias": "live"}
    assert lambda_alias.room(function) != lambda_alias.room({**function, "alias": "test"})
    profile = {"application": "abc1234", "environment": "def1234", "profile": "ghi1234"}
    assert appconfig.room(profile) == appconfig.room({**profile, "strategy": "AppConfig.AllAtOnce"})


def test_a_real_time_endpoint_mounts_the_files_and_a_serverless_one_fetches_them() -> None:
    assert sagemaker_endpoint.config(SAGEMAKER)["files"] == "mounted"
    assert sagemaker_endpoint.config(SERVERLESS)["files"] == "fetched"
    with pytest.raises(InvalidInputError, match="no uncompressed files"):
        sagemaker_endpoint.config({**SERVERLESS, "files": "mounted"})


def test_a_serverless_endpoint_has_memory_by_the_gibibyte_and_no_instances() -> None:
    with pytest.raises(InvalidInputError, match="multiple of 1024"):
        sagemaker_endpoint.config({**SERVERLESS, "memory_mb": 2_000})
    with pytest.raises(InvalidInputError) as error:
        sagemaker_endpoint.config({**SERVERLESS, "instance_type": "ml.m5.large"})
    assert pointers(error) == ["/config/instance_type"]


@pytest.mark.parametrize(
    ("rollout", "pointer"),
    [
        ({"shift": "slowly"}, "shift"),
        ({"percent": 10}, "percent"),
        ({"shift": "canary", "percent": 51}, "percent"),
        ({"shift": "linear", "percent": 9}, "percent"),
        ({"wait_seconds": 3_601}, "wait_seconds"),
        ({"alarms": "fraud-errors"}, "alarms"),
        ({"alarms": ["arn:aws:cloudwatch:eu-central-1:1:alarm:a"]}, "alarms/0"),
        ({"alarms": [str(number) for number in range(11)]}, "alarms"),
    ],
)
def test_a_rollout_that_no_platform_takes_is_refused(rollout: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        rollouts.shifting(rollout)
    assert pointers(error) == [f"/policy/rollout/{pointer}"]


def test_an_alias_that_moves_at_once_has_no_alarms_and_no_waiting_time() -> None:
    for rollout in ({"alarms": ["errors"]}, {"wait_seconds": 60}):
        with pytest.raises(InvalidInputError, match="must be canary or linear"):
            lambda_alias.rollout(rollout, LAMBDA)


@pytest.mark.parametrize(
    ("rollout", "pointer"),
    [
        ({"shift": "canary", "percent": 10, "wait_seconds": 0}, "shift"),
        ({"wait_seconds": 60}, "wait_seconds"),
        ({"alarms": ["fraud-errors"]}, "alarms"),
    ],
)
def test_a_serverless_endpoint_has_no_guardrails(rollout: dict[str, Any], pointer: str) -> None:
    assert sagemaker_endpoint.rollout(rollout, sagemaker_endpoint.config(SAGEMAKER)).items() >= rollout.items()
    with pytest.raises(InvalidInputError, match="serverless") as error:
        sagemaker_endpoint.rollout(rollout, sagemaker_endpoint.config(SERVERLESS))
    assert pointers(error) == [f"/policy/rollout/{pointer}"]
    assert sagemaker_endpoint.rollout({}, sagemaker_endpoint.config(SERVERLESS)) == rollouts.AT_ONCE


@given(
    shift=st.sampled_from(["all_at_once", "canary", "linear"]),
    percent=st.integers(min_value=10, max_value=50),
    wait=st.integers(min_value=0, max_value=3_600),
)
def test_a_rollout_lasts_as_long_as_it_waits_before_the_last_share(shift: str, percent: int, wait: int) -> None:
    share = {} if shift == "all_at_once" else {"percent": percent}
    rollout = rollouts.shifting({"shift": shift, "wait_seconds": wait} | share)
    shares = [shifting.following(rollout, 0)]
    while shares[-1] < shifting.EVERYTHING:
        shares.append(shifting.following(rollout, shares[-1]))
    # What moves at once is watched for that long afterwards.
    assert rollouts.lasting(rollout) == wait * max(1, len(shares) - 1)


@given(
    shift=st.sampled_from(["all_at_once", "canary", "linear"]),
    percent=st.integers(min_value=10, max_value=50),
    present=st.integers(min_value=0, max_value=99),
)
def test_every_rollout_sends_more_and_more_traffic_until_all_of_it(shift: str, percent: int, present: int) -> None:
    rollout = rollouts.shifting({"shift": shift} | ({} if shift == "all_at_once" else {"percent": percent}))
    shares = [present]
    while shares[-1] < shifting.EVERYTHING:
        shares.append(shifting.following(rollout, shares[-1]))
        assert shares[-1] > shares[-2]
    assert shares[-1] == shifting.EVERYTHING
    assert len(shares) <= 12


def test_a_canary_has_one_share_and_a_linear_rollout_equal_steps() -> None:
    canary = rollouts.shifting({"shift": "canary", "percent": 20})
    assert [shifting.following(canary, share) for share in (0, 20)] == [20, 100]
    linear = rollouts.shifting({"shift": "linear", "percent": 40})
    assert [shifting.following(linear, share) for share in (0, 40, 80)] == [40, 80, 100]
