"""The environments of the frameworks, and programs that run in them."""

import os
import subprocess
from pathlib import Path

from tests.conftest import ADMIN_TOKEN
from tests.docs_blocks import ROOT

PROGRAMS = Path(__file__).parent / "programs"


def environments() -> list[str]:
    """The environments to run: both, or the one that MOORAGE_FRAMEWORKS names."""
    return os.environ.get("MOORAGE_FRAMEWORKS", "light torch").split()


def run(libraries: str, program: Path, *arguments: str, url: str, directory: Path) -> str:
    """What a program printed that knows only the registry. A missing environment is an error, never a skip."""
    interpreter = ROOT / ".local" / f"frameworks-{libraries}" / "bin" / "python"
    assert interpreter.exists(), f"{interpreter} is missing: run make frameworks"
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "PYTHONPATH": str(ROOT / "client"),
        "MOORAGE_URL": url,
        "MOORAGE_TOKEN": ADMIN_TOKEN,
        # The models are small: threads that wait for each other take longer than the work.
        "OMP_NUM_THREADS": "1",
        # Nothing that a program does may need a hub.
        "HF_HUB_OFFLINE": "1",
    }
    done = subprocess.run(
        [str(interpreter), str(program), *arguments],
        cwd=directory,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-8000:]}"
    return done.stdout
