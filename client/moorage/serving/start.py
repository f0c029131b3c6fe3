"""Starting a server for a version or an alias of the registry: what ``Client.serve`` does."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from moorage.cache.store import CachedVersion
from moorage.paths import VersionKey
from moorage.references import LATEST
from moorage.serving.application import Application
from moorage.serving.following import Follower
from moorage.serving.http_server import ModelServer
from moorage.serving.served import Permissions, Served, Slot, load_served
from moorage.serving.served_model import ServedModel
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


def start(source: Source, model: str, version: VersionKey, host: str, port: int, interval: float) -> ServedModel:
    """Load a version and answer with it. An alias is followed, and looked at about every ``interval`` seconds."""
    end = Event()
    if not isinstance(version, str) or version == LATEST:
        slot = Slot(source.load(model, version))
        return ServedModel(slot, ModelServer(Application(slot), host, port), end)
    position = source.watcher.position(model, version.removeprefix("@"))
    slot = Slot(source.load(model, position.look().version))
    follower = Follower(slot, position, lambda number: source.load(model, number))
    served = ServedModel(slot, ModelServer(Application(slot), host, port), end)
    Thread(target=follower.run, args=(interval, end), name=f"follow {position}", daemon=True).start()
    return served
