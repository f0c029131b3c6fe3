"""A real MLflow server's models come into the deployed registry by the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.stack import Stack

FILES = {"MLmodel": b"flavors: {}", "data/model.bin": b"weights" * 5000, "data/a b=c.txt": b"odd", "empty": b""}
MOORAGE = Path(sys.executable).parent / "moorage"


class Mlflow:
    """Calls on MLflow's own server."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def post(self, path: str, **body: Any) -> Any:
        answer = self._http.post(f"/mlflow/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def version(self, model: str, root: str, files: dict[str, bytes], **described: Any) -> str:
        for path, content in files.items():
            put = self._http.put(f"/mlflow-artifacts/artifacts/{root}/{path}", content=content)
            assert put.status_code == 200, put.text
        created = self.post("model-versions/create", name=model, source=f"mlflow-artifacts:/{root}", **described)
        number: str = created["model_version"]["version"]
        return number

    def delete_version(self, model: str, number: str) -> None:
        body = {"name": model, "version": number}
        assert self._http.request("DELETE", "/mlflow/model-versions/delete", json=body).status_code == 200


def brought(stack: Stack, mlflow_server: str, home: Path, model: str, *options: str) -> Any:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    environment |= {"MOORAGE_URL": stack.url, "MOORAGE_TOKEN": stack.token}
    command = [str(MOORAGE), "import", "mlflow", mlflow_server, "--prefix", model, "--json", *options]
    ran = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return json.loads(ran.stdout)["summary"]


def filled(mlflow: Mlflow, model: str) -> list[str]:
    """A model of three versions, the second deleted again; their numbers."""
    mlflow.post("registered-models/create", name=model, description="about", tags=[{"key": "team", "value": "risk"}])
    experiment = mlflow.post("experiments/create", name=model)["experiment_id"]
    numbers = []
    for described in ({"description": "first", "tags": [{"key": "n", "value": "1"}]}, {}, {"description": "third"}):
        # MLflow takes an address under its own proxy only from the run whose directory it is.
        run = mlflow.post("runs/create", experiment_id=experiment)["run"]["info"]
        root = run["artifact_uri"].removeprefix("mlflow-artifacts:/")
        numbers.append(mlflow.version(model, f"{root}/model", FILES, run_id=run["run_id"], **described))
    mlflow.delete_version(model, numbers[1])
    mlflow.post("registered-models/alias", name=model, alias="champion", version=numbers[2])
    mlflow.post("model-versions/transition-stage", name=model, version=numbers[0], stage="Staging")
    return numbers


def test_models_of_a_real_mlflow_server_are_imported_once(stack: Stack, mlflow_server: str, tmp_path: Path) -> None:
    model = stack.fresh_name("moved")
    with httpx.Client(base_url=f"{mlflow_server}/api/2.0", trust_env=False, timeout=60) as http:
        numbers = filled(Mlflow(http), model)
    planned = brought(stack, mlflow_server, tmp_path, model, "--dry-run")
    assert planned["version"] == {"planned": 2}
    assert brought(stack, mlflow_server, tmp_path, model) == {
        "model": {"imported": 1},
        "version": {"imported": 2},
        "alias": {"imported": 1},
        "stage": {"imported": 1},
    }
    assert set(brought(stack, mlflow_server, tmp_path, model)["version"]) == {"present"}

    with stack.http() as http:
        shown = http.get(f"/v1/models/{model}").json()
        assert (shown["description"], shown["tags"]["team"], shown["versions"]) == ("about", "risk", 2)
        champion = http.get(f"/v1/models/{model}/versions/@champion").json()
        assert (champion["number"], champion["description"]) == (2, "third")
        assert champion["tags"]["imported.mlflow.version"] == numbers[2]
        first = http.get(f"/v1/models/{model}/versions/1").json()
        assert (first["stage"], first["tags"]["n"], first["status"]) == ("staging", "1", "READY")
        manifest = http.get(f"/v1/models/{model}/versions/1/artifacts").json()["items"]
        stored = {file["path"]: httpx.get(file["url"], trust_env=False).content for file in manifest}
    assert stored == FILES
