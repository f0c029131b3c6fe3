"""The files of one local AWS, and the environment in which its commands run."""

import os
import platform
import socket
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REGION = "us-east-1"
ACCOUNT = "000000000000"
# Options of the stacks that only the end-to-end tests use.
_FOR_TESTS = {
    # They check that the bytes of a deleted version are removed.
    "deleted_retention_days": "0",
    # They deploy to functions with such names, which they make themselves.
    "deploy_lambda_functions": "moorage-e2e-*",
}


class LocalFailure(Exception):
    """The local AWS failed. The message says what happened and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """One local AWS: ``name`` is the stage of its stack and its directory below ``.local``."""

    name: str

    @property
    def directory(self) -> Path:
        return ROOT / ".local" / self.name

    @property
    def stack_name(self) -> str:
        return f"Moorage-{self.name}"

    @property
    def log(self) -> Path:
        return self.directory / "ministack.log"

    @property
    def pid_file(self) -> Path:
        return self.directory / "ministack.pid"

    @property
    def deployed_file(self) -> Path:
        """Holds the hash of the input of the last deployment."""
        return self.directory / "deployed.json"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port()}"

    def port(self) -> int:
        """The emulator's port. It is kept as long as the directory exists, because URLs in the data contain it."""
        remembered = self.directory / "port"
        if not remembered.exists():
            self.directory.mkdir(parents=True, exist_ok=True)
            remembered.write_text(str(_free_port()))
        return int(remembered.read_text())

    def log_tail(self, lines: int = 25) -> str:
        """The end of the emulator's log, for an error message."""
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stack_context(self) -> dict[str, str]:
        """The stack's options on this machine. Webhooks may call this machine, also over http."""
        return {
            "stage": self.name,
            "removal_policy": "destroy",
            "outbound_allow": "127.0.0.0/8",
            # MiniStack has archives, but its CloudFormation does not support them.
            "archive_days": "0",
            **(_FOR_TESTS if self.name.startswith("e2e") else {}),
            # The emulator runs the functions with its own Python, on this machine's processor.
            "python": ".".join(platform.python_version_tuple()[:2]),
            "architecture": "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64",
        }

    def environment(self) -> dict[str, str]:
        """This process's environment, with the emulator's AWS settings in place of the user's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
        return kept | {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
