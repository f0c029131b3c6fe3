"""What a packaged server asks and tells the registry: its alias, the target that it is, and its monitor."""

from dataclasses import dataclass, field
from datetime import UTC

from moorage import paths
from moorage.following.watched import Watched, new_source
from moorage.monitoring import ClosedWindow
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


@dataclass(frozen=True, slots=True)
class PackagedMonitor:
    """A monitor that an image reports to."""

    registry: Registry
    model: str
    name: str
    source: str = field(default_factory=new_source)

    def read(self) -> Watched:
        """What the monitor looks at. Raises NotFoundError if there is none, InvalidRequestError without a baseline."""
        return Watched.parse(self.registry.read(self._path).document)

    def report(self, version: int, window: ClosedWindow) -> None:
        """Report a window of a version."""
        start = paths.segment(f"{window.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
        body = {"version": version, "n": window.n, "features": window.profile.document()}
        self.registry.put(f"{self._path}/windows/{start}?source={paths.segment(self.source)}", body)

    @property
    def _path(self) -> str:
        return f"{paths.model(self.model)}/monitors/{paths.segment(self.name)}"
