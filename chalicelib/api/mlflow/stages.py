"""How MLflow's four stages correspond to the stages of a scheme.

A scheme's initial stage is MLflow's None and its archive stage MLflow's Archived, whatever their names. A stage named
staging or production, in any case, is MLflow's Staging or Production. All other stages keep their own names.
"""

from collections.abc import Iterable
from typing import Final

from chalicelib.api.mlflow.errors import MlflowError, invalid
from chalicelib.domain.schemes.scheme import Scheme, SchemeRef

NONE: Final = "None"
ARCHIVED: Final = "Archived"
_ACTIVE: Final = {"staging": "Staging", "production": "Production"}


def shown(scheme: SchemeRef, stage: str) -> str:
    """The name of a stage in answers to MLflow's clients."""
    if stage == scheme.initial:
        return NONE
    if stage == scheme.archive:
        return ARCHIVED
    return _ACTIVE.get(stage.lower(), stage)


def meant(scheme: Scheme, name: str) -> str:
    """The scheme's stage for a name that a client sends, in any case. Raises MlflowError."""
    if name in scheme.stages:
        return name
    for stage in scheme.stages:
        if name.lower() in (stage.lower(), shown(scheme.ref, stage).lower()):
            return stage
    raise unknown(name, (shown(scheme.ref, stage) for stage in scheme.stages))


def unknown(name: str, known: Iterable[str]) -> MlflowError:
    return invalid(f"Invalid Model Version stage: {name}. Value must be one of {', '.join(known)}.")
