"""Command line of the local AWS: ``python -m infra.local up``."""

import argparse
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from infra.local import deployment, emulator
from infra.local.place import LocalFailure, Place


def bring_up(place: Place) -> None:
    """Start the emulator and deploy the stack if it changed."""
    begun = time.monotonic()
    _say(f"MiniStack {'started' if emulator.start(place) else 'is running'} at {place.endpoint}")
    _say(f"{place.stack_name}: deploying if something changed (log: .local/{place.name}/cdk.log) …")
    _say("deployed" if deployment.deploy(place) else "unchanged")
    _say(f"ready in {time.monotonic() - begun:.1f} s\n")


def up(place: Place) -> None:
    """Start the emulator, deploy the stack if it changed, and print the registry's URL and token."""
    bring_up(place)
    print(f"Web    {deployment.interface_url(place)}")
    print(f"URL    {deployment.api_url(place)}")
    print(f"Token  {deployment.admin_token(place)}")
    _say("\nThe emulator saves its data only when make down stops it. If it is killed, or the machine goes down,")
    _say("the data is again what it was at the last make down.")


def down(place: Place) -> None:
    """Stop the emulator and keep its data."""
    _say("stopped; the data is kept" if emulator.stop(place) else "was not running")


def status(place: Place) -> None:
    """Say whether the emulator is running."""
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


def run(places: Sequence[Place], command: Sequence[str]) -> int:
    """Run ``command`` with the registry's URL and token in its environment. Returns its exit status.

    They are those of the first place. MOORAGE_STACKS has the same of every place, as a JSON list of objects.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    registries = [_variables(place) for place in places]
    environment = kept | registries[0] | {"MOORAGE_STACKS": json.dumps(registries)}
    return subprocess.run(list(command), env=environment, check=False).returncode


def run_fresh(places: Sequence[Place], command: Sequence[str]) -> int:
    """Run ``command`` with a new local AWS in each place, which enforces IAM. Returns its exit status.

    Each local AWS is stopped afterwards. Its directory is kept for inspection.
    """
    try:
        for place in places:
            emulator.stop(place)
            shutil.rmtree(place.directory, ignore_errors=True)
            place.directory.mkdir(parents=True)
            bring_up(place)
            # CDK's bootstrap has roles that are not enough for the emulator's IAM, so deploy without it. Ours must be.
            emulator.stop(place)
            emulator.start(place, enforce_iam=True)
        return run(places, command)
    finally:
        for place in places:
            emulator.stop(place)


def _variables(place: Place) -> dict[str, str]:
    return {
        "MOORAGE_URL": deployment.api_url(place),
        "MOORAGE_TOKEN": deployment.admin_token(place),
        # Not AWS_ENDPOINT_URL: tests that use simulated services would reach the emulator by accident.
        "MOORAGE_LOCAL_AWS": place.endpoint,
        "MOORAGE_STACK": place.stack_name,
    }


COMMANDS: dict[str, Callable[[Place], None]] = {
    "up": up,
    "down": down,
    "status": status,
    "url": url,
    "token": token,
}


def main() -> int:
    """Run one action. Returns its exit status; 1, with a message on stderr, if the local AWS failed."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument(
        "action",
        choices=[*COMMANDS, "run"],
        help="up: start it and deploy; down: stop it; status, url, token: print; run: run a command with URL and token",
    )
    parser.add_argument(
        "--name", default="local", choices=["local", "e2e", "upgrade"], help="which local AWS (default: local)"
    )
    parser.add_argument("--fresh", action="store_true", help="only for run: use a new local AWS and stop it afterwards")
    parser.add_argument(
        "--stacks", type=int, default=1, choices=range(1, 10), help="only with --fresh: how many of them (default: 1)"
    )
    parser.epilog = "After run, write -- and the command with its arguments."
    # argparse cannot pass on the rest of the line after options, so cut it off first.
    cut = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    arguments, command = parser.parse_args(sys.argv[1:cut]), sys.argv[cut + 1 :]
    if (arguments.action == "run") != bool(command):
        parser.error("run needs a command after --; the other actions take none")
    if arguments.stacks > 1 and not arguments.fresh:
        parser.error("--stacks needs --fresh")
    place = Place(arguments.name)
    try:
        with ExitStack() as locks:
            if arguments.fresh and command:
                others = [Place(f"{place.name}-{number}") for number in range(2, arguments.stacks + 1)]
                for one in (place, *others):
                    locks.enter_context(_alone(one))
                return run_fresh((place, *others), command)
            locks.enter_context(_alone(place))
            if arguments.action in COMMANDS:
                COMMANDS[arguments.action](place)
                return 0
            _require_running(place)
        return run((place,), command)
    except LocalFailure as failure:
        print(f"{place.name}: {failure}", file=sys.stderr)
        return 1


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Hold the lock of ``place``, because two runs at once would start two emulators on one state directory."""
    # The lock file is beside the directory, because a fresh run removes the directory.
    place.directory.parent.mkdir(exist_ok=True)
    with place.directory.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _require_running(place: Place) -> None:
    if not emulator.running(place):
        raise LocalFailure("the local AWS is not running; start it with make up")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.umask(0o077)  # the state and the log hold the administrator's secret
    sys.exit(main())
