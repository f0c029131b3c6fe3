"""The notebook of examples/ does what it says, in a kernel of the environment that has scikit-learn and pandas."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.docs_blocks import ROOT
from tests.frameworks.environment import PROGRAMS, environments, run

NOTEBOOK = ROOT / "examples" / "eight_tasks.ipynb"

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.skipif("light" not in environments(), reason="MOORAGE_FRAMEWORKS leaves its environment out"),
]


def shown(cell: dict[str, Any], kind: str) -> str:
    """What a cell shows of a kind such as ``text/html``, joined."""
    return "".join("".join(output.get("data", {}).get(kind, "")) for output in cell["outputs"])


def test_the_notebook_shows_what_it_says(url: str, tmp_path: Path) -> None:
    executed = tmp_path / "executed.ipynb"
    run("light", PROGRAMS / "notebook.py", str(NOTEBOOK), str(executed), url=url, directory=tmp_path)
    cells = {cell["id"]: cell for cell in json.loads(executed.read_text(encoding="utf-8"))["cells"]}
    registered = shown(cells["registered"], "text/html")
    assert "Version tumours/3" in registered and "scikit-learn==1.9.1, skops==" in registered
    assert "Alias tumours@champion" in (moved := shown(cells["move"], "text/html")) and ">3<" in moved
    assert shown(cells["loaded"], "text/plain").startswith("array([")
    best = shown(cells["best"], "text/html")
    assert 'class="dataframe"' in best
    assert best.index("<td>3</td>") < best.index("<td>2</td>") < best.index("<td>1</td>")
    assert "Not for diagnosis" in shown(cells["card"], "text/html")
    assert shown(cells["plot"], "image/png")
    assert ">2<" in shown(cells["roll-back"], "text/html")
    history = shown(cells["history"], "text/html")
    assert history.index("too slow") < history.index("sees all measurements") < history.index("better than nothing")
    # No warning of a library and no progress bar stands between them.
    outputs = [output for cell in cells.values() for output in cell.get("outputs", ())]
    assert {output["output_type"] for output in outputs} == {"execute_result", "display_data"}
