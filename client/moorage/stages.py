"""Stages: where versions stand in their model's promotion scheme."""

from collections.abc import Iterator
from datetime import datetime

from moorage import paths
from moorage.aliases import roll_back_body
from moorage.connection import Connection
from moorage.decoding import decode, time_text
from moorage.results import AsOf, Move, Stage, Version


class Stages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str) -> list[Stage]:
        """The scheme's stages, each with the version that holds it."""
        document = self._connection.read(f"{paths.model(model)}/stages")
        return [decode(Stage, item) for item in document["items"]]

    def roll_back(self, model: str, stage: str, *, to: int | None = None, reason: str | None = None) -> Version:
        """Bring the previous holder of an exclusive stage back, or the earlier one ``to``; it is the answer."""
        return self._connection.post(Version, f"{_path(model, stage)}/rollback", roll_back_body(to, reason))

    def history(self, model: str, stage: str, *, limit: int | None = None) -> Iterator[Move]:
        """Newest first."""
        return self._connection.items(Move, f"{_path(model, stage)}/history", limit)

    def as_of(self, model: str, stage: str, time: datetime | str) -> AsOf:
        """Which version held the stage at ``time``, which names its zone, and by which move."""
        return self._connection.get(AsOf, f"{_path(model, stage)}/as-of", time=time_text(time))


def _path(model: str, stage: str) -> str:
    return f"{paths.model(model)}/stages/{paths.segment(stage)}"
