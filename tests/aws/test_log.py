"""The log's lines: whatever a caller wrote, one line of JSON comes out."""

import json

import pytest

from chalicelib.aws.log import log_line


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2J", '"}', "\u2028", "é", "\ud800", "\udc00\ud800x"])
def test_any_text_is_one_line_that_reads_back(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A lone surrogate is JSON, and so may stand in what is written of a token that nobody has checked yet."""
    log_line("said", text=text)
    written = capsys.readouterr().out
    assert written.endswith("\n") and written.count("\n") == 1
    assert json.loads(written) == {"log": "said", "text": text}
