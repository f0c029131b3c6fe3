"""The names of the package, which are imported when they are first used."""

import ast
import subprocess
import sys
from pathlib import Path

import moorage
import pytest

SOURCE = ast.parse(Path(moorage.__file__).read_text(encoding="utf-8"))


def imports_for_types() -> dict[str, str]:
    """The module of each name, as type checkers read it."""
    (block,) = [node for node in SOURCE.body if isinstance(node, ast.If)]
    return {
        name.name: str(statement.module).removeprefix("moorage.")
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for name in statement.names
    }


def test_type_checkers_and_the_interpreter_find_the_same_names_in_the_same_modules() -> None:
    assert imports_for_types() == moorage._MODULES
    assert sorted(moorage.__all__) == sorted(moorage._MODULES) == dir(moorage)


@pytest.mark.parametrize("name", moorage.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(moorage, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Cilent'"):
        _ = moorage.Cilent


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import moorage", ("httpx", "yaml", "asyncio", "dataclasses")),
        ("from moorage import verify_webhook, verify_chain", ("httpx", "yaml")),
        ("from moorage import Client", ("yaml", "moorage.cli", "moorage.notebook")),
        ("from moorage import AsyncClient", ("yaml", "moorage.cli")),
    ],
)
def test_what_a_statement_does_not_need_is_not_imported(statement: str, absent: tuple[str, ...]) -> None:
    extras = ("pandas", "numpy", "matplotlib", "greenlet", "sklearn", "torch", "boto3", "botocore", "pydantic")
    program = f"import sys; {statement}; print(*sorted({{*{(*extras, *absent)}}} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
