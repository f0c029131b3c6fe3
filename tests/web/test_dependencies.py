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


def test_the_build_imports_only_packages_that_are_installed_for_it() -> None:
    web = ROOT / "web"
    sources = [web / "vite.config.ts", web / "plugins.ts", *(web / "src").rglob("*.ts"), *(web / "src").rglob("*.tsx")]
    imported = {
        _package(name)
        for source in sources
        if ".test." not in source.name
        for name in re.findall(r'^(?:import(?! type)|} from)\b[^"\n]*"([^".][^"]*)"', source.read_text(), re.MULTILINE)
        if not name.startswith("node:")
    }
    assert "vite" in imported
    assert imported - PACKAGES["dependencies"].keys() == set()


def _package(name: str) -> str:
    """The package of an imported module: ``@scope/name/part`` belongs to ``@scope/name``."""
    return "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
