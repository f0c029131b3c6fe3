"""OpenLineage's own client, unmodified, tells the deployed registry of a run, and reads what it exports."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.stack import Stack, release

PROGRAMS = Path(__file__).parent / "serving" / "programs"
PYTHON = Path(__file__).parents[2] / ".local" / "serving-clients" / "bin" / "python"


def program(name: str, *arguments: str, directory: Path, given: str = "", **variables: str) -> str:
    """What a program printed. A missing environment is an error, never a skip."""
    assert PYTHON.exists(), f"{PYTHON} is missing: run make e2e"
    done = subprocess.run(
        [str(PYTHON), str(PROGRAMS / name), *arguments],
        cwd=directory,
        env={"PATH": os.environ["PATH"], "HOME": str(directory), **variables},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def model(stack: Stack) -> str:
    name = stack.fresh_name("traced")
    source = {"repository": "https://git.example.com/fraud", "commit": "abc"}
    with stack.http() as http:
        assert http.post("/v1/models", json={"name": name}).status_code == 201
        release(http, name, provenance={"datasets": [{"name": "taps", "digest": "d1"}], "source": source})
    return name


def test_the_unmodified_client_states_what_a_version_was_trained_on(stack: Stack, model: str, tmp_path: Path) -> None:
    # The client adds "api/v1/lineage", of which "api" is the stage that the registry's address ends with.
    address = stack.url.removesuffix("api")
    program("emit_lineage.py", model, "1", directory=tmp_path, OPENLINEAGE_URL=address, OPENLINEAGE_API_KEY=stack.token)
    with stack.http() as http:
        found = http.get(f"/v1/models/{model}/versions/1/lineage", params={"direction": "up"}).json()
        assert {node.get("name") or node.get("repository") for node in found["items"]} >= {"s3://lake/clicks", "taps"}
        stated = [edge["type"] for edge in found["edges"] if edge["source"] == "stated"]
        assert sorted(stated) == ["made_by", "part_of", "trained_on", "used"]
        exported = http.get(f"/v1/models/{model}/versions/1/lineage/openlineage").json()
    assert program("read_lineage.py", directory=tmp_path, given=json.dumps(exported)) == f"{len(exported)}\n"
