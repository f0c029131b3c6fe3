"""MLflow as make e2e installed it: its server on loopback, and programs run with its clients."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.e2e.stack import eventually

LOCAL = Path(__file__).parents[3] / ".local"
# Starting takes MLflow a few seconds on a quiet machine.
_PATIENCE = 120.0


def tool(environment: str, name: str) -> str:
    """A program of the virtual environment ``mlflow3`` or ``mlflow2``. One that is missing is an error, not a skip."""
    found = LOCAL / environment / "bin" / name
    assert found.exists(), f"{environment} is not installed: run make e2e"
    return str(found)


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """MLflow's own server, of one process, on a database and artifacts in ``directory``; answers its URL."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [
        *(tool("mlflow3", "mlflow"), "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--backend-store-uri", f"sqlite:///{directory}/mlflow.db"),
        *("--artifacts-destination", str(directory / "artifacts")),
    ]
    # Its workers for background jobs have nothing to do here.
    environment = clean() | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (directory / "server.log").open("w") as log:
        # In a process group of its own, which is ended whole.
        server = subprocess.Popen(
            command, cwd=directory, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            eventually(lambda: _healthy(url, server), "MLflow's server", _PATIENCE)
            yield url
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(_PATIENCE)


def run(environment: str, program: Path, *arguments: str, cwd: Path, variables: dict[str, str]) -> str:
    """What a program printed that ran with an unmodified client, knowing only what ``variables`` tell it."""
    done = subprocess.run(
        [tool(environment, "python"), str(program), *arguments],
        cwd=cwd,
        env=clean() | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-8000:]}"
    return done.stdout


def clean() -> dict[str, str]:
    """The environment without settings of other tools that a client would take for its own."""
    foreign = ("AWS_", "MLFLOW_", "MOORAGE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {
        # Its makers need not hear of every start, nor git be asked of the program's directory.
        "DO_NOT_TRACK": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "GIT_PYTHON_REFRESH": "quiet",
        # A server that fails would be asked for four minutes more.
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _healthy(url: str, server: subprocess.Popen[bytes]) -> bool:
    assert server.poll() is None, "MLflow's server ended; its log is beside its database"
    try:
        return httpx.get(f"{url}/health", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
