"""The Lambda package holds everything that the application imports, and nothing that is never loaded."""

import fcntl
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from chalice.cdk import Chalice

from infra.package import DEPLOYMENT, Application, missing, never_loaded, slim

# Packages in Lambda's runtime. botocore uses certifi if it is there; else it has its own certificates.
RUNTIME = {"boto3", "botocore", "certifi", "dateutil", "jmespath", "s3transfer", "six", "urllib3"}
# Imports every module of the application, and the packages that only single requests import. The package comes first.
PROGRAM = """
import json, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import app, chalicelib, boto3, cryptography.x509, jwt, markdown_it
import cryptography.hazmat.primitives.ciphers.aead
from importlib import import_module
for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    import_module(module.name)
files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
print(json.dumps({name: file for name, file in files.items() if file and "site-packages" in file}))
"""


def test_two_syntheses_of_one_source_do_not_package_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, output = tmp_path / "source", tmp_path / "output"
    source.mkdir()
    (source / "requirements.txt").write_text("")
    output.mkdir()
    refused: list[BlockingIOError] = []

    def package_app(_: Chalice) -> None:
        with (tmp_path / "packaging.lock").open("w") as other:
            try:
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                refused.append(error)
        with zipfile.ZipFile(output / DEPLOYMENT, "w") as packed:
            packed.writestr("app.py", "")

    monkeypatch.setattr(Chalice, "_package_app", package_app)
    application = object.__new__(Application)
    application.source_dir, application._sam_package_dir = str(source), str(output)
    for _ in range(2):  # the first gives the lock back
        application._package_app()
    assert len(refused) == 2


@pytest.fixture
def package(tried: Path, tmp_path: Path) -> Path:
    """The directory of the unpacked package."""
    zips = [path for path in tried.glob("asset.*.zip") if "app.py" in zipfile.ZipFile(path).namelist()]
    assert len(zips) == 1
    with zipfile.ZipFile(zips[0]) as packed:
        packed.extractall(tmp_path / "package")
    return tmp_path / "package"


def test_the_application_imports_from_the_package_and_the_runtime_alone(package: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(package)], cwd=package, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    elsewhere = {name.partition(".")[0].partition("_")[0] for name in json.loads(done.stdout)}
    assert elsewhere - {""} <= RUNTIME


def test_time_zones_are_in_the_package_where_the_system_has_none(package: Path) -> None:
    program = "import sys; sys.path.insert(0, sys.argv[1]); import zoneinfo; print(zoneinfo.ZoneInfo('Europe/Berlin'))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, str(package)],
        env={"PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "Europe/Berlin", done.stderr


def test_what_is_never_loaded_is_left_out(package: Path) -> None:
    names = [path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()]
    assert not [name for name in names if never_loaded(name)]
    assert (package / "pydantic" / "main.py").is_file()


def test_slimming_keeps_the_rest_as_it_is(tmp_path: Path) -> None:
    package = tmp_path / "deployment.zip"
    contents = {"app.py": b"app", "pydantic/main.py": b"kept" * 500, "b.so": bytes(range(256)) * 9}
    with zipfile.ZipFile(package, "w") as packed:
        for name, content in {**contents, "pydantic/v1/main.py": b"old", "a.pyi": b"", "c/py.typed": b""}.items():
            packed.writestr(name, content)
    slim(package)
    with zipfile.ZipFile(package) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == contents


def test_a_requirement_that_chalice_could_not_pack_is_named(tmp_path: Path) -> None:
    requirements = "# why\npydantic==2.14.3\npydantic-core==2.50.4  # compiled\nmarkdown-it-py==4.3.0\n\ncffi==2.1.1\n"
    package = tmp_path / "deployment.zip"
    with zipfile.ZipFile(package, "w") as packed:
        for folder in ("pydantic-2.14.3", "pydantic_core-2.50.3", "markdown_it_py-4.3.0"):
            packed.writestr(f"{folder}.dist-info/METADATA", "")
    assert missing(requirements, package) == ["pydantic-core==2.50.4", "cffi==2.1.1"]


def test_the_package_has_every_requirement(tried: Path) -> None:
    (package,) = [path for path in tried.glob("asset.*.zip") if "app.py" in zipfile.ZipFile(path).namelist()]
    assert missing((Path(__file__).resolve().parents[2] / "requirements.txt").read_text(), package) == []
