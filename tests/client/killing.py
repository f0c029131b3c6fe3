"""Processes that are killed before one of their changes to the file system."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# The interpreter announces these before it does them.
_HARNESS = """
import os, sys
changes = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link"}
left = int(sys.argv[1])
root = sys.argv[2]

def count(event, arguments):
    global left
    if event in changes and str(arguments[0]).startswith(root):
        if left == 0:
            os._exit(9)
        left -= 1

sys.addaudithook(count)
"""


def killed_at_each_step(script: str, root: Path) -> Iterator[int]:
    """Run ``script`` with ``root`` as ``sys.argv[2]`` and yield once it was killed, one step later each time.

    Ends with the run that was not killed.
    """
    for step in range(200):
        done = subprocess.run([sys.executable, "-c", _HARNESS + script, str(step), str(root)], check=False)
        if done.returncode == 0:
            return
        assert done.returncode == 9, script
        yield step
    raise AssertionError("the script makes too many changes")
