"""The API reaches use cases as attributes of packages, which import a module when it is first used."""

import re
from importlib import import_module
from pathlib import Path

import pytest

API = Path(__file__).parents[2] / "chalicelib" / "api"
SOURCES = [path.read_text(encoding="utf-8") for path in API.rglob("*.py")]
REACHED = sorted({name for source in SOURCES for name in re.findall(r"\bregistry\.([a-z_]+\.[a-z_]+)\.", source)})


@pytest.mark.parametrize("name", REACHED)
def test_a_use_case_that_the_api_reaches_is_named_by_its_package(name: str) -> None:
    package, module = name.split(".")
    assert module in import_module(f"chalicelib.registry.{package}").__all__
