"""Models of real frameworks are logged and loaded again, by programs in the environments of the frameworks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs_blocks import ROOT, blocks
from tests.frameworks.environment import PROGRAMS, environments, run

OF_TORCH = ("of_pytorch", "of_transformers")
PAGE = ROOT / "docs" / "frameworks.md"

pytestmark = pytest.mark.frameworks


def programs() -> Iterator[tuple[str, Path]]:
    for program in sorted(PROGRAMS.glob("of_*.py")):
        environment = "torch" if program.stem in OF_TORCH else "light"
        if environment in environments():
            yield environment, program


@pytest.mark.parametrize(
    ("libraries", "program"),
    [pytest.param(libraries, program, id=program.stem) for libraries, program in programs()],
)
def test_a_model_predicts_the_same_after_it_was_logged_and_loaded(
    libraries: str, program: Path, url: str, tmp_path: Path
) -> None:
    run(libraries, program, url=url, directory=tmp_path)


@pytest.mark.skipif("light" not in environments(), reason="it needs scikit-learn")
def test_the_guide_for_data_scientists_does_with_scikit_learn_what_it_says(url: str, tmp_path: Path) -> None:
    """The blocks that tests/e2e leaves out, because they need a framework."""
    guide = blocks(ROOT / "docs" / "guides" / "data-scientist.md")
    texts = [block.text for block in guide if block.language == "python" and block.reason is not None]
    assert len(texts) > 1
    program = tmp_path / "guide.py"
    program.write_text("\n".join(texts))
    run("light", program, url=url, directory=tmp_path)


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
    run(libraries, program, url=url, directory=tmp_path)
