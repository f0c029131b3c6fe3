"""The other models in the pictures, so that lists have more than one row."""

import tempfile
from pathlib import Path
from typing import Final

from tools.pictures.people import People

# Of each model: what it does, who owns it, the metric and its value in each version.
NEIGHBOURS: Final = {
    "credit-limit": ("Proposes the limit of a new card.", "lending", "mae", (212.4, 198.7, 191.3)),
    "churn": ("Who may close their account within a month.", "growth", "auc", (0.811, 0.824)),
}


def register(people: People) -> None:
    """Register each model with the default scheme, and take its newest version to production."""
    for name, (description, owner, metric, values) in NEIGHBOURS.items():
        people.admin.models.create(name, description=description, owner=owner, tags={"team": owner})
        with tempfile.TemporaryDirectory() as folder:
            for number, value in enumerate(values, 1):
                Path(folder, "model.bin").write_bytes(bytes([number]) * 1024)
                people.ada.register(name, folder, metrics={metric: value})
        for stage in ("staging", "production"):
            people.mira.versions.transition(name, len(values), stage, reason="Best so far.")
        people.mira.aliases.set(name, "champion", len(values))
