"""The environments of the frameworks have what the client requires, which they do not install."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.docs_blocks import ROOT


@pytest.mark.parametrize("libraries", ["light", "torch"])
def test_an_environment_has_what_the_client_requires(libraries: str) -> None:
    project = tomllib.loads((ROOT / "client" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "tests" / "frameworks" / f"{libraries}.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w-]+)==([\w.]+)", lock, re.M))
    required = [Requirement(line) for line in project["dependencies"]]
    assert [str(one) for one in required if not one.specifier.contains(pinned.get(one.name, "0"))] == []
