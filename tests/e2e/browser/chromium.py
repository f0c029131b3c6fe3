"""The browser of the tests: the one that make unpacked, else Debian's."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

UNPACKED: Final = Path(__file__).parents[3] / ".local" / "chromium"
# A container has no namespaces for Chromium's sandbox, no graphics card, and no network but loopback.
ARGUMENTS: Final = (
    "--no-sandbox",
    "--no-zygote",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running headless Chromium. A missing one fails the tests; it never skips them."""
    executable, environment = _found()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=list(ARGUMENTS), env={**os.environ, **environment}
        )
        try:
            yield browser
        finally:
            browser.close()


def _found() -> tuple[str, dict[str, str]]:
    """The browser's file, and the environment in which it finds its libraries and fonts."""
    unpacked = UNPACKED / "chromium"
    if unpacked.is_file():
        libraries = [str(UNPACKED / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
        return str(unpacked), {
            "LD_LIBRARY_PATH": os.pathsep.join(filter(None, libraries)),
            "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf"),
        }
    installed = shutil.which("chromium")
    if installed is None:
        pytest.fail("there is no browser: run make e2e, which unpacks Chromium, or install Debian's package chromium")
    return installed, {}
