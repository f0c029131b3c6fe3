"""Whatever text a caller sends, the log gets one line of JSON."""

import json

import pytest

from chalicelib.aws.log import log_line


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2J", '"}', "\u2028", "é", "\ud800", "\udc00\ud800x"])
def test_any_text_is_one_line_that_reads_back(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON may hold a lone surrogate, so an unchecked token may too, and its claims are logged."""
    log_line("note", text=text)
    written = capsys.readouterr().out
    assert written.endswith("\n") and written.count("\n") == 1
    assert json.loads(written) == {"log": "note", "text": text}
