"""Stages: the steps of a model's promotion scheme that versions move through."""

from datetime import datetime

from moorage import paths
from moorage.aliases import roll_back_body
from moorage.connection import Connection
from moorage.decoding import time_text
from moorage.listing import Listing, WholeList
from moorage.results import AsOf, ModelAsOf, Move, Stage, Version


class Stages:
    """The stages of each model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str) -> WholeList[Stage]:
        """The stages of the model's scheme, each with the version in it."""
        return self._connection.whole(Stage, f"{paths.model(model)}/stages")

    def roll_back(self, model: str, stage: str, *, to: int | None = None, reason: str | None = None) -> Version:
        """Move the previous version, or the earlier version ``to``, back into an exclusive stage. Returns it."""
        return self._connection.post(Version, f"{_path(model, stage)}/rollback", roll_back_body(to, reason))

    def history(self, model: str, stage: str, *, limit: int | None = None) -> Listing[Move]:
        """The moves into and out of a stage, newest first."""
        return self._connection.items(Move, f"{_path(model, stage)}/history", limit)

    def as_of(self, model: str, stage: str, time: datetime | str) -> AsOf:
        """Which version was in the stage at ``time``, and which move put it there. ``time`` must have a time zone."""
        return self._connection.get(AsOf, f"{_path(model, stage)}/as-of", time=time_text(time))

    def of_all_models_as_of(self, stage: str, time: datetime | str) -> Listing[ModelAsOf]:
        """Which version of each model was in the stage at ``time``, by model; models with none are left out."""
        return self._connection.items(ModelAsOf, "as-of", stage=stage, time=time_text(time))


def _path(model: str, stage: str) -> str:
    return f"{paths.model(model)}/stages/{paths.segment(stage)}"
