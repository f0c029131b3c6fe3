"""Promotion schemes: the rules by which versions move between stages, and which scheme applies to a model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.listing import Listing
from moorage.results import SchemeRef


@dataclass(frozen=True, slots=True)
class SavedScheme:
    """A version of a scheme. docs/schemes.md describes ``document``. Built-in schemes have no ``saved_by``."""

    name: str
    version: int
    document: dict[str, Any] = field(default_factory=dict)
    builtin: bool = False
    saved_at: datetime | None = None
    saved_by: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class ModelScheme:
    """The scheme of a model, or the default for new models.

    If ``follows`` is True, later versions of the scheme apply automatically.
    """

    name: str
    version: int
    document: dict[str, Any] = field(default_factory=dict)
    follows: bool = True


@dataclass(frozen=True, slots=True)
class ModelTier:
    """A model's risk tier and scheme.

    The tier (``low``, ``medium``, ``high``) selects which gates and approvals of the scheme apply.
    """

    tier: str
    scheme: SchemeRef


@dataclass(frozen=True, slots=True)
class UnjudgedGate:
    """A gate that could not be judged on a past move, and why: what it looks at is not known of that time."""

    gate: str
    reason: str


@dataclass(frozen=True, slots=True)
class SimulatedMove:
    """A past move, evaluated by a proposed scheme. ``blockers`` are the reasons why it would have been refused.

    The gates in ``unjudged`` may have refused it as well; ``allowed`` does not count them.
    """

    sequence: int
    time: datetime
    actor: str
    version: int
    from_stage: str
    to_stage: str
    trigger: str
    allowed: bool
    blockers: tuple[str, ...] = ()
    unjudged: tuple[UnjudgedGate, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulation:
    """The past moves of a model, evaluated by a proposed scheme.

    ``refused`` counts the moves that it would have refused. ``complete`` is False if the model has more past moves than
    one call examines.
    """

    model: str
    moves: tuple[SimulatedMove, ...]
    refused: int
    complete: bool


class Schemes:
    """The promotion schemes of the registry, and those of its models."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[SavedScheme]:
        """All schemes, the built-in ones first."""
        return self._connection.items(SavedScheme, "schemes", limit)

    def get(self, name: str, *, version: int | None = None) -> SavedScheme:
        """The latest version of a scheme, or ``version``."""
        return self._connection.get(SavedScheme, _path(name), version=version)

    def save(self, name: str, document: Mapping[str, Any], *, if_match: str | None = None) -> SavedScheme:
        """Save ``document`` as the next version of the scheme.

        It applies within seconds to all models that follow the scheme. Raises InvalidRequestError if the document has
        faults; ``errors`` lists them, each with its place.
        """
        body = _body(document)
        return decode(SavedScheme, self._connection.write("PUT", _path(name), body, if_match=if_match))

    def default(self) -> ModelScheme:
        """The scheme of new models."""
        return self._connection.get(ModelScheme, "default-scheme")

    def set_default(self, name: str) -> ModelScheme:
        return decode(ModelScheme, self._connection.write("PUT", "default-scheme", {"scheme": name}))

    def of(self, model: str) -> ModelScheme:
        """The scheme of a model."""
        return self._connection.get(ModelScheme, f"{paths.model(model)}/scheme")

    def assign(self, model: str, name: str, *, version: int | None = None) -> ModelTier:
        """Assign a scheme to a model: always its latest version, or only ``version``."""
        body: dict[str, Any] = {"scheme": name} if version is None else {"scheme": name, "version": version}
        return decode(ModelTier, self._connection.write("PUT", f"{paths.model(model)}/scheme", body))

    def set_tier(self, model: str, tier: str, *, reason: str | None = None) -> ModelTier:
        body = {"tier": tier} if reason is None else {"tier": tier, "reason": reason}
        return decode(ModelTier, self._connection.write("PUT", f"{paths.model(model)}/tier", body))

    def simulate(self, model: str, document: Mapping[str, Any]) -> Simulation:
        """Find out which past moves of the model a proposed scheme would have refused. Saves nothing."""
        path = f"{paths.model(model)}/scheme/simulate"
        return self._connection.post(Simulation, path, _body(document))


def _path(name: str) -> str:
    return f"schemes/{paths.segment(name)}"


def _body(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without name and version: the registry sets both."""
    return {field: value for field, value in document.items() if field not in ("name", "version")}
