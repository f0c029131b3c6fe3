"""The last commit without seals of aliases and without parts of long lists of files, deployed from its own code."""

import io
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

from infra.local.place import ROOT

COMMIT: Final = "b4210064a4dbbf5ce103ff3ae12b973975e36fad"
# Its Makefile would install what it needs. It needs nothing else than this environment, which has the same versions.
DEPLOY: Final = "make deploy STAGE=production TOOLS= CDK= CDK_OPTIONS=''"


def check_out(directory: Path) -> None:
    """Write the files of the commit into ``directory``, and let it use this environment. Needs git's whole history."""
    archived = subprocess.run(["git", "archive", COMMIT], cwd=ROOT, capture_output=True, check=False)
    assert archived.returncode == 0, (
        f"The upgrade is tested from the commit {COMMIT[:7]}, which this checkout does not have: "
        f"{archived.stderr.decode().strip()}. Get the whole history with: git fetch --unshallow"
    )
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as files:
        files.extractall(directory, filter="data")
    (directory / ".venv").symlink_to(sys.prefix)
    (directory / "infra" / "node_modules").symlink_to(ROOT / "infra" / "node_modules")
