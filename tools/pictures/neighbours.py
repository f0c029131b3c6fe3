"""The other models in the pictures, so that lists have more than one row."""

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

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
                people.ada.register(
                    name,
                    folder,
                    metrics={metric: value},
                    # Without a seed, so that something is missing to make a version again.
                    parameters={"learning_rate": 0.05, "rounds": 200 + 100 * number},
                    provenance=_provenance(name, owner, number),
                )
        for stage in ("staging", "production"):
            people.mira.versions.transition(name, len(values), stage, reason="Best so far.")
        people.mira.aliases.set(name, "champion", len(values))


def _provenance(name: str, owner: str, number: int) -> dict[str, Any]:
    """What a version was made of: the first one of data, and each other one of new data and the one before."""
    month = f"2026-{number + 6:02d}"
    made: dict[str, Any] = {
        "author": "ada",
        "run": {"id": f"{name}-{100 + number}"},
        "source": {
            "repository": f"https://git.example.com/{owner}/{name}",
            "commit": f"{0x4B81D03 + number * 6271:07x}",
        },
        "datasets": [{"name": "accounts", "version": month, "digest": f"sha256:{sha256(month.encode()).hexdigest()}"}],
        "runtime": {"python": "3.13.1", "requirements": ["scikit-learn==1.7.2", f"numpy==2.3.{number}"]},
    }
    if number > 1:
        made["base_models"] = [{"model": name, "version": number - 1, "relation": "finetune"}]
    return made
