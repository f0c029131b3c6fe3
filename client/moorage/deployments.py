"""Deployments: versions on their way to targets, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.listing import Listing, WholeList
from moorage.paths import VersionKey
from moorage.targets import Place


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that opened a deployment."""

    event_id: str
    event_type: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Deployment:
    """A version that is to be served on a target.

    ``status`` is ``pending``, ``in_progress``, ``succeeded``, ``failed``, ``rolled_back`` or ``superseded``.
    ``waited_for`` is the deployment that ran there when this one was opened. ``rolls_back`` is the one in whose place
    this one puts an earlier version. ``correlation_id`` is in the events and log lines of all that it belongs to.
    """

    model: str
    number: int
    target: str
    kind: str
    environment: str
    version: int
    digest: str
    status: str
    attempt: int
    cause: Cause
    opened_at: datetime
    opened_by: str
    reason: str | None = None
    waited_for: int | None = None
    rolls_back: int | None = None
    rolled_back_by: int | None = None
    superseded_by: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reported_by: str | None = None
    detail: str = ""
    links: dict[str, str] = field(default_factory=dict)
    correlation_id: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """A version that runs on a target, or is on its way there, and what of it was looked for."""

    model: str
    version: int
    target: str
    environment: str
    serving: bool
    found: tuple[str, ...] = ()


class Deployments:
    """The deployments of each model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, model: str, *, target: str | None = None, status: str | None = None, limit: int | None = None
    ) -> Listing[Deployment]:
        """The deployments of a model, newest first."""
        return self._connection.items(Deployment, _path(model), limit, target=target, status=status)

    def get(self, model: str, deployment: int) -> Deployment:
        return self._connection.get(Deployment, f"{_path(model)}/{deployment}")

    def open(self, model: str, version: VersionKey, target: str, *, reason: str | None = None) -> Deployment:
        """Deploy by hand a version that the target's stage or alias allows, or the last good one."""
        key = paths.version_key(version)
        body = {"target": target, "version": int(key) if key.isdigit() else key, "reason": reason}
        return self._connection.post(Deployment, _path(model), body)

    def retry(self, model: str, deployment: int, *, reason: str | None = None) -> Deployment:
        """Try a deployment again that failed and is still the newest on its target."""
        return self._connection.post(Deployment, f"{_path(model)}/{deployment}/retry", {"reason": reason})

    def report(
        self,
        model: str,
        deployment: int,
        status: str,
        *,
        detail: str | None = None,
        links: Mapping[str, str] | None = None,
        attempt: int | None = None,
    ) -> Deployment:
        """Report how a deployment stands: ``in_progress``, ``succeeded``, ``failed`` or ``rolled_back``.

        A report that was made before changes nothing. ``attempt`` guards against a report of an earlier attempt.
        Raises ConflictError if the deployment has ended otherwise, or if its turn has not come.
        """
        body = {"status": status, "detail": detail, "links": links, "attempt": attempt}
        return decode(Deployment, self._connection.write("PUT", f"{_path(model)}/{deployment}/status", body))

    def where(self, model: str) -> WholeList[Place]:
        """The targets of a model: what is wanted there, and what is served."""
        return self._connection.whole(Place, f"{paths.model(model)}/targets")

    def withdraw(self, model: str, target: str) -> None:
        """Take a model off a target. Nothing changes on the target itself."""
        self._connection.write("DELETE", f"{paths.model(model)}/targets/{paths.segment(target)}")

    def recall(
        self,
        *,
        requirement: str | None = None,
        dataset: str | None = None,
        digest: str | None = None,
        limit: int | None = None,
    ) -> Listing[Recalled]:
        """Where versions run that need a package, learned from a dataset, or have a digest."""
        asked = {"requirement": requirement, "dataset": dataset, "digest": digest}
        return self._connection.items(Recalled, "recall", limit, **asked)


def _path(model: str) -> str:
    return f"{paths.model(model)}/deployments"
