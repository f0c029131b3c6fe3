"""The audit trail outside of the registry: anchored, exported, verified by a script that knows nothing of us."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner
from moorage.cli.main import main

from infra.workload import ANCHORER
from tests.e2e.stack import Stack

SCRIPT: Final = Path(__file__).parents[2] / "client" / "moorage" / "verify_audit_export.py"


def anchor_now(stack: Stack) -> dict[str, Any]:
    """Invoke the anchorer, as an operator does."""
    answer = stack.aws("lambda").invoke(FunctionName=stack.function(ANCHORER), Payload=b"{}")
    said = answer["Payload"].read()
    assert "FunctionError" not in answer, said
    made: dict[str, Any] = json.loads(said)
    return made


def verify(directory: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """The verifier, isolated from this project and its environment: exit code and report."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(directory), "--json", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={},
    )
    assert ran.stderr == ""
    return ran.returncode, json.loads(ran.stdout)


def audit_verify(stack: Stack, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code of ``moorage audit verify --state`` and the differences that it names."""
    environment = {"MOORAGE_URL": stack.url, "MOORAGE_TOKEN": stack.token}
    ran = CliRunner().invoke(main, ["audit", "verify", "--state", "--json", *arguments], env=environment)
    assert ran.stdout, ran.stderr
    said = json.loads(ran.stdout)
    reports = said if isinstance(said, list) else [said]
    return ran.exit_code, [difference for report in reports for difference in report["differences"]]


def verify_tampered(
    directory: Path, model: str, tamper: Callable[[list[bytes]], list[bytes]]
) -> tuple[int, list[dict[str, Any]]]:
    """What the verifier says while the lines of a model's ledger are tampered with: exit code and faults."""
    file = file_of(directory, model)
    content = file.read_bytes()
    try:
        file.write_bytes(b"".join(tamper(content.splitlines(keepends=True))))
        code, report = verify(directory)
    finally:
        file.write_bytes(content)
    return code, report["faults"]


def file_of(directory: Path, model: str) -> Path:
    """The file of a model's ledger in an export."""
    manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    (entry,) = [entry for entry in manifest["ledgers"] if entry["ledger"] == f"model:{model}"]
    return directory / str(entry["file"])


def one_byte(lines: list[bytes]) -> list[bytes]:
    return [*lines[:1], lines[1].replace(b'"actor":"t', b'"actor":"T'), *lines[2:]]


# What is done to a ledger; at which event, None for its last; and what the verifier says there.
TAMPERING: Final[Mapping[str, tuple[Callable[[list[bytes]], list[bytes]], int | None, str]]] = {
    "one byte": (one_byte, 2, "was edited"),
    "one removed event": (lambda lines: [*lines[:2], *lines[3:]], 3, "event 3 is missing"),
    "one reordered pair": (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3, "out of order"),
    "a cut tail": (lambda lines: lines[:-1], None, "its end was cut off"),
}
