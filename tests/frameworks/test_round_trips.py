"""Models of real frameworks are logged and loaded again, by programs in the environments of the frameworks."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.aws.services import Services
from tests.client.loopback_registry import registry_on_loopback
from tests.conftest import ADMIN_TOKEN
from tests.docs_blocks import ROOT, blocks

ENVIRONMENTS = ROOT / ".local"
PROGRAMS = Path(__file__).parent / "programs"
OF_TORCH = ("of_pytorch", "of_transformers")
PAGE = ROOT / "docs" / "frameworks.md"

pytestmark = pytest.mark.frameworks


def environments() -> list[str]:
    """The environments to run: both, or the one that MOORAGE_FRAMEWORKS names."""
    return os.environ.get("MOORAGE_FRAMEWORKS", "light torch").split()


def programs() -> Iterator[tuple[str, Path]]:
    for program in sorted(PROGRAMS.glob("of_*.py")):
        environment = "torch" if program.stem in OF_TORCH else "light"
        if environment in environments():
            yield environment, program


@pytest.fixture
def url(registry: Services) -> Iterator[str]:
    with registry_on_loopback(registry) as address:
        yield address


def run(libraries: str, program: Path, url: str, directory: Path) -> None:
    """Run a program that knows only the registry. An environment that is missing is an error, never a skip."""
    interpreter = ENVIRONMENTS / f"frameworks-{libraries}" / "bin" / "python"
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
        [str(interpreter), str(program)], cwd=directory, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-8000:]}"


@pytest.mark.parametrize(
    ("libraries", "program"),
    [pytest.param(libraries, program, id=program.stem) for libraries, program in programs()],
)
def test_a_model_predicts_the_same_after_it_was_logged_and_loaded(
    libraries: str, program: Path, url: str, tmp_path: Path
) -> None:
    run(libraries, program, url, tmp_path)


@pytest.mark.parametrize("libraries", environments())
def test_the_page_about_frameworks_does_what_it_says(libraries: str, url: str, tmp_path: Path) -> None:
    """The blocks of the page are run as one script: those with PyTorch in its environment, the others in the light one.

    They share the names of the blocks before, so what a block needs of an earlier one is in the same environment.
    """
    texts = [block.text for block in blocks(PAGE) if block.language == "python"]
    of_torch = [text for text in texts if "torch" in text or "transformers" in text]
    chosen = of_torch if libraries == "torch" else [text for text in texts if text not in of_torch]
    program = tmp_path / "page.py"
    program.write_text("\n".join(["from moorage import Client\n\nregistry = Client()", *chosen]))
    run(libraries, program, url, tmp_path)
