"""What an invocation does carries one id, and what comes after it carries none."""

import json

import pytest

from chalicelib.aws.correlation import correlated, current
from chalicelib.aws.log import log_line


def test_log_lines_say_what_they_belong_to_and_only_within(capsys: pytest.CaptureFixture[str]) -> None:
    with correlated("release-7"):
        log_line("note")
        with correlated("release-8"):
            log_line("note")
        with correlated(""):
            log_line("note")
    log_line("note")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("correlation_id") for line in lines] == ["release-7", "release-8", "release-7", None]


def test_an_id_ends_with_what_it_was_for_even_if_that_fails() -> None:
    with pytest.raises(KeyError), correlated("release-7"):
        raise KeyError
    assert current() == ""
