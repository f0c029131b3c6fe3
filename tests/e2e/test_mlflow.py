"""MLflow's own clients, unmodified, on the deployed stack: what they do with models works as with MLflow's server.

Each program under mlflow/programs runs in a virtual environment of MLflow with an empty home, knowing the registry by
MLflow's environment variables alone.
"""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.mlflow.installed import run
from tests.e2e.receiver import receiving
from tests.e2e.stack import Stack, eventually

PROGRAMS = Path(__file__).parent / "mlflow" / "programs"


class Machine:
    """A machine with MLflow and nothing else: an empty home, and credentials for the registry."""

    def __init__(self, stack: Stack, home: Path, client: str) -> None:
        self._home = home
        self._client = client
        self._variables = {"MLFLOW_TRACKING_TOKEN": stack.token, "HOME": str(home), "TMPDIR": str(home)}
        home.mkdir()

    def run(self, program: str, *arguments: str, **variables: str) -> Any:
        printed = run(
            self._client, PROGRAMS / program, *arguments, cwd=self._home, variables=self._variables | variables
        )
        # Clients print what they are doing before the program's own line.
        return json.loads(printed.rstrip().rpartition("\n")[2])


@pytest.fixture
def machine(stack: Stack, tmp_path: Path) -> Machine:
    return Machine(stack, tmp_path / "first", "mlflow3")


@pytest.fixture
def second_machine(stack: Stack, tmp_path: Path) -> Machine:
    return Machine(stack, tmp_path / "second", "mlflow3")


@pytest.fixture
def tracked(stack: Stack) -> dict[str, str]:
    return {"MLFLOW_TRACKING_URI": stack.url}


def test_a_model_is_logged_registered_found_and_loaded_elsewhere(
    stack: Stack, machine: Machine, second_machine: Machine, tracked: dict[str, str]
) -> None:
    name = stack.fresh_name("mlflow")
    made = machine.run("log_and_register.py", name, **tracked)
    assert made["version"] == "1" and made["status"] == "READY"
    assert made["found"] == made["by_run"] == ["1"] and made["models"] == [name]
    assert made["runs"] == [made["run_id"]] and made["metric"] == pytest.approx(made["auc"])
    assert len(made["history"]) == 3

    loaded = second_machine.run("load.py", f"models:/{name}@champion", **tracked)
    assert loaded["predictions"] == made["predictions"]

    with stack.http() as http:
        version = http.get(f"/v1/models/{name}/versions/@champion").json()
        assert version["status"] == "READY" and version["provenance"]["run"]["id"] == made["run_id"]
        assert version["metrics"]["auc"] == pytest.approx(made["auc"])
        assert version["parameters"]["max_iter"] == "5000"
        assert version["provenance"]["datasets"][0]["name"] == "breast-cancer"
        assert version["tags"]["validated"] == "yes"
        files = http.get(f"/v1/models/{name}/versions/1/artifacts").json()["items"]
        assert {"MLmodel", "requirements.txt"} <= {file["path"] for file in files}
        assert http.get(f"/v1/models/{name}/events/verify").json()["intact"] is True


def test_versions_are_copied_moved_and_refused_as_users_of_mlflow_know_it(
    stack: Stack, machine: Machine, second_machine: Machine, tracked: dict[str, str]
) -> None:
    name, other = stack.fresh_name("mlflow"), stack.fresh_name("copy")
    made = machine.run("log_and_register.py", name, **tracked)
    managed = machine.run("manage.py", name, "1", other, **tracked)
    assert managed["copied"] == "1" and managed["source"] == f"models:/{name}/1"
    assert managed["stage"] == "Staging" and managed["latest"] == ["1"] and managed["resolved"] == "1"
    assert managed["refused"] == {
        "unknown model": "RESOURCE_DOES_NOT_EXIST",
        "unknown alias": "INVALID_PARAMETER_VALUE",
        "same name": "RESOURCE_ALREADY_EXISTS",
        "unknown stage": "INVALID_PARAMETER_VALUE",
        "bad filter": "INVALID_PARAMETER_VALUE",
    }
    # The copy owns its bytes: it outlives what it was copied from.
    with stack.http() as http:
        http.delete(f"/v1/models/{name}/aliases/champion").raise_for_status()
        http.delete(f"/v1/models/{name}/versions/1").raise_for_status()
    assert second_machine.run("load.py", f"models:/{other}/1", **tracked)["predictions"] == made["predictions"]


def test_prompts_are_models_that_lists_of_models_leave_out(
    stack: Stack, machine: Machine, tracked: dict[str, str]
) -> None:
    name = stack.fresh_name("prompt")
    told = machine.run("prompts.py", name, **tracked)
    assert told == {
        "version": 2,
        "formatted": "Summarise this in 3 words.",
        "first": "Summarise {{text}}.",
        "prompts": [name],
        "models": [],
    }


def test_webhooks_arrive_with_mlflows_signature(stack: Stack, machine: Machine, tracked: dict[str, str]) -> None:
    name = stack.fresh_name("hooked")
    with receiving() as receiver:
        told = machine.run("webhooks.py", receiver.url, name, **tracked)
        # Three changes of four are subscribed to, and the test says one more.
        eventually(lambda: len(receiver.received) >= 4 or None, "the deliveries", seconds=120)
        found = {}
        for headers, body in receiver.received:
            signed = f"{headers['x-mlflow-delivery-id']}.{headers['x-mlflow-timestamp']}.".encode() + body
            digest = hmac.digest(b"whispered-words", signed, hashlib.sha256)
            assert headers["x-mlflow-signature"] == f"v1,{base64.b64encode(digest).decode()}"
            document = json.loads(body)
            if document["data"]["name"] == name:
                found[document["entity"], document["action"]] = document["data"]
    assert told["tested"] == [True, 204] and told["listed"] == [told["id"]]
    assert told["status"] == "ACTIVE" and told["description"] == "tells the story"
    assert found == {
        ("registered_model", "created"): {"name": name, "tags": {"team": "risk"}, "description": "watched"},
        ("model_version_tag", "set"): {"name": name, "version": "1", "key": "checked", "value": "yes"},
        ("model_version_alias", "created"): {"name": name, "alias": "champion", "version": "1"},
    }


def test_a_registry_beside_a_local_tracking_store(stack: Stack, machine: Machine, second_machine: Machine) -> None:
    name = stack.fresh_name("registry-only")
    made = machine.run("registry_only.py", stack.url, name)
    # Elsewhere only the registry is known: the runs stayed in a file of the first machine.
    elsewhere = {"MLFLOW_REGISTRY_URI": stack.url, "MLFLOW_TRACKING_URI": "sqlite:///other.db"}
    loaded = second_machine.run("load.py", f"models:/{name}@champion", **elsewhere)
    assert loaded["predictions"] == made["predictions"]


def test_a_client_of_the_second_major_version_logs_registers_and_loads(
    stack: Stack, tmp_path: Path, tracked: dict[str, str]
) -> None:
    name = stack.fresh_name("mlflow2")
    made = Machine(stack, tmp_path / "old", "mlflow2").run("log_with_2.py", name, **tracked)
    assert made["version"] in (1, "1") and len(made["predictions"]) == 5
    with stack.http() as http:
        version = http.get(f"/v1/models/{name}/versions/1").json()
        assert version["status"] == "READY" and version["provenance"]["run"]["id"] == made["run_id"]


def test_a_token_is_taken_as_a_password(stack: Stack, tmp_path: Path, tracked: dict[str, str]) -> None:
    name = stack.fresh_name("basic")
    plain = Machine(stack, tmp_path / "plain", "mlflow3")
    credentials = {"MLFLOW_TRACKING_USERNAME": "anyone", "MLFLOW_TRACKING_PASSWORD": stack.token}
    told = plain.run("prompts.py", name, **tracked, **credentials, MLFLOW_TRACKING_TOKEN="")
    assert told["version"] == 2
