"""The built package, installed alone."""

import json
import re
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from moorage.frameworks.catalogue import FRAMEWORKS

from chalicelib.aws.services import Services
from tests.client.loopback_registry import promoting, registry_on_loopback
from tests.client.wheel import CLIENT, Installed, build, install
from tests.conftest import ADMIN_TOKEN
from tests.docs_blocks import ALL, output_matches

TUTORIAL = "docs/tutorials/first-model.md"
# A framework is not part of the wheel, so what needs one is run where frameworks are installed.
LEFT_OUT = {"it needs a framework, with which tests/frameworks runs it"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(built[1], tmp_path_factory.mktemp("installed") / "environment")


def test_the_wheel_has_the_package_its_licence_and_its_types(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as wheel:
        names = wheel.namelist()
        (licence,) = [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
        assert b"Apache License" in wheel.read(licence)
    assert {"moorage/py.typed", "moorage/verify_audit_export.py", "moorage/aio/client.py"} <= set(names)
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"moorage"}


def test_the_licence_of_the_client_is_that_of_the_project() -> None:
    assert (CLIENT / "LICENSE").read_bytes() == (CLIENT.parent / "LICENSE").read_bytes()


def test_the_source_distribution_has_the_licence_and_the_changes(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"LICENSE", "CHANGELOG.md", "README.md", "pyproject.toml", "moorage/py.typed"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]


def test_the_changes_name_the_version(installed: Installed) -> None:
    version = installed.python("import moorage; print(moorage.__version__)").strip()
    assert f"## {version}" in (CLIENT / "CHANGELOG.md").read_text(encoding="utf-8")
    metadata = json.loads(
        installed.python("import importlib.metadata as m, json; print(json.dumps(m.metadata('moorage').json))")
    )
    assert (metadata["version"], metadata["license_expression"]) == (version, "Apache-2.0")


def test_importing_it_costs_no_other_package(installed: Installed) -> None:
    program = """
import sys
import sysconfig
import moorage
own = sysconfig.get_path("purelib")
print(*sorted({name.partition(".")[0] for name, module in sys.modules.items()
               if (getattr(module, "__file__", None) or "").startswith(own)}))
"""
    assert installed.python(program).split() == ["moorage"]


def test_importing_it_imports_neither_httpx_nor_any_framework(installed: Installed, tmp_path: Path) -> None:
    frameworks = {framework.package for framework in FRAMEWORKS if framework.package != "builtins"}
    for package in frameworks:
        (tmp_path / f"{package}.py").touch()
    names = {"httpx", *frameworks}
    program = f"""
import importlib.util, sys
import moorage
assert all(importlib.util.find_spec(name) for name in {names}), "a package that is not there is never imported"
print(*({names} & set(sys.modules)))
"""
    assert installed.python(program, PYTHONPATH=str(tmp_path)).split() == []


def test_it_needs_nothing_that_it_does_not_require(installed: Installed) -> None:
    program = """
import importlib, pkgutil, sys
import moorage
extras = {"moorage.mlflow_plugins", "moorage.sigv4"}
for module in pkgutil.walk_packages(moorage.__path__, "moorage."):
    if module.name not in extras:
        importlib.import_module(module.name)
from moorage import *
print(Client.__name__, AsyncClient.__name__)
"""
    assert installed.python(program).split() == ["Client", "AsyncClient"]


def test_every_command_shows_its_help(installed: Installed) -> None:
    program = """
import click
from click.testing import CliRunner
from moorage.cli.main import main

def commands(group, path=()):
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)

for path in commands(main):
    shown = CliRunner().invoke(main, [*path, "--help"])
    assert shown.exit_code == 0 and shown.stdout.startswith("Usage: "), path
    print(" ".join(path))
"""
    shown = installed.python(program).splitlines()
    assert {"register", "models list", "audit export"} <= set(shown)
    assert installed.run("moorage", "--help").startswith("Usage: moorage")


def test_the_readme_of_the_package_does_what_it_says(installed: Installed, registry: Services, tmp_path: Path) -> None:
    (tmp_path / "build" / "model").mkdir(parents=True)
    (tmp_path / "build" / "model" / "model.bin").write_bytes(b"weights")
    blocks = [block for block in ALL if block.page == "client/README.md" and block.runs]
    assert {block.language for block in blocks} == {"python", "sh"}
    with registry_on_loopback(registry) as url:
        reader = {"MOORAGE_URL": url, "MOORAGE_TOKEN": ADMIN_TOKEN}
        for block in blocks:
            command = ("python", "-c") if block.language == "python" else ("sh", "-e", "-c")
            installed.run(*command, block.text, cwd=tmp_path, **reader)
        shown = json.loads(installed.run("moorage", "show", "fraud@champion", "--json", **reader))
        installed.run("moorage", "audit", "export", "--model", "fraud", "audit", cwd=tmp_path, **reader)
    assert (shown["number"], shown["metrics"]) == (2, {"auc": 0.97})
    assert (tmp_path / "serving" / "model" / "model.bin").read_bytes() == b"weights"
    assert "\nintact: 1 ledgers" in installed.run("moorage-verify", str(tmp_path / "audit"))


def test_the_tutorial_does_what_it_says(installed: Installed, registry: Services, tmp_path: Path) -> None:
    blocks = [block for block in ALL if block.page == TUTORIAL]
    session = [block for block in blocks if block.language == "python" and block.reason not in LEFT_OUT]
    assert session and all(block.runs for block in session)
    commands = [block for block in blocks if block.language == "sh" and block.runs]
    # As for a reader, who stays in one session of Python. What each block prints ends with a line of its own.
    program = "".join(f"{block.text}\nprint('--')\n" for block in session)
    with registry_on_loopback(registry, promoting(registry)) as url:
        reader = {"MOORAGE_URL": url, "MOORAGE_TOKEN": ADMIN_TOKEN}
        for block in (one for one in commands if one.line < session[0].line):
            installed.run("sh", "-e", "-c", block.text, cwd=tmp_path, **reader)
        printed = installed.python(program, cwd=tmp_path, **reader).split("--\n")
        for block in (one for one in commands if one.line > session[0].line):
            installed.run("sh", "-e", "-c", block.text, cwd=tmp_path, **reader)
    for block, text in zip(session, printed[:-1], strict=True):
        assert block.output is None or output_matches(block.output, text), f"{block} prints:\n{text}"


def test_the_verifier_is_a_command_and_a_file_that_runs_alone(installed: Installed, tmp_path: Path) -> None:
    assert installed.run("moorage-verify", "--help").startswith("usage: moorage-verify")
    (tmp_path / "empty").mkdir()
    installed.run("moorage-verify", str(tmp_path / "empty"), code=2)
    shutil.copy(CLIENT / "moorage" / "verify_audit_export.py", tmp_path)
    alone = installed.run("python", "-I", "-S", str(tmp_path / "verify_audit_export.py"), "--help")
    assert alone.startswith("usage: verify_audit_export.py")


def test_an_extra_that_is_missing_is_named(installed: Installed) -> None:
    program = """
from moorage import AsyncClient, Listing
for call in (lambda: AsyncClient("https://registry.example", "token"), lambda: Listing(str, iter("a")).to_pandas()):
    try:
        call()
    except ImportError as error:
        print(error)
"""
    assert installed.python(program).splitlines() == [
        "AsyncClient needs greenlet: pip install 'moorage[async]'",
        "a table needs pandas: pip install 'moorage[pandas]'",
    ]


def test_every_extra_that_the_code_names_is_declared(installed: Installed) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (CLIENT / "moorage").rglob("*.py"))
    named = set(re.findall(r'need\("[\w.]+", "(\w+)"', sources))
    program = "import importlib.metadata as m; print(*m.metadata('moorage').get_all('Provides-Extra'))"
    assert named == {"async", "pandas", "plot", "signing"}
    assert named <= set(installed.python(program).split())
