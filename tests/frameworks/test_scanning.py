"""Models that frameworks write of themselves are never unsafe, and for review only where they hold more than data."""

import re
from pathlib import Path
from typing import Final

import pytest

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes
from chalicelib.domain.scanning.verdict import Verdict
from tests.docs_blocks import ROOT
from tests.frameworks.environment import PROGRAMS, environments, run

# The environment of each program that writes models, and how the row of the table begins that counts its files.
PROGRAMS_OF: Final = {
    "scikit_learn": ("light", "scikit-learn"),
    "boosting": ("light", "XGBoost"),
    "onnx": ("light", "ONNX"),
    "tensors": ("light", "NumPy"),
    "torch": ("torch", "PyTorch"),
    "transformers": ("torch", "transformers"),
    "keras": ("torch", "Keras"),
}
TABLE: Final = ROOT / "docs" / "concepts" / "scanning-and-quarantine.md"
# What somebody must look at, by the name of the file: the codes of the findings.
FOR_REVIEW: Final[dict[str, dict[str, set[str]]]] = {
    # TorchScript is a program, which names types of its own.
    "torch": {"script.pt": {"unknown_import"}, "trace.pt": {"unknown_import"}},
    # Whoever loads the model must have the classes that somebody registered, and HDF5 is not read in full.
    "keras": {
        "registered_layer.keras": {"keras_class"},
        "registered_model.keras": {"keras_class"},
        "dense.h5": {"hdf5"},
        "convolutions.h5": {"hdf5"},
        "dense.weights.h5": {"hdf5"},
        "shards_00000.weights.h5": {"hdf5"},
    },
}
# Numbers without a header, which the file beside them describes.
UNSCANNED: Final = {"onnx": {"beside.onnx.data"}}

pytestmark = pytest.mark.frameworks


@pytest.mark.parametrize("kind", [kind for kind, (libraries, _) in PROGRAMS_OF.items() if libraries in environments()])
def test_models_of_frameworks_are_clean_but_for_those_that_hold_more_than_data(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    libraries, row = PROGRAMS_OF[kind]
    run(libraries, PROGRAMS / f"files_of_{kind}.py", url="", directory=tmp_path)
    found = {
        name: scan_file(name, Bytes((tmp_path / name).read_bytes()))
        for name in (str(file.relative_to(tmp_path)) for file in sorted(tmp_path.rglob("*")) if file.is_file())
        # What is hidden belongs to libraries: the directory is their home, too.
        if not name.startswith(".")
    }
    of = {verdict: {name for name, scan in found.items() if scan.verdict is verdict} for verdict in Verdict}
    with capsys.disabled():
        print(f"\n{kind}: {len(of[Verdict.REVIEW])} of {len(found)} files are for review")
    assert {name: found[name].reasons for name in of[Verdict.UNSAFE]} == {}
    assert of[Verdict.UNSCANNED] == UNSCANNED.get(kind, set())
    assert {
        name: {reason.code for reason in found[name].reasons if reason.verdict is Verdict.REVIEW}
        for name in of[Verdict.REVIEW]
    } == FOR_REVIEW.get(kind, {})
    counted = re.search(rf"^\| {row}\b[^|]*\| (\d+) \| (\d+)", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert counted is not None
    assert counted.groups() == (str(len(found)), str(len(of[Verdict.REVIEW])))
