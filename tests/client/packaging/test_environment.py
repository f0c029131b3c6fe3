"""Which environment a version is served in."""

from typing import Any

import pytest
from moorage import PackagingError
from moorage.packaging.environment import Environment, environment, lock_among
from moorage.packaging.requirements import Requirements

BASE = f"python:3.12-slim@sha256:{'a' * 64}"


def recorded(**runtime: Any) -> dict[str, Any]:
    return {"runtime": runtime}


def test_the_recorded_python_and_requirements_are_taken() -> None:
    found = environment("fraud/3", recorded(python="3.12.4", requirements=["numpy==2.4.6"]), None, None)
    assert found == Environment(
        "python:3.12.4-slim", Requirements("numpy==2.4.6\n", hashed=False), "provenance.runtime.requirements"
    )


def test_a_lock_among_the_files_wins_over_what_is_recorded() -> None:
    lock = ("requirements.lock", "numpy==2.0.0\n")
    found = environment("fraud/3", recorded(python="3.12.4", requirements=["numpy==2.4.6"]), lock, None)
    assert (found.requirements.text, found.origin) == ("numpy==2.0.0\n", "requirements.lock")


@pytest.mark.parametrize("provenance", [None, {}, recorded(), recorded(python="2.7"), {"runtime": "3.12"}])
def test_a_base_wins_over_the_python_that_is_recorded_or_not(provenance: dict[str, Any] | None) -> None:
    assert environment("fraud/3", provenance, None, BASE).base == BASE


@pytest.mark.parametrize("provenance", [None, {}, recorded(requirements=["numpy==2.4.6"])])
def test_without_a_python_and_a_base_it_is_refused(provenance: dict[str, Any] | None) -> None:
    with pytest.raises(PackagingError, match=r"fraud/3 does not record which Python it needs.*--base"):
        environment("fraud/3", provenance, None, None)


@pytest.mark.parametrize("python", ["3.10.4", "2.7", "pypy3.11", ["3.12"], "3.12.4 && true"])
def test_a_python_that_cannot_run_the_server_is_refused(python: Any) -> None:
    with pytest.raises(PackagingError, match=r"the server Python 3\.11 or newer"):
        environment("fraud/3", recorded(python=python), None, None)


def test_the_strongest_lock_counts() -> None:
    assert lock_among(["model.bin", "requirements.txt", "pylock.toml"]) == "pylock.toml"
    assert lock_among(["sub/pylock.toml", "model.bin"]) is None
