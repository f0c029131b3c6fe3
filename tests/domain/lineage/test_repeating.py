"""What is recorded to make a version again, and what is missing."""

from typing import Any

import pytest

from chalicelib.domain.lineage.repeating import Answer, Ingredient, recipe
from chalicelib.domain.models.model import Model
from tests.domain.build import ready, register

COMPLETE: dict[str, Any] = {
    "provenance": {
        "source": {"repository": "git", "commit": "abc"},
        "datasets": [{"name": "clicks", "digest": "d1"}],
        "runtime": {"python": "3.12.1", "requirements": ["numpy==2.1.0"]},
        "base_models": [{"name": "bert", "revision": "v1"}, {"model": "price", "version": 2}],
    },
    "parameters": {"depth": 4, "random_state": 7},
}


def ingredients(**description: Any) -> dict[str, Ingredient]:
    return {one.name: one for one in recipe(ready(Model("fraud"), **description)[1]).ingredients}


def with_provenance(**provenance: Any) -> dict[str, Ingredient]:
    return ingredients(provenance=provenance)


def test_a_version_of_which_all_is_recorded_can_be_made_again() -> None:
    found = recipe(ready(Model("fraud"), **COMPLETE)[1])
    assert found.complete
    assert all(not one.advice for one in found.ingredients)


def test_of_a_version_that_says_nothing_all_but_its_files_is_missing() -> None:
    found = ingredients()
    missing = [name for name, one in found.items() if one.answer is Answer.MISSING]
    assert missing == ["code", "data", "environment", "parameters", "seed"]
    assert all(one.advice for one in found.values() if one.answer is Answer.MISSING)


def test_a_version_without_its_files_has_nothing_to_compare_with() -> None:
    found = recipe(register(Model("fraud"), **COMPLETE)[1])
    assert not found.complete
    assert found.ingredients[-1].answer is Answer.MISSING


def test_data_that_is_only_named_is_recorded_in_part() -> None:
    found = with_provenance(datasets=[{"name": "clicks", "digest": "d1"}, {"name": "taps"}])["data"]
    assert (found.answer, found.found) == (Answer.PARTLY, "2 datasets, 1 by digest")
    assert "'taps'" in found.advice


@pytest.mark.parametrize(
    ("runtime", "answer"),
    [
        ({"image": "team/train@sha256:77"}, Answer.RECORDED),
        ({"image": "team/train:latest"}, Answer.PARTLY),
        ({"python": "3.12.1"}, Answer.PARTLY),
        ({"python": "3.12.1", "requirements": ["numpy>=2"]}, Answer.PARTLY),
        ({"python": "3.12.1", "requirements": ["numpy>=2; python_version=='3.12'"]}, Answer.PARTLY),
        ({"python": "3.12.1", "requirements": ["numpy==2.*"]}, Answer.PARTLY),
        ({"python": "3.12.1", "requirements": ["numpy==2.1.0 ; python_version>='3.12'"]}, Answer.RECORDED),
        ({"requirements": ["numpy==2.1.0"]}, Answer.PARTLY),
        ({"python": "3.12.1", "requirements": ["numpy==2.1.0", "ours @ https://example.com/a.whl"]}, Answer.RECORDED),
        ({}, Answer.MISSING),
    ],
)
def test_an_environment_is_recorded_when_it_is_pinned(runtime: dict[str, Any], answer: Answer) -> None:
    assert with_provenance(runtime=runtime)["environment"].answer is answer


def test_a_base_model_without_a_revision_is_recorded_in_part() -> None:
    assert with_provenance(base_models=[{"name": "bert"}])["base_models"].answer is Answer.PARTLY
    assert ingredients(metadata={"base_model": "bert"})["base_models"].answer is Answer.PARTLY
    assert ingredients()["base_models"].answer is Answer.RECORDED


def test_what_is_recorded_is_said_in_plain_words() -> None:
    runtime = {"python": "3.12.1", "requirements": ["numpy==2.1.0"]}
    one = ingredients(provenance={"base_models": [{"name": "bert"}], "runtime": runtime}, parameters={"depth": 4})
    said = [one[name].found for name in ("base_models", "environment", "parameters")]
    assert said == ["1 base model", "Python 3.12.1; 1 requirement", "1 parameter"]
    merged = ingredients(metadata={"base_model": ["org/one", "org/two"]})["base_models"]
    assert merged.found == "org/one, org/two, of no known revision"


@pytest.mark.parametrize("name", ["seed", "random_state", "model.random_seed"])
def test_a_seed_is_found_among_the_parameters(name: str) -> None:
    found = ingredients(parameters={name: 7})["seed"]
    assert (found.answer, found.found) == (Answer.RECORDED, f"{name} = 7")


def test_one_of_a_kind_is_told_in_the_singular_and_what_is_known_ends_without_a_mark() -> None:
    assert with_provenance(runtime={"python": "3.12.1"})["environment"].found == "Python 3.12.1"
    assert with_provenance(base_models=[{"name": "bert", "revision": "v1"}])["base_models"].found == "1 base model"
    assert ingredients(parameters={"depth": 3})["parameters"].found == "1 parameter"
