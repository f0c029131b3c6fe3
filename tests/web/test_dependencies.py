"""Every package of the web interface has its reason in docs/dependencies.md."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = json.loads((ROOT / "web" / "package.json").read_text())


def _named() -> set[str]:
    """The packages in the first column of the page's tables."""
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "dependencies.md").read_text(), flags=re.MULTILINE)
    return {name.strip() for row in rows for name in row.split(",")}


@pytest.mark.parametrize("kind", ["dependencies", "devDependencies"])
def test_a_package_has_a_line_that_says_why(kind: str) -> None:
    assert PACKAGES[kind].keys() - _named() == set()


def test_every_version_is_pinned() -> None:
    versions = [*PACKAGES["dependencies"].values(), *PACKAGES["devDependencies"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_the_lock_file_has_the_digest_of_every_package() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_lock_file_names_no_place_to_download_from() -> None:
    assert '"resolved"' not in (ROOT / "web" / "package-lock.json").read_text()
