"""The command that is suggested after an error has the arguments of the one that failed."""

from pathlib import Path
from typing import Any

import pytest
from moorage import ConflictError, ForbiddenError, MoorageError, UnauthenticatedError
from moorage.cli.next_steps import next_step
from moorage.references import Reference


@pytest.mark.parametrize(
    ("error", "given", "step"),
    [
        (ConflictError("", code="gates_not_met"), {"version": Reference("fraud", "@champion"), "stage": "production"},
         "moorage explain fraud@champion production"),
        (ConflictError("", code="gates_not_met"), {"model": "fraud", "request": 4},
         "moorage requests standing fraud 4"),
        (ConflictError("", code="gates_not_met"), {"model": "fraud", "stage": "live"},
         "moorage stages fraud --history live"),
        (ConflictError("", code="upload_incomplete"),
         {"version": Reference("fraud", 3), "paths": (Path("a model"), Path("b"))},
         "moorage resume fraud/3 'a model' b"),
        (ConflictError("", code="upload_incomplete"), {"version": Reference("fraud", 3)},
         "moorage resume fraud/3 PATHS"),
        (ConflictError("", code="version_locked"), {"version": Reference("fraud", 3)}, "moorage show fraud/3"),
        (ConflictError("", code="stage_changed"), {"model": "fraud"}, "moorage show MODEL/VERSION"),
        (ForbiddenError("", code="permission_denied"), {}, "moorage whoami"),
        (ForbiddenError("", code="separation_of_duties"), {"model": "fraud", "request": 1},
         "moorage requests standing fraud 1"),
        (ConflictError("", code="unheard_of"), {"model": "fraud"}, None),
    ],
)  # fmt: skip
def test_names_are_filled_in_where_they_are_known(error: MoorageError, given: dict[str, Any], step: str | None) -> None:
    assert next_step(error, given) == step


def test_without_a_good_token_the_next_step_is_to_log_in_where_the_call_went() -> None:
    error = UnauthenticatedError("")
    assert next_step(error, {"url": "https://hook.example"}, "https://registry.example") == (
        "moorage login https://registry.example"
    )
    assert next_step(error, {"url": "https://registry.example"}) == "moorage login https://registry.example"
