"""Commands that are run as in a terminal."""

import os
from collections.abc import Callable

import pytest
from moorage import Client

from tests.client.cli.terminal import Shown, run_in_terminal
from tests.client.conftest import Connect

RunInTerminal = Callable[..., Shown]


@pytest.fixture
def terminal(connect: Connect) -> RunInTerminal:
    """Runs a command in a terminal, by default of 80 columns, with clients that talk to the app in process."""

    def with_token(url: str | None, token: str | None) -> Client:
        return connect(url, token or os.environ.get("MOORAGE_TOKEN"))

    def run(*arguments: str, code: int = 0, columns: int = 80, typed: str | None = None) -> Shown:
        shown = run_in_terminal(arguments, with_token, columns=columns, typed=typed)
        assert shown.code == code, shown
        return shown

    return run
