"""The page about configuration has every variable that the code reads."""

import re
from dataclasses import fields
from pathlib import Path

from infra.options import StackOptions

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
CODE = ("app.py", "chalicelib", "client", "infra", "tools", "web/server", "examples")
# MOORAGE_ in the name, or MLflow's and GitHub's that the client reads.
VARIABLE = re.compile(r"[\"'`]((?:MOORAGE|MLFLOW_TRACKING|ACTIONS_ID_TOKEN)_[A-Z_]+)[\"'`]")


def sources() -> list[Path]:
    files = [path for place in CODE for path in (ROOT / place, *(ROOT / place).rglob("*.py")) if path.suffix == ".py"]
    return [path for path in files if "node_modules" not in path.parts]


def test_every_variable_that_the_code_names_is_on_the_page() -> None:
    named = {name for source in sources() for name in VARIABLE.findall(source.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert {name for name in named if f"`{name}`" not in PAGE} == set()


def test_every_variable_on_the_page_is_one_that_the_code_names() -> None:
    told = set(re.findall(r"`(MOORAGE_[A-Z_]+)`", PAGE))
    everything = "\n".join(source.read_text(encoding="utf-8") for source in sources())
    assert {name for name in told if name not in everything} == set()


def test_every_option_that_the_page_names_is_an_option_of_the_stack() -> None:
    (section,) = re.findall(r"^## Inside the functions$(.*?)^## ", PAGE, re.M | re.S)
    named = set(re.findall(r"^\| `\w+` \| `(\w+)` \|", section, re.M))
    assert named <= {option.name for option in fields(StackOptions)}


def test_every_option_of_the_stack_is_on_the_page_once() -> None:
    (section,) = re.findall(r"^## A stack$(.*?)^Variables of `make`:", PAGE, re.M | re.S)
    named = [
        name for row in re.findall(r"^\| [^|`]+ \| (`.+`) \|$", section, re.M) for name in re.findall(r"`(\w+)`", row)
    ]
    assert sorted(named) == sorted(option.name for option in fields(StackOptions))


def test_every_variable_of_make_is_on_the_page() -> None:
    variables = re.findall(r"^([A-Z_]+) \?=", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert [name for name in variables if f"`{name}`" not in PAGE] == []
