"""An operator who deploys, upgrades and restores with the documented commands, on a local AWS of their own.

This local AWS does not enforce IAM while something is deployed, because the roles of CDK's bootstrap are not enough for
the emulator's IAM.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local import deployment, emulator, gaps
from infra.local.place import ROOT, Place
from tests.e2e.stack import Stack

PYTHON = ".".join(platform.python_version_tuple()[:2])
ARCHITECTURE = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
# What a terminal would ask, and what the emulator cannot do: archives, and other processors.
OPTIONS = (
    f"--require-approval never --context archive_days=0 --context python={PYTHON} --context architecture={ARCHITECTURE}"
)


@dataclass(frozen=True)
class Operator:
    """``programs`` is a directory with the programs that documented commands call."""

    place: Place
    programs: Path

    def start(self) -> None:
        emulator.stop(self.place)
        shutil.rmtree(self.place.directory, ignore_errors=True)
        self.place.directory.mkdir(parents=True)
        self._start_emulator(enforce_iam=False)
        self.programs.mkdir()
        command = f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/tests/e2e/aws_cli.py" "$@"\n'
        (self.programs / "aws").write_text(command)
        (self.programs / "aws").chmod(0o755)

    def stop(self) -> None:
        emulator.stop(self.place)

    def enforce_roles(self) -> None:
        """Hold every function to its role from now on. Nothing more can be deployed."""
        stack = self.stack()
        buckets = (stack.outputs["BucketName"], stack.outputs["AnchorBucketName"])
        gaps.allow_plain_http(stack.aws("s3"), stack.aws("sqs"), buckets, stack.name)
        gaps.fit_role_policies(stack.aws("iam"), stack.name)
        emulator.stop(self.place)
        self._start_emulator(enforce_iam=True)

    def _start_emulator(self, *, enforce_iam: bool) -> None:
        # In a process of its own, because the emulator outlives the object that starts it.
        place = f"place.Place({self.place.name!r})"
        start = f"from infra.local import emulator, place; emulator.start({place}, enforce_iam={enforce_iam})"
        subprocess.run([sys.executable, "-c", start], cwd=ROOT, check=True)

    def run(self, line: str, directory: Path = ROOT, **variables: str) -> str:
        """Run a line of the documentation in a checkout, for the stage of this local AWS. Returns what it printed."""
        kept = {name: value for name, value in self.place.environment().items() if not name.startswith("MAKE")}
        paths = os.pathsep.join([str(self.programs), str(Path(sys.executable).parent), kept["PATH"]])
        ran = subprocess.run(
            ["sh", "-euc", self.here(line)],
            cwd=directory,
            env=kept | {"PATH": paths} | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"{line}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def here(self, line: str) -> str:
        """The line with this stage in place of production, and with the options that this machine needs."""
        line = line.replace("STAGE=production", f"STAGE={self.place.name}")
        line = re.sub(r"CDK_OPTIONS='", f"CDK_OPTIONS='{OPTIONS} ", line)
        if re.match(r"make (deploy|upgrade)", line) and "CDK_OPTIONS" not in line:
            line += f" CDK_OPTIONS='{OPTIONS}'"
        return line

    def stack(self) -> Stack:
        """The deployed stack."""
        place = self.place
        found = deployment.outputs(place)
        return Stack(place.stack_name, deployment.api_url(place), deployment.admin_token(place), place.endpoint, found)

    def table(self, name: str) -> dict[str, Any]:
        """DynamoDB's description of a table."""
        described: dict[str, Any] = self.stack().aws("dynamodb").describe_table(TableName=name)["Table"]
        return described
