"""The trail leaves the deployed stack and is verified offline, before and after someone has been at it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from moorage import Client

from tests.e2e.stack import Stack, eventually, release

SCRIPT = Path(__file__).parents[2] / "tools" / "verify_audit_export.py"


def verify(directory: Path) -> tuple[int, dict[str, Any]]:
    """The verifier, isolated from this project and its environment: exit code and report."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(directory), "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={},
    )
    assert ran.stderr == ""
    return ran.returncode, json.loads(ran.stdout)


def anchor_now(stack: Stack) -> dict[str, Any]:
    """Invoke the anchorer, as an operator does."""
    functions = stack.aws("lambda").get_paginator("list_functions").paginate()
    (name,) = [
        function["FunctionName"]
        for page in functions
        for function in page["Functions"]
        if function["Handler"].endswith(".anchorer") or "Anchorer" in function["FunctionName"]
    ]
    answer = stack.aws("lambda").invoke(FunctionName=name, Payload=b"{}")
    said = answer["Payload"].read()
    assert "FunctionError" not in answer, said
    made: dict[str, Any] = json.loads(said)
    return made


@pytest.fixture(scope="module")
def export(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An export of everything, made after an anchor; and the model that the tests tamper with."""
    model = stack.fresh_name("audited")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        first = release(http, model, b"one", metrics={"auc": 0.1 + 0.2})
        http.put(f"/v1/models/{model}/aliases/champion", json={"version": first})
        release(http, model, b"two", description="naïve 模型")
    made = anchor_now(stack)
    directory = tmp_path_factory.mktemp("audit") / "export"
    with Client(stack.url, stack.token) as client:
        written = client.export_audit(directory)
    assert written.anchors == made["anchor"]
    return directory, model


def file_of(directory: Path, model: str) -> Path:
    manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    (entry,) = [entry for entry in manifest["ledgers"] if entry["ledger"] == f"model:{model}"]
    return directory / entry["file"]


def test_the_export_of_the_deployed_registry_is_intact(export: tuple[Path, str]) -> None:
    code, report = verify(export[0])
    assert (code, report["faults"]) == (0, [])
    assert report["anchors"] >= 1 and report["events"] > 5


def one_byte(lines: list[bytes]) -> list[bytes]:
    return [*lines[:1], lines[1].replace(b'"actor":"t', b'"actor":"T'), *lines[2:]]


@pytest.mark.parametrize(
    ("tamper", "sequence", "what"),
    [
        (one_byte, 2, "was edited"),
        (lambda lines: [*lines[:2], *lines[3:]], 3, "event 3 is missing"),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3, "out of order"),
        (lambda lines: lines[:-1], None, "its end was cut off"),
    ],
    ids=["one byte", "one removed event", "one reordered pair", "a cut tail"],
)
def test_what_was_done_to_an_export_is_named_by_its_place(
    export: tuple[Path, str],
    tamper: Callable[[list[bytes]], list[bytes]],
    sequence: int | None,
    what: str,
) -> None:
    directory, model = export
    file = file_of(directory, model)
    content = file.read_bytes()
    lines = content.splitlines(keepends=True)
    try:
        file.write_bytes(b"".join(tamper(lines)))
        code, report = verify(directory)
    finally:
        file.write_bytes(content)
    assert code == 1
    where = {(fault["ledger"], fault["sequence"]) for fault in report["faults"] if what in fault["what"]}
    assert (f"model:{model}", sequence or len(lines)) in where
    assert verify(directory)[0] == 0


def test_anchors_follow_one_another(stack: Stack, tmp_path: Path) -> None:
    first, second = anchor_now(stack), anchor_now(stack)
    assert second["anchor"] == first["anchor"] + 1
    with Client(stack.url, stack.token) as client:
        client.export_audit(tmp_path / "export")
    assert verify(tmp_path / "export")[0] == 0


def test_who_used_a_version_is_counted_from_the_log(stack: Stack) -> None:
    model = stack.fresh_name("used")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        number = release(http, model)
        http.put(f"/v1/models/{model}/aliases/champion", json={"version": number})
        assert http.get(f"/v1/models/{model}/versions/@champion/artifacts").status_code == 200

        def used() -> Any:
            return http.get(f"/v1/models/{model}/versions/{number}/usage").json()["items"]

        (use,) = eventually(used, "the use was counted")
    assert (use["version"], use["count"], use["last_alias"]) == (number, 1, "champion")
