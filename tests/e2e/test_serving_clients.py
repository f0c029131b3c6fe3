"""Unmodified clients of other systems load models from the deployed registry, and storage never sees a token.

Each runs in a process of its own, and knows the registry's address and a token.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.serving.recorder import DOMAIN, REGISTRY, Recorder, recording
from tests.e2e.stack import Stack, release_files

PROGRAMS = Path(__file__).parent / "serving" / "programs"
PYTHON = Path(__file__).parents[2] / ".local" / "serving-clients" / "bin" / "python"


@dataclass(frozen=True)
class Serving:
    """A model that is served by its alias ``champion``, and a token that may read and download only it."""

    model: str
    token: str
    files: Mapping[str, bytes]

    @property
    def digests(self) -> dict[str, str]:
        return {path: hashlib.sha256(content).hexdigest() for path, content in self.files.items()}


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The files of a tiny language model, and some that a model may have besides."""
    directory = tmp_path_factory.mktemp("model")
    _run("make_model.py", str(directory), cwd=directory)
    files = {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}
    return files | {"onnx/weights.bin": os.urandom(300_000), "README.md": b"# Tiny\n"}


@pytest.fixture(scope="module")
def serving(stack: Stack, tiny_model: Mapping[str, bytes]) -> Serving:
    name = stack.fresh_name("served")
    with stack.http() as http:
        assert http.post("/v1/models", json={"name": name}).status_code == 201
        number = release_files(http, name, tiny_model)
        assert http.put(f"/v1/models/{name}/aliases/champion", json={"version": number}).status_code == 200
        grants = [{"role": "consumer", "models": name}]
        made = http.post("/v1/tokens", json={"name": name, "grants": grants})
        assert made.status_code == 201, made.text
        return Serving(name, made.json()["token"], tiny_model)


@pytest.fixture
def recorder(stack: Stack, serving: Serving) -> Iterator[Recorder]:
    with recording(stack.url) as recorder:
        yield recorder
        # Whatever a test did: the storage was asked, and saw neither the token nor any other credential in a header.
        assert recorder.to_storage
        for exchange in recorder.to_storage:
            assert "authorization" not in exchange.headers and "cookie" not in exchange.headers
            assert serving.token not in f"{exchange.url} {exchange.headers}"


@pytest.fixture
def hub(recorder: Recorder, serving: Serving, tmp_path: Path) -> dict[str, str]:
    """The environment of a client of the Hub."""
    return recorder.environment | {
        "HF_ENDPOINT": f"{REGISTRY}/hf",
        "HF_TOKEN": serving.token,
        "HF_HOME": str(tmp_path / "hub"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }


def test_huggingface_hub_loads_a_snapshot_and_meets_the_errors_that_it_knows(
    serving: Serving, recorder: Recorder, hub: dict[str, str], tmp_path: Path
) -> None:
    repository = f"moorage/{serving.model}"
    found = _run("hub.py", repository, "champion", "moorage/somebody-elses", cwd=tmp_path, variables=hub)
    assert found["files"] == serving.digests
    assert found["same"] and found["pinned"]
    assert found["sizes"] == {path: len(content) for path, content in serving.files.items()}
    assert sorted(found["listed"]) == sorted(serving.files)
    assert found["errors"] == [True] * 4
    # The second snapshot fetched nothing again.
    assert len(recorder.to_storage) == len(serving.files)


def test_hf_download_fills_a_directory(
    serving: Serving, recorder: Recorder, hub: dict[str, str], tmp_path: Path
) -> None:
    command = [str(PYTHON.with_name("hf")), "download", f"moorage/{serving.model}", "--revision", "champion"]
    _printed([*command, "--local-dir", "got"], tmp_path, hub)
    got = {path: (tmp_path / "got" / path).read_bytes() for path in serving.files}
    assert got == serving.files


def test_transformers_loads_the_model_by_its_alias(
    serving: Serving, recorder: Recorder, hub: dict[str, str], tmp_path: Path
) -> None:
    found = _run("tiny_transformer.py", f"moorage/{serving.model}", "champion", cwd=tmp_path, variables=hub)
    assert (found["kind"], found["hidden"], found["tokens"]) == ("bert", 8, [4, 3, 0])
    assert found["sum"] > 0


def test_kserve_loads_a_model_by_hf(serving: Serving, recorder: Recorder, hub: dict[str, str], tmp_path: Path) -> None:
    uri = f"hf://moorage/{serving.model}:champion"
    found = _run("kserve_storage_initializer.py", uri, str(tmp_path / "got"), cwd=tmp_path, variables=hub)
    assert found == serving.digests


def test_kserve_loads_a_file_over_http(serving: Serving, recorder: Recorder, tmp_path: Path) -> None:
    uri = f"{REGISTRY}/v1/models/{serving.model}/versions/@champion/files/onnx/weights.bin"
    variables = recorder.environment | {
        f"{DOMAIN}-headers": json.dumps({"Authorization": f"Bearer {serving.token}"}),
    }
    found = _run("kserve_storage_initializer.py", uri, str(tmp_path / "got"), cwd=tmp_path, variables=variables)
    assert found == {"weights.bin": serving.digests["onnx/weights.bin"]}


def test_oras_pulls_a_version_as_an_artifact(serving: Serving, recorder: Recorder, tmp_path: Path) -> None:
    variables = recorder.environment | {"ORAS_USER": "moorage", "ORAS_PASS": serving.token}
    where = (DOMAIN, f"moorage/{serving.model}")
    for tag in ("champion", "1"):
        found = _run("oras_pull.py", *where, tag, str(tmp_path / tag), cwd=tmp_path, variables=variables)
        assert found["files"] == serving.digests
        assert found["tags"] == ["1", "champion"]


def test_curl_saves_a_file_under_its_name_and_shows_its_size(
    serving: Serving, recorder: Recorder, tmp_path: Path
) -> None:
    # Of a pinned version, MiniStack sends all bytes and its own headers, whatever the URL asks for: see tests/api.
    url = f"{REGISTRY}/v1/models/{serving.model}/versions/@champion/files/onnx/weights.bin"
    curl = ["curl", "-sSLf", "-H", f"Authorization: Bearer {serving.token}", url]
    content = serving.files["onnx/weights.bin"]
    _printed([*curl, "-O"], tmp_path, recorder.environment)
    assert (tmp_path / "weights.bin").read_bytes() == content
    headers = _printed([*curl, "-I"], tmp_path, recorder.environment)
    assert f"content-length: {len(content)}" in headers.lower()


def test_somebody_without_a_token_is_asked_for_one(stack: Stack, tmp_path: Path) -> None:
    with recording(stack.url) as recorder:
        headers = _printed(["curl", "-sSI", f"{REGISTRY}/v2/"], tmp_path, recorder.environment)
    assert headers.splitlines()[0].split()[1] == "401"
    assert 'www-authenticate: basic realm="moorage"' in headers.lower()


def _run(program: str, *arguments: str, cwd: Path, variables: Mapping[str, str] | None = None) -> Any:
    """The document that a program printed last; none if it printed nothing. It runs with unmodified clients."""
    assert PYTHON.exists(), f"{PYTHON.parts[-3]} is not installed: run make e2e"
    printed = _printed([str(PYTHON), str(PROGRAMS / program), *arguments], cwd, variables or {})
    return json.loads(printed.rstrip().rpartition("\n")[2] or "null")


def _printed(command: list[str], cwd: Path, variables: Mapping[str, str]) -> str:
    """What a command printed that ended well, knowing only what ``variables`` tell it."""
    foreign = ("AWS_", "HF_", "MOORAGE_", "ORAS_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    clean = {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        command, cwd=cwd, env=clean | dict(variables), capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-8000:]}"
    return done.stdout
