"""Starting a server for a version or an alias of the registry: what ``Client.serve`` does."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from moorage.cache.store import CachedVersion
from moorage.following.follower import Follower
from moorage.following.heartbeat import Heartbeat
from moorage.following.reporter import Reporter, WindowReporter
from moorage.following.rounds import repeat
from moorage.following.served_model import ServedModel
from moorage.following.traffic import Traffic
from moorage.paths import VersionKey
from moorage.references import LATEST
from moorage.serving.application import Application
from moorage.serving.http_server import ModelServer
from moorage.serving.served import Permissions, Served, Slot, load_served
from moorage.versions import Versions
from moorage.watching import Watcher


@dataclass(frozen=True, slots=True)
class Source:
    """Where the versions to serve come from. ``fetch`` has one on this machine, with every digest verified."""

    versions: Versions
    watcher: Watcher
    fetch: Callable[[str, VersionKey], CachedVersion]
    given: Permissions

    def load(self, model: str, version: VersionKey) -> Served:
        """Fetch a version and load it."""
        fetched = self.fetch(model, version)
        described = self.versions.get(model, fetched.version)
        return load_served(model, fetched.version, fetched.digest, fetched.path, described.signature, self.given)


@dataclass(frozen=True, slots=True)
class Options:
    """Where to serve, and how often to look at an alias, in seconds.

    ``reporter`` tells as often what is served, and ``monitor`` gets the windows that are over.
    """

    host: str
    port: int
    interval: float
    reporter: Reporter | None = None
    monitor: WindowReporter | None = None


def start(source: Source, model: str, version: VersionKey, options: Options) -> ServedModel:
    """Load a version and answer with it. An alias is followed.

    Raises what reading the monitor raises, as well as what loading raises.
    """
    actions: list[Callable[[], None]] = []
    if isinstance(version, str) and version != LATEST:
        position = source.watcher.position(model, version.removeprefix("@"))
        slot = Slot(source.load(model, position.look().version))
        actions.append(Follower(slot, position, lambda number: source.load(model, number)).look)
    else:
        slot = Slot(source.load(model, version))
    if options.reporter is not None:
        actions.append(Heartbeat(slot, options.reporter.report).beat)
    traffic = None
    if options.monitor is not None:
        traffic = Traffic(slot, options.monitor)
        traffic.read()
        actions.append(traffic.report)
    end = Event()
    application = Application(slot, None if traffic is None else traffic.observe)
    served = ServedModel(slot, ModelServer(application, options.host, options.port), end, traffic)
    if actions:
        Thread(target=repeat, args=(actions, options.interval, end), name=f"rounds of {model}", daemon=True).start()
    return served
