"""The function that gives second opinions: only where the operator wants it, with the least that it needs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.aws import keys, names
from chalicelib.registry.scanning.scanning import MOST_ATTEMPTS
from chalicelib.registry.scanning.second_opinion import SCANNER
from infra import opinion_package
from infra.opinion_package import MissingScanner, stage_opinion_package
from infra.second_opinion import HANDLER
from tests.infra.conftest import BOUNDARY, HOST_PYTHON, KEY, ROOT
from tests.infra.template import Template


def function_of(template: Template) -> str:
    (found,) = [name for name in template.of_type("AWS::Lambda::Function") if name.startswith("SecondOpinionFunction")]
    return found


def properties_of(template: Template) -> dict[str, Any]:
    return template.properties(function_of(template))


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage_opinion_package(ROOT, tmp_path_factory.mktemp("opinion"))


def test_without_the_option_there_is_no_such_function_and_nobody_waits_for_it(production: Template) -> None:
    assert not [name for name in production.document["Resources"] if name.startswith("SecondOpinion")]
    assert production.properties("Quarantine")["Environment"]["Variables"]["MOORAGE_SECOND_OPINION"] == "none"


def test_who_judges_and_who_asks_again_knows_that_an_opinion_is_wanted(enterprise: Template) -> None:
    for function in ("Quarantine", "Keeper"):
        # As the function itself says it in its results.
        assert enterprise.properties(function)["Environment"]["Variables"]["MOORAGE_SECOND_OPINION"] == SCANNER


def test_the_keeper_asks_for_scans_by_other_rules_only_once_those_who_answer_know_them(
    production: Template, enterprise: Template
) -> None:
    for template in (production, enterprise):
        assert {"Scanner", "Quarantine"} <= set(template.document["Resources"]["Keeper"]["DependsOn"])
    rules = [name for name in enterprise.of_type("AWS::Events::Rule") if name.startswith("SecondOpinion")]
    assert {function_of(enterprise), *rules} <= set(enterprise.document["Resources"]["Keeper"]["DependsOn"])


def test_it_may_do_as_much_as_the_scanner(enterprise: Template) -> None:
    log = {"logs:CreateLogStream": {"SecondOpinionLog"}, "logs:PutLogEvents": {"SecondOpinionLog"}}
    as_scanner = {
        action: on for action, on in enterprise.allowed("scanner").items() if action.partition(":")[0] != "xray"
    }
    assert enterprise.allowed_to(function_of(enterprise)) == as_scanner | log


def test_it_writes_only_items_of_its_own(enterprise: Template) -> None:
    statements = enterprise.statements_of(function_of(enterprise))
    writing = [one for one in statements if "dynamodb:PutItem" in one["Action"]]
    assert [one["Condition"] for one in writing] == [
        {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["OPINION#*"]}}
    ]
    written = (
        keys.scan_result("u", names.OPINION_PREFIX),
        keys.scan_attempts("u", names.OPINION_PREFIX),
        keys.scanned_file("0" * 64, 1, "a", "1", names.OPINION_PREFIX),
    )
    assert all(key.partition.startswith("OPINION#") for key in written)


def test_it_is_closed_in_as_the_scanner_is(enterprise: Template) -> None:
    assert properties_of(enterprise)["VpcConfig"] == enterprise.properties("Scanner")["VpcConfig"]


def test_the_rules_of_an_account_hold_for_it_too(enterprise: Template) -> None:
    role = properties_of(enterprise)["Role"]["Fn::GetAtt"][0]
    assert enterprise.properties(role)["PermissionsBoundary"] == BOUNDARY
    assert enterprise.allowed_to(function_of(enterprise))["kms:Decrypt"] == {KEY}


def test_it_has_the_size_of_the_scanner_and_is_told_no_more_than_it_needs(enterprise: Template) -> None:
    properties, scanner = properties_of(enterprise), enterprise.properties("Scanner")
    assert (properties["MemorySize"], properties["Timeout"]) == (scanner["MemorySize"], scanner["Timeout"])
    assert (properties["Runtime"], properties["Architectures"]) == (f"python{HOST_PYTHON}", ["arm64"])
    assert set(properties["Environment"]["Variables"]) == {"MOORAGE_TABLE", "MOORAGE_BUCKET"}


def test_the_events_of_the_scanner_fire_it(enterprise: Template) -> None:
    rules = [it["Properties"] for it in enterprise.of_type("AWS::Events::Rule").values()]
    (rule,) = [it for it in rules if function_of(enterprise) in json.dumps(it["Targets"])]
    (scanners,) = [it for it in rules if {"Fn::GetAtt": ["Scanner", "Arn"]} in [to["Arn"] for to in it["Targets"]]]
    assert rule["EventPattern"] == scanners["EventPattern"]
    assert rule["EventBusName"] == scanners["EventBusName"]


def test_what_it_fails_at_is_tried_as_often_as_a_scan_and_kept_in_the_scanner_s_queue(enterprise: Template) -> None:
    (asynchronous,) = [
        config["Properties"]
        for config in enterprise.of_type("AWS::Lambda::EventInvokeConfig").values()
        if function_of(enterprise) in json.dumps(config["Properties"]["FunctionName"])
    ]
    assert asynchronous["MaximumRetryAttempts"] + 1 == MOST_ATTEMPTS
    kept = asynchronous["DestinationConfig"]["OnFailure"]["Destination"]
    assert enterprise.short(kept) == "MessagingScannerDeadLetters"


def test_its_package_is_small_and_has_the_scanner_with_its_terms_and_no_api(package: Path) -> None:
    packed = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert "picklescan/scanner.py" in packed
    assert [name for name in packed if name.endswith("dist-info/licenses/LICENSE")]
    assert not [name for name in packed if name.startswith("chalicelib/api/") or "__pycache__" in name]
    assert sum((package / name).stat().st_size for name in packed) < 8 * 1024 * 1024


def test_its_package_runs_by_itself(package: Path) -> None:
    """It loads the scanner out of its package, nothing that only the API needs, and is left without what it lacks."""
    module, _, name = HANDLER.rpartition(".")
    program = f"""
import importlib, pickle, sys
assert callable(getattr(importlib.import_module({module!r}), {name!r}))
from chalicelib.domain.scanning.source import Bytes
from chalicelib.registry.scanning.second_opinion import SECOND
import os
class Shell:
    def __reduce__(self): return os.system, ("true",)
print(SECOND.scan("model.pkl", Bytes(pickle.dumps(Shell()))).verdict)
import picklescan
assert picklescan.__file__.startswith({str(package)!r})
assert not {{"chalice", "pydantic", "cryptography"}} & set(sys.modules)
"""
    environment = os.environ | {"PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=package, env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("unsafe\n", "")


def test_a_scanner_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opinion_package, "PICKLESCAN", "no-such-scanner")
    with pytest.raises(MissingScanner, match=r"no-such-scanner, which is not installed.* make deploy"):
        stage_opinion_package(ROOT, tmp_path)
