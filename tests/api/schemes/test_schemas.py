"""The published schema of schemes, and the page that documents them."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from chalicelib.api.schemes.schemas import SchemeBody, scheme_schema
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.schemes.conditions import VARIABLES, fault
from chalicelib.domain.schemes.gates import gate_from_document
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.rules import check_scheme
from tests.api.gateway import Caller
from tests.domain.schemes.documents import document

PAGE = (Path(__file__).parents[3] / "docs" / "schemes.md").read_text()
BODY = {key: value for key, value in document().items() if key != "name"}


def without_version(scheme: Any) -> dict[str, Any]:
    return {key: value for key, value in scheme.items() if key != "version"}


def test_every_built_in_scheme_has_the_published_form(nobody: Caller) -> None:
    schema = nobody.get("/v1/schemas/scheme.json").document
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for scheme in PRESETS.values():
        validator.validate(without_version(scheme))
        body = {key: value for key, value in without_version(scheme).items() if key != "name"}
        assert SchemeBody.model_validate(body).document(scheme["name"]) == without_version(scheme)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({**document(), "initial": 1})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(BODY)


def test_the_page_shows_the_variables_of_conditions() -> None:
    table = PAGE.partition("## Conditions")[2].partition("Functions:")[0]
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)) == VARIABLES


def test_the_page_shows_every_kind_of_gate_with_an_example_that_passes() -> None:
    table = PAGE.partition("## Gates")[2].partition("## Conditions")[0]
    shown = dict(re.findall(r"^\| `(\w+)` \|.*\| `({.*})` \|$", table, re.MULTILINE))
    kinds = scheme_schema()["$defs"]["TransitionBody"]["properties"]["gates"]["items"]["discriminator"]["mapping"]
    assert shown.keys() == kinds.keys()
    for kind, example in shown.items():
        gate = json.loads(example)
        assert gate["kind"] == kind
        assert gate_from_document(gate).name == gate["name"]
        stages = [{"name": "draft"}, {"name": "production", "exclusive": True}, {"name": "gone"}]
        given = document(stages=stages, transitions=[{"from": "draft", "to": "production", "gates": [gate]}])
        SchemeBody.model_validate({name: value for name, value in given.items() if name != "name"})
        check_scheme(given, fault)


def test_the_page_shows_a_scheme_that_passes() -> None:
    whole, *sections = map(json.loads, re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
    for section in ({}, *sections):
        shown = {**whole, **section}
        jsonschema.Draft202012Validator(scheme_schema()).validate(shown)
        check_scheme(shown, fault)


def test_the_page_names_every_built_in_scheme() -> None:
    table = PAGE.partition("## Built-in schemes")[2].partition("## Tiers")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(PRESETS)


@pytest.mark.parametrize(
    "gate",
    [
        {"kind": "better", "evaluation": "e", "metric": "auc"},
        {"kind": "better", "evaluation": "e", "metric": "auc", "stage": "live", "alias": "champion"},
        {"kind": "better", "evaluation": "e", "metric": "auc", "stage": "live", "by": 0.1, "margin": 0.1},
        {"kind": "better", "evaluation": "e", "metric": "auc", "stage": "live", "margin": 0},
        {"kind": "better", "evaluation": "e", "metric": "auc", "stage": "live", "level": 1},
        {"kind": "attestation", "predicate_type": "https://cyclonedx.org/bom", "builders": ["https://ci"]},
        {"kind": "attestation", "predicate_type": "https://cyclonedx.org/bom", "repositories": ["https://code"]},
        {"kind": "attestation", "signers": [""]},
        {"kind": "attestation", "builders": ["x"] * 21},
        {"kind": "fairness", "evaluation": "e", "rate": "accuracy"},
        {"kind": "fairness", "evaluation": "e", "rate": "luck", "max_gap": 0.1},
        {"kind": "fairness", "evaluation": "e", "rate": "accuracy", "min_ratio": 0.8, "if_uncertain": "pass"},
        {"kind": "fairness", "evaluation": "e", "rate": "accuracy", "max_gap": float("nan")},
        {"kind": "fairness", "evaluation": "e", "rate": "accuracy", "max_gap": 0.1, "min_n": 0},
        {"kind": "licenses"},
        {"kind": "licenses", "allow": ["Apache2.0"]},
        {"kind": "licenses", "review": ["MIT"]},
        {"kind": "licenses", "allow": ["MIT"], "check": "legal"},
        {"kind": "licenses", "if_absent": "review"},
        {"kind": "formats"},
        {"kind": "formats", "deny": ["Pickle"]},
        {"kind": "fresh", "max_age_days": 30},
        {"kind": "fresh", "evaluation": "e", "check": "c", "max_age_days": 30},
        {"kind": "fresh", "check": "c", "max_age_days": 30, "dataset": "may"},
        {"kind": "fresh", "check": "c"},
    ],
)
def test_a_gate_that_contradicts_itself_is_refused(gate: dict[str, object]) -> None:
    moves = [{"from": "draft", "to": "live", "gates": [{"name": "g", **gate}]}]
    given = {name: value for name, value in document(transitions=moves).items() if name != "name"}
    with pytest.raises(ValidationError):
        SchemeBody.model_validate(given)


def test_licences_of_a_gate_are_kept_as_spdx_writes_them() -> None:
    gate = {"name": "g", "kind": "licenses", "allow": ["mit", "gpl-*"]}
    given = {"from": "draft", "to": "live", "gates": [gate]}
    scheme = SchemeBody.model_validate({k: v for k, v in document(transitions=[given]).items() if k != "name"})
    assert scheme.document("own")["transitions"][0]["gates"][0]["allow"] == ["MIT", "gpl-*"]


def test_a_scheme_that_compares_evaluations_with_a_stage_it_lacks_is_refused() -> None:
    beats = {"name": "b", "kind": "better", "evaluation": "e", "metric": "auc", "stage": "nowhere"}
    with pytest.raises(InvalidInputError, match="there is no stage 'nowhere'"):
        check_scheme(document(transitions=[{"from": "draft", "to": "live", "gates": [beats]}]), fault)
