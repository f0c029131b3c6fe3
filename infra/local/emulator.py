"""MiniStack as a background process. Its process id is kept in a file, to find and stop it again."""

import fcntl
import http.client
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from infra.local.gaps import forget_stream_positions
from infra.local.place import ROOT, LocalFailure, Place

PROGRAM = ROOT / ".local" / "ministack" / "bin" / "ministack"
START_SECONDS = 60
# It writes its state to disk when it stops.
STOP_SECONDS = 60
POLL_SECONDS = 0.05


def start(place: Place, *, enforce_iam: bool = False) -> bool:
    """Start the emulator unless it is running, and wait until it is healthy.

    Returns whether this call started it. With ``enforce_iam``, it holds every function to its role.
    """
    if running(place):
        return False
    if not PROGRAM.exists():
        raise LocalFailure(f"MiniStack is not installed at {PROGRAM.relative_to(ROOT)}; run make up, which installs it")
    if _port_taken(place.port()):
        raise LocalFailure(
            f"another program uses port {place.port()} of the local AWS {place.name!r}: stop that program, "
            f"or remove {(place.directory / 'port').relative_to(ROOT)} to choose another port"
        )
    forget_stream_positions(place.directory / "state")
    shutil.rmtree(_scratch(place), ignore_errors=True)
    _scratch(place).mkdir()
    with place.log.open("ab") as log, place.pid_file.open("w") as held:
        # The emulator inherits the locked file. The lock shows that it lives, even if its process id is reused later.
        fcntl.flock(held, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [str(PROGRAM)],
            env=_emulator_environment(place, enforce_iam),
            cwd=place.directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[held.fileno()],
        )
        held.write(str(process.pid))
    deadline = time.monotonic() + START_SECONDS
    while not _healthy(place):
        if process.poll() is not None:
            place.pid_file.unlink()
            raise LocalFailure(f"MiniStack exited with status {process.returncode}. Its log:\n{place.log_tail()}")
        if time.monotonic() > deadline:
            stop(place)
            raise LocalFailure(f"MiniStack was not ready within {START_SECONDS} s. Its log:\n{place.log_tail()}")
        time.sleep(POLL_SECONDS)
    return True


def stop(place: Place) -> bool:
    """Stop the emulator and wait until its state is on disk. Returns False if it was not running."""
    pid = _pid(place)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _pid(place) is not None:
        if time.monotonic() > deadline:
            raise LocalFailure(f"MiniStack (process {pid}) did not stop within {STOP_SECONDS} s")
        time.sleep(POLL_SECONDS)
    # MiniStack leaves the processes of functions running and never removes their directories.
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    shutil.rmtree(_scratch(place), ignore_errors=True)
    return True


def running(place: Place) -> bool:
    """Whether the emulator's process is alive and answers."""
    return _pid(place) is not None and _healthy(place)


def _scratch(place: Place) -> Path:
    """The directory where MiniStack unpacks functions, once for each process."""
    return place.directory / "tmp"


def _emulator_environment(place: Place, enforce_iam: bool) -> dict[str, str]:
    own = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(place.port()),
        # Otherwise it would open an MQTT port.
        "IOT_MTLS_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(place.directory / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(place.directory / "s3"),
        "LAMBDA_EXECUTOR": "local",
        "TMPDIR": str(_scratch(place)),
        "AUTH": str(enforce_iam).lower(),
        # Lambda processes must not write byte code into their unpacked packages, nor use our Python settings.
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    inherited = {name: value for name, value in place.environment().items() if not name.startswith("PYTHON")}
    return inherited | own


def _pid(place: Place) -> int | None:
    """The emulator's process id; None if it is not running."""
    if not place.pid_file.exists():
        return None
    with place.pid_file.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(held.read())
    return None


def _healthy(place: Place) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", place.port(), timeout=2)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _port_taken(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True
