"""``Client.package``: what is written, refused, and served from it."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from moorage import (
    Client,
    IncompatibleModelError,
    IntegrityError,
    LocalFilesError,
    NotFoundError,
    PackagingError,
    UntrustedModelError,
)
from moorage.cli.main import main
from moorage.frameworks.descriptor import Descriptor
from moorage.serving.bundle import Bundle

from chalicelib.aws.services import Services
from tests.client import lines
from tests.client.lines import Line
from tests.client.loopback_registry import registry_on_loopback
from tests.conftest import ADMIN_TOKEN

BASE = f"python:3.12-slim@sha256:{'a' * 64}"
ALLOWED = ["source:fraud/1"]


def doubled(amount: float) -> float:
    return amount * 2


@pytest.fixture
def logged(client: Client) -> Client:
    """A client of a registry whose ``fraud/1`` is a function, and the champion."""
    client.log(doubled, "fraud", label="1.4.0", provenance={"source": {"repository": "git@example:f", "commit": "9f2"}})
    client.aliases.set("fraud", "champion", 1)
    return client


def tree(directory: Path) -> dict[str, tuple[str, int, int]]:
    """The digest, the time and the rights of each file and directory."""
    return {
        path.relative_to(directory).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in sorted(directory.rglob("*"))
    }


def test_the_same_version_gives_the_same_bytes(logged: Client, tmp_path: Path) -> None:
    logged.package("fraud@champion", tmp_path / "one", base=BASE, allow=ALLOWED)
    # What may change about a version is not in the package.
    logged.versions.update("fraud", 1, description="reviewed", tags={"reviewed": "yes"})
    logged.versions.transition("fraud", 1, "staging")
    (tmp_path / "two").mkdir(mode=0o700)
    logged.package("fraud/1", tmp_path / "two", base=BASE, allow=ALLOWED)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert {time for _, time, _ in tree(tmp_path / "one").values()} == {315_532_800 * 10**9}


def test_it_has_the_model_its_environment_and_its_labels(logged: Client, tmp_path: Path) -> None:
    package = logged.package("fraud@champion", tmp_path / "image", base=BASE, allow=ALLOWED)
    version = logged.versions.get("fraud", 1)
    assert (package.model, package.version, package.digest, package.base) == ("fraud", 1, version.digest, BASE)
    assert {"Dockerfile", "requirements.txt", "package.json", "model/function.py"} <= set(package.files)
    assert sorted(path for path, (digest, *_) in tree(tmp_path / "image").items() if digest) == list(package.files)
    bundle = Bundle.read(tmp_path / "image" / "package.json")
    assert (bundle.signature, bundle.allow, bundle.digest) == (version.signature, ("source:fraud/1",), version.digest)
    assert [file.path for file in bundle.files] == ["function.py", "moorage.json"]
    dockerfile = (tmp_path / "image" / "Dockerfile").read_text()
    for label in ('version="1.4.0"', 'source="git@example:f"', 'revision="9f2"', f'MOORAGE_DIGEST="{version.digest}"'):
        assert label in dockerfile


@pytest.mark.parametrize("permissions", [[], ["source:spam"], ["pickle:fraud/1"], ["source:fraud/2"]])
def test_a_format_that_runs_code_is_refused_unless_it_is_allowed_by_name(
    logged: Client, tmp_path: Path, permissions: list[str]
) -> None:
    with pytest.raises(UntrustedModelError, match=r"allow=\['source:fraud/1'\]"):
        logged.package("fraud/1", tmp_path / "image", allow=permissions)
    assert list(tmp_path.glob("*image*")) == []


def test_permissions_are_a_list(logged: Client, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="allow is a list of permissions"):
        logged.package("fraud/1", tmp_path / "image", allow="source:fraud/1")
    with pytest.raises(ValueError, match="allow is a list of permissions"):
        logged.serve("fraud/1", port=0, allow="source:fraud/1")


def test_types_of_skops_are_refused_unless_they_are_trusted(client: Client, tmp_path: Path) -> None:
    saved = of("scikit_learn", "skops", untrusted_types=["ours.Scorer"])
    register(client, tmp_path, saved)
    with pytest.raises(UntrustedModelError, match=r"trust=\['ours.Scorer'\]"):
        client.package("fraud/1", tmp_path / "image")
    client.package("fraud/1", tmp_path / "image", trust=["ours.Scorer"])
    assert Bundle.read(tmp_path / "image" / "package.json").trust == ("ours.Scorer",)


def of(saver: str, saved_as: str, **details: Any) -> Descriptor:
    return Descriptor(saver, saved_as, "model.bin", "ours.Model", {}, (), details)


PYTHON = {"runtime": {"python": "3.12.4"}}


def register(
    client: Client, tmp_path: Path, saved: Descriptor, more: dict[str, str] | None = None, **content: Any
) -> None:
    directory = tmp_path / "build"
    directory.mkdir()
    saved.write(directory)
    for path, text in {"model.bin": "weights", **(more or {})}.items():
        (directory / path).write_text(text)
    client.register("fraud", directory, **{"provenance": PYTHON, **content})


@pytest.mark.parametrize(
    "saved", [of("pytorch", "safetensors"), of("transformers", "pretrained", **{"class": "BertModel"})]
)
def test_weights_without_their_code_are_refused(client: Client, tmp_path: Path, saved: Descriptor) -> None:
    register(client, tmp_path, saved)
    with pytest.raises(PackagingError, match=r"fraud/1 is the weights of a ours\.Model"):
        client.package("fraud/1", tmp_path / "image")


def test_a_version_that_was_not_logged_is_refused(client: Client, build: Path, tmp_path: Path) -> None:
    client.register("fraud", build)
    with pytest.raises(IncompatibleModelError, match=r"fraud/1 has no moorage\.json"):
        client.package("fraud/1", tmp_path / "image")


def test_an_environment_that_is_not_known_is_refused(client: Client, tmp_path: Path) -> None:
    register(client, tmp_path, of("lightgbm", "text"), provenance={})
    with pytest.raises(PackagingError, match="does not record which Python"):
        client.package("fraud/1", tmp_path / "image")
    assert client.package("fraud/1", tmp_path / "image", base=BASE).environment == "provenance.runtime.requirements"


def test_a_lock_among_the_files_is_what_is_installed(client: Client, tmp_path: Path) -> None:
    lock = f"numpy==2.4.6 --hash=sha256:{'a' * 64}\n"
    register(client, tmp_path, of("lightgbm", "text"), {"requirements.txt": "numpy==1.0\n", "requirements.lock": lock})
    package = client.package("fraud/1", tmp_path / "image")
    assert (package.environment, package.hashed) == ("requirements.lock", True)
    assert (tmp_path / "image" / "requirements.txt").read_text() == lock
    with pytest.raises(PackagingError, match="for some requirements only"):
        client.package("fraud/1", tmp_path / "other", requirements=["pandas==3.1.1"])


def test_requirements_can_be_added(client: Client, tmp_path: Path) -> None:
    register(client, tmp_path, of("lightgbm", "text"), {"requirements.txt": "lightgbm==4.7.0\n"})
    client.package("fraud/1", tmp_path / "image", requirements=["pandas==3.1.1"])
    assert (tmp_path / "image" / "requirements.txt").read_text() == "lightgbm==4.7.0\npandas==3.1.1\n"


def test_a_directory_with_files_is_left_alone(logged: Client, tmp_path: Path) -> None:
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "secret.env").write_text("x")
    with pytest.raises(LocalFilesError, match="is not empty"):
        logged.package("fraud/1", tmp_path / "image", allow=ALLOWED)
    assert [path.name for path in (tmp_path / "image").iterdir()] == ["secret.env"]


def test_tampered_bytes_are_refused_and_nothing_is_written(logged: Client, tmp_path: Path, storage: Line) -> None:
    storage.disturb(lines.tampered, times=100)
    with pytest.raises(IntegrityError):
        logged.package("fraud/1", tmp_path / "image", allow=ALLOWED)
    assert list(tmp_path.glob("*image*")) == []


def test_a_failure_in_the_middle_leaves_nothing_behind(
    logged: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("moorage.packaging.context._copy_model", interrupted)
    with pytest.raises(KeyboardInterrupt):
        logged.package("fraud/1", tmp_path / "to" / "image", allow=ALLOWED)
    assert list((tmp_path / "to").iterdir()) == []


def test_a_file_that_the_registry_does_not_store_is_refused(client: Client, tmp_path: Path, api: Line) -> None:
    register(client, tmp_path, of("lightgbm", "text"))

    def referring(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        document = forward(request).json()
        document["items"][0]["uri"] = "s3://elsewhere/model.bin"
        return httpx.Response(200, json={**document, "digest": None})

    api.disturb(referring, lambda request: request.url.path.endswith("/artifacts"))
    with pytest.raises(PackagingError, match=r"refers to files that the registry does not store, such as model\.bin"):
        client.package("fraud/1", tmp_path / "image")


def test_a_version_that_is_not_there_is_an_error(logged: Client, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        logged.package("fraud/7", tmp_path / "image")


@contextmanager
def started(package: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The package's own server in a Python that has nothing but the standard library, and its URL."""
    # -S: without site-packages. PYTHONPATH is the package alone, as in the image.
    command = [sys.executable, "-S", "-m", "moorage.serving", "serve", "--host", "127.0.0.1", "--port", "0"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(package), **variables}
    with subprocess.Popen(command, cwd=package, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            yield server, server.stderr.readline().rpartition(" on ")[2].strip()
        finally:
            server.terminate()


def test_the_package_serves_with_nothing_but_the_standard_library(logged: Client, tmp_path: Path) -> None:
    package = logged.package("fraud/1", tmp_path / "image", allow=ALLOWED)
    with started(tmp_path / "image") as (server, url), httpx.Client(base_url=url, trust_env=False) as http:
        assert http.get("/ping").status_code == 200
        answered = http.post("/invocations", json={"dataframe_records": [{"amount": 2}]})
        assert answered.json() == {"predictions": [4.0]}
        assert (answered.headers["Moorage-Version"], answered.headers["Moorage-Digest"]) == ("1", package.digest)
        refused = http.post("/invocations", json={"dataframe_records": [{"amount": "two"}]})
        assert refused.status_code == 400 and "column 'amount', row 0" in refused.json()["message"]
        server.terminate()
        assert server.wait(30) == 0


@pytest.mark.parametrize("change", ["model/function.py", "model/moorage.json"])
def test_the_package_refuses_to_serve_bytes_that_were_changed(logged: Client, tmp_path: Path, change: str) -> None:
    logged.package("fraud/1", tmp_path / "image", allow=ALLOWED)
    with (tmp_path / "image" / change).open("a") as file:
        file.write(" ")
    with started(tmp_path / "image") as (server, said):
        assert "does not have the bytes that were registered as fraud/1" in said
        assert server.wait(30) == 1


def test_files_that_nobody_registered_are_refused_too(logged: Client, tmp_path: Path) -> None:
    logged.package("fraud/1", tmp_path / "image", allow=ALLOWED)
    (tmp_path / "image" / "model" / "more").mkdir()
    (tmp_path / "image" / "model" / "more" / "adapter.json").write_text("{}")
    with started(tmp_path / "image") as (server, said):
        assert "has the file more/adapter.json, which fraud/1 does not have" in said
        assert server.wait(30) == 1


def test_files_that_were_downloaded_are_served(logged: Client, tmp_path: Path) -> None:
    logged.package("fraud/1", tmp_path / "image", allow=ALLOWED)
    logged.download("fraud", 1, tmp_path / "mounted")
    with started(tmp_path / "image", MOORAGE_MODEL=str(tmp_path / "mounted")) as (_, url):
        assert httpx.get(f"{url}/health", trust_env=False).json()["version"] == 1


def test_a_server_that_is_not_started_in_a_package_says_so(logged: Client, tmp_path: Path) -> None:
    logged.package("fraud/1", tmp_path / "image", allow=ALLOWED)
    (tmp_path / "image" / "package.json").unlink()
    with started(tmp_path / "image") as (server, said):
        assert "there is no package.json: run this in the directory" in said and server.wait(30) == 1


def test_the_models_files_may_be_mounted_elsewhere(logged: Client, tmp_path: Path) -> None:
    logged.package("fraud/1", tmp_path / "image", allow=ALLOWED)
    (tmp_path / "image" / "model").rename(tmp_path / "mounted")
    with started(tmp_path / "image") as (server, said):
        assert "lacks its file function.py" in said and server.wait(30) == 1
    with started(tmp_path / "image", MOORAGE_MODEL=str(tmp_path / "mounted")) as (_, url):
        assert httpx.get(f"{url}/health", trust_env=False).json()["version"] == 1


def download(package: Path, url: str, token: str = ADMIN_TOKEN) -> subprocess.CompletedProcess[str]:
    """The step of the image's build that downloads the model."""
    (package.parent / "token").write_text(f"{token}\n")
    command = [sys.executable, "-S", "-m", "moorage.serving.download_step", "--token-file", package.parent / "token"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(package), "MOORAGE_URL": url}
    return subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, check=False)


def test_the_images_build_downloads_the_model_and_checks_its_digests(
    logged: Client, registry: Services, tmp_path: Path, storage: Line
) -> None:
    storage.calm()
    package = logged.package("fraud/1", tmp_path / "image", download=True, allow=ALLOWED)
    # Only what tells how to package it was downloaded.
    assert len(storage.requests) == 1 and not [path for path in package.files if path.startswith("model/")]
    with registry_on_loopback(registry) as url:
        done = download(tmp_path / "image", url)
        assert (done.returncode, done.stderr) == (0, "")
        with started(tmp_path / "image") as (_, served):
            assert httpx.get(f"{served}/health", trust_env=False).json()["digest"] == package.digest
        document = json.loads((tmp_path / "image" / "package.json").read_text())
        document["files"][0]["sha256"] = "0" * 64
        (tmp_path / "image" / "package.json").write_text(json.dumps(document))
        tampered = download(tmp_path / "image", url)
        assert tampered.returncode == 1 and "function.py does not have the bytes of fraud/1" in tampered.stderr
        refused = download(tmp_path / "image", url, token="wrong")
        assert refused.returncode == 1 and "answered 401 Unauthorized" in refused.stderr
    away = download(tmp_path / "image", url)
    assert away.returncode == 1 and "127.0.0.1 does not answer" in away.stderr
    bare = download(tmp_path / "image", "http://registry.example.com")
    assert bare.returncode == 1 and "would send the token unencrypted" in bare.stderr


def test_a_path_that_leads_out_of_the_image_is_not_downloaded(
    logged: Client, registry: Services, tmp_path: Path
) -> None:
    logged.package("fraud/1", tmp_path / "image", download=True, allow=ALLOWED)
    document = json.loads((tmp_path / "image" / "package.json").read_text())
    document["files"][0]["path"] = "../../stolen"
    (tmp_path / "image" / "package.json").write_text(json.dumps(document))
    with registry_on_loopback(registry) as url:
        done = download(tmp_path / "image", url)
    assert done.returncode == 1 and "leads out of model" in done.stderr and not (tmp_path / "stolen").exists()


def test_the_command_says_what_is_not_pinned(logged: Client, connect: Any, tmp_path: Path) -> None:
    words = ["package", "fraud@champion", str(tmp_path / "image"), "--allow", "source:fraud/1"]
    ran = CliRunner().invoke(main, words, obj=connect)
    assert ran.exit_code == 0, ran.output
    assert "fraud/1: " in ran.stdout and "to build from in" in ran.stdout
    # A function of the standard library requires nothing.
    assert "may name another image tomorrow" in ran.stderr and "has no hashes" not in ran.stderr
    ran = CliRunner().invoke(
        main, [*words[:2], str(tmp_path / "two"), *words[3:], "--base", BASE, "--json"], obj=connect
    )
    assert json.loads(ran.stdout)["base"] == BASE and "tomorrow" not in ran.stderr
    assert CliRunner().invoke(main, words, obj=connect).exit_code == 5


def test_the_command_says_that_requirements_have_no_hashes(client: Client, connect: Any, tmp_path: Path) -> None:
    register(client, tmp_path, of("lightgbm", "text"), {"requirements.txt": "lightgbm==4.7.0\n"})
    ran = CliRunner().invoke(main, ["package", "fraud/1", str(tmp_path / "image")], obj=connect)
    assert ran.exit_code == 0 and "requirements.txt has no hashes" in ran.stderr
