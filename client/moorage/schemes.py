"""Promotion schemes: the rules by which versions move between stages, and which of them judges a model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.results import SchemeRef


@dataclass(frozen=True, slots=True)
class SavedScheme:
    """A version of a scheme; docs/schemes.md describes ``document``. Built-in ones were saved by nobody."""

    name: str
    version: int
    document: dict[str, Any] = field(default_factory=dict)
    builtin: bool = False
    saved_at: datetime | None = None
    saved_by: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class ModelScheme:
    """The scheme that judges a model, or that new models are given. ``follows``: later versions come by themselves."""

    name: str
    version: int
    document: dict[str, Any] = field(default_factory=dict)
    follows: bool = True


@dataclass(frozen=True, slots=True)
class ModelTier:
    """A model's risk tier (low, medium, high) and the scheme whose gates and approvals it selects."""

    tier: str
    scheme: SchemeRef


@dataclass(frozen=True, slots=True)
class SimulatedMove:
    """A past move and what a proposed scheme would have said: ``blockers`` is empty where it was made all the same."""

    sequence: int
    time: datetime
    actor: str
    version: int
    from_stage: str
    to_stage: str
    trigger: str
    allowed: bool
    blockers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulation:
    """``complete`` is false where the model has more past moves than one call looks at."""

    model: str
    moves: tuple[SimulatedMove, ...]
    refused: int
    complete: bool


class Schemes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Iterator[SavedScheme]:
        """The built-in ones first."""
        return self._connection.items(SavedScheme, "schemes", limit)

    def get(self, name: str, *, version: int | None = None) -> SavedScheme:
        """A scheme, or an earlier version of it."""
        return self._connection.get(SavedScheme, _path(name), version=version)

    def save(self, name: str, document: Mapping[str, Any], *, if_match: str | None = None) -> SavedScheme:
        """Save ``document`` as the next version of the scheme; models that follow the scheme are given it in seconds.

        Raises InvalidRequestError, whose ``errors`` name every fault by its place.
        """
        body = _body(document)
        return decode(SavedScheme, self._connection.write("PUT", _path(name), body, if_match=if_match))

    def default(self) -> ModelScheme:
        """The scheme that new models are given."""
        return self._connection.get(ModelScheme, "default-scheme")

    def set_default(self, name: str) -> ModelScheme:
        return decode(ModelScheme, self._connection.write("PUT", "default-scheme", {"scheme": name}))

    def of(self, model: str) -> ModelScheme:
        """The scheme that judges a model."""
        return self._connection.get(ModelScheme, f"{paths.model(model)}/scheme")

    def assign(self, model: str, name: str, *, version: int | None = None) -> ModelTier:
        """Let a scheme judge a model: always the latest version of it, or ``version`` and no other."""
        body: dict[str, Any] = {"scheme": name} if version is None else {"scheme": name, "version": version}
        return decode(ModelTier, self._connection.write("PUT", f"{paths.model(model)}/scheme", body))

    def set_tier(self, model: str, tier: str, *, reason: str | None = None) -> ModelTier:
        body = {"tier": tier} if reason is None else {"tier": tier, "reason": reason}
        return decode(ModelTier, self._connection.write("PUT", f"{paths.model(model)}/tier", body))

    def simulate(self, model: str, document: Mapping[str, Any]) -> Simulation:
        """Hold a proposed scheme against the model's past moves: which it would have refused. Nothing is saved."""
        path = f"{paths.model(model)}/scheme/simulate"
        return self._connection.post(Simulation, path, _body(document))


def _path(name: str) -> str:
    return f"schemes/{paths.segment(name)}"


def _body(document: Mapping[str, Any]) -> dict[str, Any]:
    """A saved document says its name and version, which the registry gives it anew."""
    return {field: value for field, value in document.items() if field not in ("name", "version")}
