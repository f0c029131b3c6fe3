"""The active run of an experiment tracker, if the process has one. No tracker is imported for it."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Final

from moorage.capture.git import without_secrets


def active_run() -> dict[str, str] | None:
    """``{"id", "url"?}`` of the active run of MLflow, else of Weights & Biases. None if neither has one."""
    found = (find(sys.modules[name]) for name, find in _TRACKERS.items() if name in sys.modules)
    return next((run for run in found if run is not None), None)


def _mlflow(mlflow: ModuleType) -> dict[str, str] | None:
    run = mlflow.active_run()
    if run is None:
        return None
    server = str(mlflow.get_tracking_uri())
    if not server.startswith(("http://", "https://")):
        return {"id": run.info.run_id}
    page = f"{without_secrets(server).rstrip('/')}/#/experiments/{run.info.experiment_id}/runs/{run.info.run_id}"
    return {"id": run.info.run_id, "url": page}


def _wandb(wandb: ModuleType) -> dict[str, str] | None:
    run = wandb.run
    if run is None:
        return None
    # Without a connection, a run has no address.
    return {"id": run.id, "url": run.url} if run.url else {"id": run.id}


_TRACKERS: Final[dict[str, Callable[[ModuleType], dict[str, str] | None]]] = {"mlflow": _mlflow, "wandb": _wandb}
