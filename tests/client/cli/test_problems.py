"""How errors fit a terminal."""

import pytest

from tests.client.cli.conftest import RunInTerminal

BEFORE = " AND ".join(f"tags.tag{number} = 'value {number}'" for number in range(12))


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (f"{BEFORE} AND owner == 'risk' AND {BEFORE}", 80),
        (f"owner == 'risk' AND {BEFORE}", 80),
        (f"{BEFORE} AND owner == 'risk'", 80),
        (f"{BEFORE} AND owner == 'risk' AND {BEFORE}", 40),
        ("owner == 'risk'", 80),
    ],
)
def test_the_mark_is_under_its_place_in_a_text_wider_than_the_terminal(
    terminal: RunInTerminal, text: str, columns: int
) -> None:
    lines = terminal("search", "models", text, columns=columns, code=6).stderr.splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip() == "^")
    shown, mark = lines[at - 1], lines[at].index("^")
    assert len(shown) <= columns
    assert shown[mark - 1 : mark + 1] == "=="
    assert shown.startswith("…") == (text.index("==") > columns // 2)


def test_a_command_to_copy_is_on_one_line(terminal: RunInTerminal) -> None:
    name = "x" * 120
    lines = terminal("promote", f"{name}/1", "staging", columns=40, code=3).stderr.splitlines()
    assert "try: moorage models list" in lines
    lines = terminal("show", f"{name}@a b", columns=40, code=3).stderr.splitlines()
    assert all(len(line) <= 40 or name in line or line.startswith("request id") for line in lines)
