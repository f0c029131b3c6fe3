"""What docs/api.md says of curl is run as it stands."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.stack import Stack

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
def test_curl_alone_goes_from_registering_to_downloading(stack: Stack, tmp_path: Path) -> None:
    section = DOCUMENT.read_text().split("## With curl alone")[1]
    blocks = re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)
    script = "set -eu\n" + "".join(blocks).replace("curl-model", stack.fresh_name("curl"))
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "MOORAGE_URL": stack.url,
        "MOORAGE_TOKEN": stack.token,
    }
    ran = subprocess.run(
        ["sh", "-c", script], check=False, cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    assert (tmp_path / "served.bin").read_bytes() == (tmp_path / "model.bin").read_bytes()
