"""Aliases: movable names of versions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, time_text
from moorage.results import Alias, AsOf, Move

ANY: Final = "any"


class Aliases:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str) -> list[Alias]:
        document = self._connection.read(f"{paths.model(model)}/aliases")
        return [decode(Alias, item) for item in document["items"]]

    def get(self, model: str, alias: str) -> Alias:
        return self._connection.get(Alias, _path(model, alias))

    def set(
        self,
        model: str,
        alias: str,
        version: int,
        *,
        expected: int | str | None = ANY,
        reason: str | None = None,
    ) -> Alias:
        """Point ``alias`` at ``version``.

        ``expected`` is the version that it must point at now, None if it must not exist; a difference
        raises ConflictError (``alias_moved``). By default the present state does not matter.
        """
        body: dict[str, Any] = {"version": version}
        if expected != ANY:
            body["expected_version"] = expected
        if reason is not None:
            body["reason"] = reason
        return decode(Alias, self._connection.write("PUT", _path(model, alias), body))

    def delete(self, model: str, alias: str) -> None:
        self._connection.write("DELETE", _path(model, alias))

    def roll_back(self, model: str, alias: str, *, to: int | None = None, reason: str | None = None) -> Alias:
        """Point ``alias`` at the version before, or at the earlier one ``to``."""
        return self._connection.post(Alias, f"{_path(model, alias)}/rollback", roll_back_body(to, reason))

    def protect(self, model: str, alias: str, *, protected: bool = True) -> bool:
        """Protect an alias, or lift its protection, and answer whether it is protected now.

        A protected alias is moved, rolled back and deleted only by who may ``move_protected_alias``. It need not exist.
        """
        answer = self._connection.write("PUT", f"{_path(model, alias)}/protection", {"protected": protected})
        return bool(answer["protected"])

    def history(self, model: str, alias: str, *, limit: int | None = None) -> Iterator[Move]:
        """Newest first."""
        return self._connection.items(Move, f"{_path(model, alias)}/history", limit)

    def as_of(self, model: str, alias: str, time: datetime | str) -> AsOf:
        """Where the alias pointed at ``time``, which names its zone, and by which move."""
        return self._connection.get(AsOf, f"{_path(model, alias)}/as-of", time=time_text(time))


def _path(model: str, alias: str) -> str:
    return f"{paths.model(model)}/aliases/{paths.segment(alias.removeprefix('@'))}"


def roll_back_body(to: int | None, reason: str | None) -> dict[str, Any]:
    """What rolling back an alias or a stage takes."""
    given = {"version": to, "reason": reason}
    return {name: value for name, value in given.items() if value is not None}
