"""Files that real frameworks write are never called unsafe, and most of them are clean."""

from pathlib import Path
from typing import Final

import pytest

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes
from chalicelib.domain.scanning.verdict import Verdict
from tests.docs_blocks import ROOT
from tests.frameworks.environment import PROGRAMS, environments, run

# Files that somebody must look at, by their names: TorchScript is a program, and names types of its own.
FOR_REVIEW: Final = {"light": set(), "torch": {"script.pt"}, "keras": {"model.h5", "model.weights.h5"}}

pytestmark = pytest.mark.frameworks


@pytest.mark.parametrize("libraries", environments())
def test_models_of_frameworks_are_clean_but_for_those_that_are_programs(
    libraries: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(libraries, PROGRAMS / f"files_of_{libraries}.py", url="", directory=tmp_path)
    _check(libraries, tmp_path, capsys)


def test_models_of_keras_are_clean_but_for_hdf5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = ROOT / ".local" / "frameworks-torch"
    if "torch" not in environments() or not any(environment.glob("lib/python*/site-packages/keras")):
        pytest.skip("no environment of the frameworks has Keras")
    run("torch", PROGRAMS / "files_of_keras.py", url="", directory=tmp_path)
    _check("keras", tmp_path, capsys)


def _check(libraries: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {file.name: scan_file(file.name, Bytes(file.read_bytes())) for file in folder.iterdir() if file.is_file()}
    for_review = {name for name, scan in found.items() if scan.verdict is Verdict.REVIEW}
    with capsys.disabled():
        print(f"\n{libraries}: {len(for_review)} of {len(found)} files are for review")
    assert {name: scan.verdict for name, scan in found.items() if name not in for_review} == dict.fromkeys(
        found.keys() - for_review, Verdict.CLEAN
    )
    assert {name: found[name].reasons for name in for_review - FOR_REVIEW[libraries]} == {}
