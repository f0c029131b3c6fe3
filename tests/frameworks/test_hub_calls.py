"""The page that counts statements calls huggingface_hub as it is, in the environment that has it for transformers."""

from pathlib import Path

import pytest

from tests.eight_tasks import preparation, tasks
from tests.frameworks.environment import PROGRAMS, environments, run

PRODUCT = "huggingface_hub"

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.skipif("torch" not in environments(), reason="MOORAGE_FRAMEWORKS leaves its environment out"),
]


def test_huggingface_hub_has_the_calls_of_the_page_with_these_parameters(url: str, tmp_path: Path) -> None:
    code = tmp_path / "hub.py"
    shown = [preparation(PRODUCT), *(task.code[PRODUCT] for task in tasks() if PRODUCT in task.code)]
    code.write_text("\n".join(shown), encoding="utf-8")
    printed = run("torch", PROGRAMS / "hub_calls.py", str(code), url=url, directory=tmp_path)
    assert {"upload_folder", "create_tag", "delete_tag", "hf_hub_download", "list_repo_refs", "push_to_hub"} <= {
        *printed.split()
    }
