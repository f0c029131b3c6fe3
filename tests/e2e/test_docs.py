"""Every block of README.md and docs is run as it stands, in order within its page, on the deployed stack.

What a page shows as the output of Python must be what it prints.
"""

import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from moorage import Client

from tests.docs_blocks import ALL, Block, output_matches
from tests.e2e.stack import Stack

SCRIPTS = Path(sys.executable).parent
# Names of the pages that must be new on each run, since the stack is shared.
NAMES = re.compile(r"\b(fraud|churn|loans|curl-model|credit|curator|github(?= --issuer)|deployers)\b")
# What is elsewhere for a reader. The registry looks up the host of a webhook, and these cannot be reached from here.
REPLACED = {
    ".venv/bin/": f"{SCRIPTS}/",
    "https://ci.example.com/hooks": "http://127.0.0.1:9/hooks",
    "https://api.github.com": "http://127.0.0.1:9/github",
    "https://gitlab.com --format": "http://127.0.0.1:9/gitlab --format",
    "https://jenkins.example.com": "http://127.0.0.1:9/jenkins",
    "https://dev.azure.com": "http://127.0.0.1:9/azure",
    "https://argo.example.com": "http://127.0.0.1:9/argo",
    "https://hooks.slack.com": "http://127.0.0.1:9",
    "https://teams.example.com": "http://127.0.0.1:9",
    "https://events.pagerduty.com": "http://127.0.0.1:9",
}
# Variables and functions of one block of sh are there in the next.
BEFORE = "set -eua -o pipefail\nif [ -e .state ]; then . ./.state; fi\n"
AFTER = "\n{ export -p; declare -f; } > .state\n"
RUNNING = tuple(dict.fromkeys(block.page for block in ALL if block.runs))


class Reader:
    """Somebody who does what a page says, in a directory with the files that a reader has."""

    def __init__(self, stack: Stack, page: str, directory: Path) -> None:
        self.suffix = stack.fresh_name("x")
        self.page, self.directory = page, directory
        token = self._token(stack)
        self.environment = {
            "PATH": f"{SCRIPTS}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(directory),
            "MOORAGE_URL": stack.url,
            "MOORAGE_TOKEN": token,
        }
        self.names: dict[str, Any] = {}

    def run(self, block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
        text = NAMES.sub(lambda found: f"{found.group()}-{self.suffix}", block.text)
        for written, here in REPLACED.items():
            text = text.replace(written, here)
        if block.language == "sh":
            self._shell(block, text)
        else:
            with monkeypatch.context() as patched:
                patched.chdir(self.directory)
                # A session of Python imports what is in the directory that it was started in.
                patched.syspath_prepend(self.directory)
                for name in ("MOORAGE_URL", "MOORAGE_TOKEN", "HOME"):
                    patched.setenv(name, self.environment[name])
                with redirect_stdout(StringIO()) as printed:
                    exec(compile(text, str(block), "exec"), self.names)
            self._compare(block, printed.getvalue())

    def _compare(self, block: Block, printed: str) -> None:
        """Check that a block printed what the page says, if it says it."""
        if block.output is not None:
            shown = printed.replace(f"-{self.suffix}", "")
            assert output_matches(block.output, shown), f"{block} prints:\n{shown}"

    def leave(self) -> None:
        """Close what the page left open, as it is when a reader ends the session."""
        for value in self.names.values():
            if isinstance(value, Client):
                value.close()

    def _shell(self, block: Block, text: str) -> None:
        ran = subprocess.run(
            ["bash", "-c", BEFORE + text + AFTER],
            check=False,
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
        assert self.environment["MOORAGE_TOKEN"] not in ran.stdout + ran.stderr

    def _token(self, stack: Stack) -> str:
        """An administrator's own token, so that idempotency keys are new.

        A page about what a registry finds sees only the models that it makes.
        """
        models = f"*-{self.suffix}" if self.page == "docs/search.md" else "*"
        with stack.http() as http:
            grants = [{"role": "admin", "models": models}]
            made = http.post("/v1/tokens", json={"name": self.suffix, "grants": grants})
        assert made.status_code == 201, made.text
        token: str = made.json()["token"]
        return token


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
@pytest.mark.parametrize("page", RUNNING)
def test_a_page_does_what_it_says(stack: Stack, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for directory in ("model", "build/model"):
        (tmp_path / directory).mkdir(parents=True)
        (tmp_path / directory / "model.bin").write_bytes(b"weights")
    (tmp_path / "README.md").write_text("# A model\n\n## Intended use\n\nRanking alerts.\n")
    reader = Reader(stack, page, tmp_path)
    try:
        for block in ALL:
            if block.page == page and block.runs:
                reader.run(block, monkeypatch)
    finally:
        reader.leave()
