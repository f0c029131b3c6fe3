"""Telling the registry what a target serves, and a monitor what was asked of it, with the client."""

from dataclasses import asdict, dataclass, field

from moorage.following.watched import Watched, new_source
from moorage.monitoring import ClosedWindow
from moorage.monitors import Monitors
from moorage.serving.served import Served
from moorage.targets import Targets


@dataclass(frozen=True, slots=True)
class Reporter:
    """Tells the registry what a target serves."""

    targets: Targets
    target: str

    def report(self, served: Served) -> None:
        """Say that the target serves a version now. Raises NotFoundError for a target that is not known."""
        self.targets.observe(self.target, served.model, served.version, digest=served.digest)


@dataclass(frozen=True, slots=True)
class WindowReporter:
    """A monitor of a model that this server reports to."""

    monitors: Monitors
    model: str
    monitor: str
    source: str = field(default_factory=new_source)

    def read(self) -> Watched:
        """What the monitor looks at. Raises NotFoundError if there is none, InvalidRequestError without a baseline."""
        return Watched.parse(asdict(self.monitors.get(self.model, self.monitor)))

    def report(self, version: int, window: ClosedWindow) -> None:
        """Report a window of a version."""
        self.monitors.put_window(
            self.model,
            self.monitor,
            window.start,
            window.n,
            version=version,
            source=self.source,
            features=window.profile.document(),
        )
