"""Command line of the local AWS: ``python -m infra.local up``."""

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from infra.local import deployment, emulator
from infra.local.place import LocalFailure, Place


def bring_up(place: Place) -> None:
    """Start the emulator and deploy what changed."""
    begun = time.monotonic()
    _say(f"MiniStack {'started' if emulator.start(place) else 'is running'} at {place.endpoint}")
    _say(f"{place.stack_name}: deploying what changed, if anything (log: .local/{place.name}/cdk.log) …")
    _say("deployed" if deployment.deploy(place) else "unchanged")
    _say(f"ready in {time.monotonic() - begun:.1f} s\n")


def up(place: Place) -> None:
    """Start the emulator, deploy what changed, and say where the registry is."""
    bring_up(place)
    print(f"URL    {deployment.api_url(place)}")
    print(f"Token  {deployment.admin_token(place)}")


def down(place: Place) -> None:
    """Stop the emulator; its data stays."""
    _say("stopped; data kept" if emulator.stop(place) else "was not running")


def status(place: Place) -> None:
    """Say whether the emulator runs."""
    _require_running(place)
    _say(f"running at {place.endpoint}")


def url(place: Place) -> None:
    """Print the API's address."""
    _require_running(place)
    print(deployment.api_url(place))


def token(place: Place) -> None:
    """Print the administrator's token."""
    _require_running(place)
    print(deployment.admin_token(place))


def run(place: Place, command: Sequence[str]) -> int:
    """Run ``command`` with the registry's address and token in its environment; its exit status."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    registry = {
        "MOORAGE_URL": deployment.api_url(place),
        "MOORAGE_TOKEN": deployment.admin_token(place),
        # Not as AWS_ENDPOINT_URL, so that tests on simulated services do not reach the emulator unawares.
        "MOORAGE_LOCAL_AWS": place.endpoint,
        "MOORAGE_STACK": place.stack_name,
    }
    return subprocess.run(list(command), env=kept | registry, check=False).returncode


def run_fresh(place: Place, command: Sequence[str]) -> int:
    """Run ``command`` on a new local AWS that enforces IAM and is stopped afterwards.

    Its directory stays for a look."""
    emulator.stop(place)
    shutil.rmtree(place.directory, ignore_errors=True)
    place.directory.mkdir(parents=True)
    try:
        bring_up(place)
        # CDK's own bootstrapped roles do not suffice under the emulator's IAM; ours must.
        emulator.stop(place)
        emulator.start(place, enforce_iam=True)
        return run(place, command)
    finally:
        emulator.stop(place)


COMMANDS: dict[str, Callable[[Place], None]] = {
    "up": up,
    "down": down,
    "status": status,
    "url": url,
    "token": token,
}


def main() -> int:
    """Run one command; 1 with a message when it fails."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("action", choices=[*COMMANDS, "run"])
    parser.add_argument("--name", default="local", choices=["local", "e2e"], help="which local AWS (default: local)")
    parser.add_argument("--fresh", action="store_true", help="run: on a new local AWS, stopped afterwards")
    parser.epilog = "run is followed by -- and the command with its arguments"
    # argparse does not take a rest after options, so the rest is cut off before.
    cut = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    arguments, command = parser.parse_args(sys.argv[1:cut]), sys.argv[cut + 1 :]
    if (arguments.action == "run") != bool(command):
        parser.error("run takes a command after --; the others take none")
    place = Place(arguments.name)
    try:
        with _alone(place):
            if arguments.action in COMMANDS:
                COMMANDS[arguments.action](place)
                return 0
            if arguments.fresh:
                return run_fresh(place, command)
            _require_running(place)
        return run(place, command)
    except LocalFailure as failure:
        print(f"{place.name}: {failure}", file=sys.stderr)
        return 1


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Two runs at once would start two emulators on one state directory."""
    # Beside the directory, which a fresh run removes.
    place.directory.parent.mkdir(exist_ok=True)
    with place.directory.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _require_running(place: Place) -> None:
    if not emulator.running(place):
        raise LocalFailure("not running: make up starts it")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.umask(0o077)  # state and log hold the administrator's secret
    sys.exit(main())
