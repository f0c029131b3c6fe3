"""Command line of the local AWS: ``python -m infra.local up``."""

import argparse
import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from infra.local import deployment, emulator
from infra.local.place import LocalFailure, Place


def up(place: Place) -> None:
    """Start the emulator, deploy what changed, and say where the registry is."""
    begun = time.monotonic()
    _say(f"MiniStack {'started' if emulator.start(place) else 'is running'} at {place.endpoint}")
    _say(f"Stack {place.stack_name}: looking for changes, deploying if there are any (log: {place.name}/cdk.log) …")
    _say("deployed" if deployment.deploy(place) else "unchanged")
    _say(f"ready in {time.monotonic() - begun:.1f} s\n")
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


def environment(place: Place) -> None:
    """Print shell assignments that point the SDKs, the client and the tests at this stack."""
    _require_running(place)
    found = deployment.outputs(place)
    values = {name: value for name, value in place.environment().items() if name.startswith("AWS_")} | {
        "MOORAGE_URL": deployment.api_url(place),
        "MOORAGE_TOKEN": deployment.admin_token(place),
        "MOORAGE_TABLE": found["TableName"],
        "MOORAGE_BUCKET": found["BucketName"],
        "MOORAGE_BUS": found["BusName"],
    }
    for name, value in values.items():
        print(f"export {name}={value}")


COMMANDS: dict[str, Callable[[Place], None]] = {
    "up": up,
    "down": down,
    "status": status,
    "url": url,
    "token": token,
    "environment": environment,
}


def main() -> int:
    """Run one command; 1 with a message when it fails."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--name", default="local", choices=["local", "e2e"], help="which local AWS (default: local)")
    arguments = parser.parse_args()
    place = Place(arguments.name)
    try:
        with _alone(place):
            COMMANDS[arguments.command](place)
    except LocalFailure as failure:
        print(f"{place.name}: {failure}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Two runs at once would start two emulators on one state directory."""
    place.directory.mkdir(parents=True, exist_ok=True)
    with (place.directory / "lock").open("w") as lock:
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
