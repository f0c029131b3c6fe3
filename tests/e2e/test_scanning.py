"""Nothing unsafe is loaded by accident: a version is scanned before anybody is given its bytes, in whatever way."""

import base64
import hashlib
import json
import os
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from moorage import Client
from moorage.cli.main import main

from infra.workload import SCANNER
from tests.e2e.stack import Stack, eventually, scanned, upload_files

CLEAN = {"config.json": b'{"layers": 3}', "README.md": b"# A model\n"}
FAR = "2099-01-01T00:00:00Z"


class Shell:
    """Pickled, it is a call of a shell. No test unpickles it."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("echo taken over",)


HOSTILE = pickle.dumps(Shell())


@pytest.fixture(scope="module")
def hostile(stack: Stack) -> str:
    """A model whose only version carries a pickle that would run a shell. The alias ``candidate`` points at it."""
    model = stack.fresh_name("hostile")
    with stack.http() as http:
        assert http.post("/v1/models", json={"name": model}).status_code == 201
        number = upload_files(http, model, CLEAN | {"model.pkl": HOSTILE})
        assert http.put(f"/v1/models/{model}/aliases/candidate", json={"version": number}).status_code == 200
        scanned(http, model, number)
    return model


def asked_for(http: httpx.Client, model: str) -> dict[str, httpx.Response]:
    """What each way to a version's bytes answers, by the way's name."""
    named = {"name": model, "version": "1"}
    place = f"registered/{base64.urlsafe_b64encode(model.encode()).decode().rstrip('=')}/1"
    version = f"/v1/models/{model}/versions"
    return {
        "manifest": http.get(f"{version}/1/artifacts"),
        "manifest by alias": http.get(f"{version}/@candidate/artifacts"),
        "redirect": http.get(f"{version}/1/artifacts/file", params={"path": "model.pkl"}),
        "redirect by alias": http.get(f"{version}/@candidate/artifacts/file", params={"path": "config.json"}),
        "MLflow": http.get(f"/api/2.0/mlflow-artifacts/artifacts/{place}/model.pkl"),
        "MLflow presigned": http.get(f"/api/2.0/mlflow-artifacts/presigned/{place}/model.pkl"),
        "MLflow address": http.get("/api/2.0/mlflow/model-versions/get-download-uri", params=named),
        "Hugging Face": http.get(f"/hf/moorage/{model}/resolve/candidate/model.pkl"),
        "OCI": http.get(f"/v2/moorage/{model}/blobs/sha256:{hashlib.sha256(HOSTILE).hexdigest()}"),
    }


def test_a_pickle_that_would_run_a_shell_is_given_out_by_no_way(stack: Stack, hostile: str) -> None:
    with stack.http() as http:
        answers = asked_for(http, hostile)
    assert {way: answer.status_code for way, answer in answers.items()} == dict.fromkeys(answers, 403)
    assert "model.pkl" in answers["manifest"].json()["detail"]
    assert answers["manifest"].json()["code"] == "quarantined"


def test_what_was_found_names_the_file_and_what_it_imports(stack: Stack, hostile: str) -> None:
    with stack.http() as http:
        shown = http.get(f"/v1/models/{hostile}/versions/1/scan").json()
    assert (shown["open"], shown["scan"]["verdict"]) == (False, "unsafe")
    (worst, *others) = shown["findings"]["files"]
    assert worst["path"] == "model.pkl"
    assert [name for name in worst["imports"] if name.endswith(".system")]
    assert {file["verdict"] for file in others} == {"clean"}


def test_the_command_shows_what_each_file_would_import(stack: Stack, hostile: str) -> None:
    command = ["--url", stack.url, "--json", "scan", "show", f"{hostile}:1"]
    shown = CliRunner().invoke(main, command, env={"MOORAGE_TOKEN": stack.token})
    assert shown.exit_code == 0, shown.output
    imports = {file["path"]: file["imports"] for file in json.loads(shown.stdout)["findings"]["files"]}
    assert [name.rpartition(".")[2] for name in imports["model.pkl"]] == ["system"]
    assert not imports["config.json"]


def test_a_version_in_quarantine_enters_no_stage_for_use(stack: Stack, hostile: str) -> None:
    with stack.http() as http:
        moved = http.post(f"/v1/models/{hostile}/versions/1/transitions", json={"to_stage": "production"})
    assert (moved.status_code, moved.json()["code"]) == (409, "version_quarantined")


def test_the_glass_is_broken_for_a_reason_and_a_time(stack: Stack, hostile: str) -> None:
    release = f"/v1/models/{hostile}/versions/1/scan/release"
    with stack.http() as http:
        refused = http.put(release, json={"reason": "for the incident", "expires_at": FAR})
        assert refused.status_code == 400, "not for ever"
        soon = _in_an_hour()
        assert http.put(release, json={"reason": "for the incident", "expires_at": soon}).status_code == 200
        eventually(lambda: asked_for(http, hostile)["manifest by alias"].status_code == 200, "the release")
        given = asked_for(http, hostile)
        assert given["manifest"].headers["X-Moorage-Verdict"] == "unsafe"
        assert not [way for way, answer in given.items() if answer.status_code >= 400]
        assert http.delete(release).status_code == 204
        assert {answer.status_code for answer in asked_for(http, hostile).values()} == {403}
        types = [event["type"] for event in http.get(f"/v1/models/{hostile}/events").json()["items"]]
    assert {"quarantine.released", "quarantine.restored", "scan.finished"} <= set(types)


def test_a_clean_version_opens_by_itself_and_clients_wait_for_it(stack: Stack, tmp_path: Path) -> None:
    model = stack.fresh_name("clean")
    (tmp_path / "source").mkdir()
    for path, content in CLEAN.items():
        (tmp_path / "source" / path).write_bytes(content)
    with Client(stack.url, stack.token) as registry:
        version = registry.register(model, tmp_path / "source")
        registry.download(model, version.number, tmp_path / "served")
    assert (tmp_path / "served" / "config.json").read_bytes() == CLEAN["config.json"]
    with stack.http() as http:
        answer = http.get(f"/v1/models/{model}/versions/1/artifacts")
    assert (answer.status_code, answer.headers["X-Moorage-Verdict"]) == (200, "clean")


def test_a_scan_is_made_again_on_request(stack: Stack, hostile: str) -> None:
    scan = f"/v1/models/{hostile}/versions/1/scan"
    with stack.http() as http:
        before = http.get(scan).json()["scan"]["finished_at"]
        assert http.post(scan).status_code == 200
        scanned(http, hostile, 1)
        after = http.get(scan).json()["scan"]
    assert after["finished_at"] > before
    assert after["verdict"] == "unsafe"


def test_the_scanner_reads_nothing_of_models_but_lists_of_files(stack: Stack, hostile: str) -> None:
    """Its log says what a scan cost; what it may do is tested in test_roles.py."""
    logs = stack.aws("logs")
    group = stack.aws("lambda").get_function_configuration(FunctionName=stack.function(SCANNER))["LoggingConfig"]
    events = logs.filter_log_events(logGroupName=group["LogGroup"], filterPattern='"' + hostile + '"')["events"]
    assert events and all("echo taken over" not in event["message"] for event in events)


def _in_an_hour() -> str:
    return (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
