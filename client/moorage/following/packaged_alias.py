"""The alias that an image follows, and the target that it is: what a packaged server asks and tells the registry."""

from dataclasses import dataclass

from moorage import paths
from moorage.serving.registry import Registry, Tagged
from moorage.serving.served import Served


@dataclass(frozen=True, slots=True)
class PointedAt:
    """The version that an alias points at."""

    version: int


@dataclass(slots=True)
class PackagedAlias:
    """An alias that an image follows. Looking again costs one conditional read."""

    registry: Registry
    model: str
    alias: str
    _known: Tagged | None = None

    def __str__(self) -> str:
        return f"{self.model}@{self.alias}"

    def look(self) -> PointedAt:
        """Where the alias points now. Raises NotFoundError if it does not exist, and what every read raises."""
        path = f"{paths.model(self.model)}/aliases/{paths.segment(self.alias)}"
        self._known = self.registry.read(path, self._known)
        return PointedAt(self._known.document["version"])


@dataclass(frozen=True, slots=True)
class PackagedTarget:
    """The target that an image is."""

    registry: Registry
    name: str

    def report(self, served: Served) -> None:
        """Tell the registry what is served here. Raises NotFoundError for a target that is not known."""
        body = {"model": served.model, "version": served.version, "digest": served.digest}
        self.registry.put(f"targets/{paths.segment(self.name)}/observed", body)
