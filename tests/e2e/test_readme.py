"""What README.md says of the command line is run as it stands."""

import re
import subprocess
import sys
from pathlib import Path

from tests.e2e.stack import Stack

README = Path(__file__).parents[2] / "README.md"
SCRIPTS = Path(sys.executable).parent


def test_the_readme_goes_from_login_to_a_verified_audit_trail(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.bin").write_bytes(b"weights")
    section = README.read_text().split("## Use it")[1]
    found = re.search(r"```sh\n(.*?)```", section, flags=re.DOTALL)
    assert found is not None
    lines = found.group(1).replace(".venv/bin/", f"{SCRIPTS}/").replace("fraud", stack.fresh_name("readme"))
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "URL": stack.url, "TOKEN": stack.token}
    command = ["sh", "-euc", lines]
    ran = subprocess.run(command, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    assert (tmp_path / "served" / "model.bin").read_bytes() == b"weights"
    assert stack.token not in ran.stdout + ran.stderr
