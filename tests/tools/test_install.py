"""The progress of an installation, from what pip prints."""

import subprocess
import sys
from pathlib import Path

from tools.install import count, told

LOCK = "# comment\nfoo==1.0 \\\n    --hash=sha256:abc\n    # via bar\nbar[extra]==2.0\n"


def test_a_lock_file_says_how_many_packages_there_are() -> None:
    assert count(LOCK) == 2


def test_every_package_is_counted_whether_it_is_fetched_or_there() -> None:
    lines = [
        "Collecting foo==1.0 (from -r lock (line 1))\n",
        "  Downloading foo-1.0-py3-none-any.whl (2 kB)\n",
        "Requirement already satisfied: bar==2.0 in /somewhere\n",
        "Installing collected packages: foo\n",
    ]
    assert list(told("Tools", 2, lines)) == [
        "Tools: 2 packages",
        "Tools: 1 of 2 packages fetched",
        "Tools: 2 of 2 packages fetched",
        "Tools: unpacking 2 packages …",
    ]


def test_a_failed_installation_shows_why_and_fails(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("no-such-package-of-moorage==1.0 --hash=sha256:" + "0" * 64 + "\n")
    script = Path(__file__).resolve().parents[2] / "tools" / "install.py"
    ran = subprocess.run(
        [sys.executable, str(script), "Tools", sys.executable, str(lock), "--no-index"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert "no-such-package-of-moorage" in ran.stderr and "installed" not in ran.stderr
