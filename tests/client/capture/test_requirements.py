"""Which modules a model needs, and which packages have them."""

import json
import threading
from importlib.metadata import version
from typing import Any

import httpx
import pytest
from moorage.capture.imports import modules_of
from moorage.capture.requirements import pin

from tests.client.frameworks.objects import of_class

HERE = __name__


class Model:
    def __init__(self, **parts: Any) -> None:
        self.parts = parts


class Heavy:
    """Something with the looks of an array, whose data must not be read."""

    shape = (10**9,)
    dtype = "float64"
    read = False

    def __reduce__(self) -> tuple[Any, ...]:
        Heavy.read = True
        return Heavy, ()


def parsed(text: str) -> httpx.URL:
    return httpx.URL(text)


def late() -> object:
    import moto

    return moto


def indirect(text: str) -> object:
    return [parsed(one) for one in (text,)]


def test_the_modules_of_everything_in_a_model_are_found() -> None:
    model = Model(options=[{"timeout": httpx.Timeout(1)}])
    assert {module.partition(".")[0] for module in modules_of(model)} == {"tests", "httpx"}


def test_the_standard_library_is_no_module_that_is_looked_for() -> None:
    assert modules_of([json, {"a": 1}, threading.Thread]) == set()


def test_what_an_array_holds_is_not_read() -> None:
    assert modules_of(Model(weights=Heavy())) == {HERE}
    assert not Heavy.read


def test_what_cannot_be_pickled_is_known_by_its_classes() -> None:
    model = Model(lock=threading.Lock(), timeout=httpx.Timeout(1))
    assert HERE in modules_of(model)


@pytest.mark.parametrize("function", [parsed, indirect])
def test_a_function_needs_the_modules_of_what_it_uses(function: object) -> None:
    assert {module.partition(".")[0] for module in modules_of(function)} == {"tests", "httpx"}


def test_a_function_needs_what_it_imports_when_it_runs() -> None:
    assert "moto" in modules_of(late)


def test_the_requirements_name_the_packages_and_their_versions_only() -> None:
    found = pin({"httpx._config", "yaml", "pydantic"})
    assert found.pinned == (
        f"httpx=={version('httpx')}",
        f"pydantic=={version('pydantic')}",
        f"PyYAML=={version('pyyaml')}",
    )
    assert found.unpackaged == ()


def test_modules_of_no_package_are_told() -> None:
    assert pin({HERE, "features.clean"}).unpackaged == ("features.clean", HERE)


def test_packages_that_share_a_namespace_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    owners = {"httpx": ["httpx", "pyyaml"], "shared": ["httpx", "pyyaml"]}
    monkeypatch.setattr("moorage.capture.requirements.packages_distributions", lambda: owners)
    assert pin({"httpx._config"}).pinned == (f"httpx=={version('httpx')}",)
    # Neither says that it has this module, so both are named.
    assert len(pin({"shared.unknown"}).pinned) == 2


def test_an_object_whose_class_is_made_up_is_no_error() -> None:
    assert "sklearn.base" in modules_of(of_class("ours.Model", "sklearn.base.BaseEstimator"))
