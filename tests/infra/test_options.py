"""Context values are checked before the synthesis."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from chalicelib.domain.schemes.presets import PRESETS
from infra.option_values import InvalidOption
from infra.options import SCHEMES, StackOptions
from infra.runtime import checked_runtime
from tests.infra.conftest import synthesise

DOCS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def _options(**context: object) -> StackOptions:
    return StackOptions.from_context(context.get)


def test_nothing_chosen_gives_a_disposable_development_stack() -> None:
    options = _options()
    assert options.stack_name == "Moorage-development"
    assert not options.keeps_data
    assert options.outbound_allow == ()


def test_any_other_stage_keeps_its_data_unless_told_otherwise() -> None:
    assert _options(stage="production").keeps_data
    assert not _options(stage="production", removal_policy="destroy").keeps_data


def test_numbers_may_come_as_text_as_the_command_line_gives_them() -> None:
    options = _options(upload_window_hours="48", log_retention_days="90")
    assert (options.upload_window_hours, options.log_retention_days) == (48, 90)


def test_limits_are_kept_as_they_are_given() -> None:
    assert _options(limits="daily_models=50,pending_gib=100").limits == "daily_models=50,pending_gib=100"


def test_networks_are_separated_by_commas() -> None:
    assert _options(outbound_allow="10.0.0.0/8, fd00::/8").outbound_allow == ("10.0.0.0/8", "fd00::/8")


def test_the_event_archive_can_be_left_out() -> None:
    assert _options(archive_days="0").archive_days == 0


def test_the_scheme_of_new_models_is_a_builtin_one() -> None:
    assert {*SCHEMES} == PRESETS.keys()
    assert _options(default_scheme="standard").default_scheme == "standard"


@pytest.mark.parametrize(
    "context",
    [
        {"default_scheme": "own"},
        {"stage": "Prod"},
        {"stage": ""} | {"stage": "a" * 40},
        {"removal_policy": "keep"},
        {"log_retention_days": "31"},
        {"upload_window_hours": "0"},
        {"upload_window_hours": "1.5"},
        {"deleted_retention_days": "-1"},
        {"outbound_allow": "10.0.0.1/8"},
        {"outbound_allow": "everything"},
        {"limits": "daily_cats=5"},
        {"limits": "daily_models=0"},
        {"throttle_rate": "0"},
        {"domain_name": "models.example.org"},
        {"certificate_arn": "arn:aws:acm:eu-central-1:1:certificate/1"},
        {"public_url": "http://models.example.org"},
        {"public_url": "https://models.example.org/"},
        {"alarm_topic_arn": "alarms"},
        {"architecture": "riscv"},
        {"account_api_logging": "perhaps"},
        {"anchor_mode": "none"},
        {"anchor_years": "0"},
        {"anchor_hours": "169"},
        {"anchor_signing": "maybe"},
        {"model_signing": "true"},
        {"certificate_arn": "arn:aws:iam::1:server-certificate/1", "domain_name": "models.example.org"},
        {"disable_default_endpoint": "true"},
        {"web_acl_arn": "guard"},
        {"trusted_accounts": "12345"},
        {"table_name": "moorage-restored"},
        {"table_stream": "2026-11-28T13:00:00.000"},
        {"bucket_name": "Models"},
        {"vpc_id": "vpc-0123456789abcdef0"},
        {"subnet_ids": "subnet-0123456789abcdef0"},
        {"vpc_route_table_ids": "rtb-0123456789abcdef0"},
        {"python": "3.10"},
        {"sender_concurrency": "-1"},
        {"tags": "team"},
        {"tags": "team=ml,team=web"},
        {"permissions_boundary": "boundary"},
        {"kms_key_arn": "alias/moorage"},
        {"unsealed_aliases": "perhaps"},
        {"scanning": "sometimes"},
        {"second_opinion": "fickling"},
        {"second_opinion": "picklescan", "scanning": "off"},
        {"scanner_security_group_ids": "sg-0123456789abcdef0"},
        {"deploy_sagemaker_endpoints": "*"},
        {"deploy_lambda_functions": "score,*"},
        {"deploy_lambda_functions": "sc*re"},
        {"deploy_lambda_functions": "score, Moor*"},
        {"deploy_lambda_functions": "Moorage-development-APIHandler-1"},
        {"deploy_ecs_services": "fraud"},
        {"deploy_ecs_services": "serving/*"},
        {"deploy_state_machines": "arn:aws:states:eu-central-1:1:stateMachine:deploy"},
        {"deploy_pipelines": "two words"},
        {"deploy_ssm_parameters": "/*"},
        {"deploy_appconfig": "fraud-app-long"},
        {"deploy_passable_roles": "arn:aws:iam::123456789012:role/*"},
        {"deploy_passable_roles": "arn:aws:iam::123456789012:role/serving"},
    ],
    ids=str,
)
def test_a_choice_that_cannot_be_used_is_named(context: dict[str, str]) -> None:
    with pytest.raises(InvalidOption) as caught:
        _options(**context)
    assert any(name in str(caught.value) for name in context)


def test_every_option_is_documented_with_its_default() -> None:
    (section,) = re.findall(r"^## Options$(.*?)^## ", DOCS.read_text(), flags=re.MULTILINE | re.DOTALL)
    documented = dict(re.findall(r"^\| (`[a-z_, `]+`) \| (.+?) \|", section, flags=re.MULTILINE))
    rows = {name: default for names, default in documented.items() for name in re.findall(r"`([a-z_]+)`", names)}
    options = {option.name: option.default for option in fields(StackOptions)}
    assert set(options) <= set(rows)
    for name, default in options.items():
        shown = str(default).lower() if isinstance(default, bool) else str(default)
        if name != "removal_policy":  # its default depends on the stage
            assert ("none" if default in (None, ()) else shown) in rows[name], name


def test_the_python_that_builds_the_package_is_the_one_that_the_stack_names() -> None:
    assert checked_runtime("3.13", building=(3, 13)) == "python3.13"
    with pytest.raises(InvalidOption, match=r"make PYTHON=python3\.11 .* --context python=3\.13"):
        checked_runtime("3.11", building=(3, 13))


def test_synthesis_ends_with_the_reason_and_no_traceback(tmp_path: Path) -> None:
    ran = synthesise(tmp_path / "cdk.out", stage="Not a stage")
    assert ran.returncode == 2
    assert "stage='Not a stage'" in ran.stderr
    assert "Traceback" not in ran.stderr
