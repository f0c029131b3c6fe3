"""Aliases: names that point at a version and can be moved."""

from datetime import datetime
from typing import Any, Final

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, time_text
from moorage.listing import Listing, WholeList
from moorage.results import Alias, AsOf, Move

ANY: Final = "any"


class Aliases:
    """A model's aliases. An alias may be given with or without its ``@``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str) -> WholeList[Alias]:
        return self._connection.whole(Alias, f"{paths.model(model)}/aliases")

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

        ``expected`` makes the call conditional: it is the version that the alias must point at now, or None if
        the alias must not exist yet. Raises ConflictError (``alias_moved``) if that is not so. By default the
        alias is set whatever its current state.
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
        """Point ``alias`` at its previous version, or at the earlier version ``to``."""
        return self._connection.post(Alias, f"{_path(model, alias)}/rollback", roll_back_body(to, reason))

    def protect(self, model: str, alias: str, *, protected: bool = True) -> bool:
        """Protect an alias, or lift its protection. Returns whether it is protected now.

        Only principals with the action ``move_protected_alias`` can move, roll back or delete a protected alias.
        The alias need not exist yet.
        """
        answer = self._connection.write("PUT", f"{_path(model, alias)}/protection", {"protected": protected})
        return bool(answer["protected"])

    def history(self, model: str, alias: str, *, limit: int | None = None) -> Listing[Move]:
        """The moves of an alias, newest first."""
        return self._connection.items(Move, f"{_path(model, alias)}/history", limit)

    def as_of(self, model: str, alias: str, time: datetime | str) -> AsOf:
        """Where the alias pointed at ``time``, and which move put it there. ``time`` must have a time zone."""
        return self._connection.get(AsOf, f"{_path(model, alias)}/as-of", time=time_text(time))


def _path(model: str, alias: str) -> str:
    return f"{paths.model(model)}/aliases/{paths.segment(alias.removeprefix('@'))}"


def roll_back_body(to: int | None, reason: str | None) -> dict[str, Any]:
    """The request body for rolling back an alias or a stage."""
    given = {"version": to, "reason": reason}
    return {name: value for name, value in given.items() if value is not None}
