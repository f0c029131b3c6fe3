"""Run pip and show how far it is: ``python tools/install.py WHAT PYTHON LOCK [OPTION…]``.

``WHAT`` is what is installed, for people; ``PYTHON`` is the interpreter of the environment that receives it; ``LOCK``
is a file of pinned requirements with all that they need; options go to pip. Standard library only, because this runs
before anything is installed.
"""

import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

# Where nobody watches, as in CI: one line for so many packages.
EVERY = 20
SHOWN_OF_A_FAILURE = 30


def main() -> int:
    what, python, lock, *options = sys.argv[1:]
    requirements = Path(lock).read_text()
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--requirement", lock]
    command += ["--no-deps", "--progress-bar=off", "--no-input", *options]
    if "--hash=" in requirements:
        command.append("--require-hashes")
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        last: deque[str] = deque(maxlen=SHOWN_OF_A_FAILURE)
        for progress in told(what, count(requirements), kept(pip.stdout or (), last)):
            show(progress)
    if pip.returncode:
        print("\n".join(["", *last]), file=sys.stderr)
        return pip.returncode
    show(f"{what}: installed in {time.monotonic() - begun:.0f} s")
    print(file=sys.stderr)
    return 0


def count(requirements: str) -> int:
    """How many packages a file of pinned requirements names."""
    return len(re.findall(r"^[A-Za-z0-9].*==", requirements, flags=re.MULTILINE))


def told(what: str, total: int, lines: Iterable[str]) -> Iterator[str]:
    """What to say of the progress, for pip's lines."""
    found = 0
    yield f"{what}: {total} packages"
    for line in lines:
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            found += 1
            yield f"{what}: {found} of {total} packages fetched"
        elif line.startswith("Installing collected packages"):
            yield f"{what}: unpacking {total} packages …"


def kept(lines: Iterable[str], last: deque[str]) -> Iterator[str]:
    """The lines, of which ``last`` keeps the newest."""
    for line in lines:
        last.append(line.rstrip())
        yield line


def show(progress: str) -> None:
    """Write over the line before on a terminal; elsewhere, write some of the lines."""
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)
    elif not (counted := re.search(r": (\d+) of", progress)) or int(counted.group(1)) % EVERY == 0:
        print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
