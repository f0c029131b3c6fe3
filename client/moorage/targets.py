"""Targets: where versions are put into service, what starts that, and what they serve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, Unpack

from moorage.connection import Connection
from moorage.decoding import decode, time_text
from moorage.listing import Listing
from moorage.paths import segment


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens around a deployment.

    ``roll_back``: the last good version is deployed again after a failure. ``move_back``: the stage or alias is rolled
    back too. A deployment that has not ended after ``give_up_after`` seconds has failed. ``rollout`` is the kind's own.
    """

    roll_back: bool = False
    move_back: bool = False
    give_up_after: int = 3600
    rollout: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A target. One of ``stage`` and ``alias`` is None: the other says which moves start a deployment."""

    name: str
    kind: str
    environment: str
    models: tuple[str, ...]
    stage: str | None = None
    alias: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    policy: Policy = Policy()
    reporters: tuple[str, ...] = ()
    description: str = ""
    enabled: bool = True
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A version with the digest of its manifest."""

    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Serving:
    """What a target serves, since when, and who said so. ``version`` is None if it serves none."""

    version: int | None
    since: datetime
    by: str
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A model on a target.

    ``wanted`` is the version of the newest move, ``serving`` what the target serves as far as it was said, ``good`` the
    last version that was deployed with success. ``active`` is the number of the deployment that may be carried out now,
    ``waiting`` of the one after it, ``last`` of the newest. ``drifting``: the target serves something else than what is
    wanted, and no deployment is on its way. ``seen_at`` is when the target last said what it serves.
    """

    model: str
    target: str
    wanted: Wanted | None = None
    serving: Serving | None = None
    good: Wanted | None = None
    active: int | None = None
    waiting: int | None = None
    last: int | None = None
    drifting: bool = False
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceThen:
    """What a target served of a model at a time. ``version`` is None if it served none that was known."""

    model: str
    target: str
    version: int | None = None
    since: datetime | None = None


class TargetContent(TypedDict, total=False):
    """The terms of a target. What is left out has its default, also on a target that exists.

    ``models`` are names, in which ``*`` matches any text. ``policy`` has the fields of ``Policy``.
    """

    kind: str
    environment: str
    models: Sequence[str]
    stage: str | None
    alias: str | None
    config: Mapping[str, Any]
    policy: Mapping[str, Any]
    reporters: Sequence[str]
    description: str
    enabled: bool


class Targets:
    """The targets of the registry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[Target]:
        """All targets, by name."""
        return self._connection.items(Target, "targets", limit)

    def get(self, target: str) -> Target:
        return self._connection.get(Target, _path(target))

    def set(self, target: str, *, if_match: str | None = None, **content: Unpack[TargetContent]) -> Target:
        """Make a target, or put these terms in place of those that it had."""
        return decode(Target, self._connection.write("PUT", _path(target), content, if_match=if_match))

    def delete(self, target: str) -> None:
        """Delete a target. Deployments that have not ended there fail."""
        self._connection.write("DELETE", _path(target))

    def observe(self, target: str, model: str, version: int | None, *, digest: str | None = None) -> Place:
        """Say what a target serves of a model; None: nothing. Call it as often as you like: what is known costs little.

        ``digest`` is that of the version's manifest, of the bytes that are really served.
        """
        body = {"model": model, "version": version, "digest": digest}
        return decode(Place, self._connection.write("PUT", f"{_path(target)}/observed", body))

    def models(self, target: str, *, limit: int | None = None) -> Listing[Place]:
        """What a target serves, of the models that you may read, by name."""
        return self._connection.items(Place, f"{_path(target)}/models", limit)

    def as_of(self, target: str, time: datetime | str, *, limit: int | None = None) -> Listing[PlaceThen]:
        """What a target served at a time, of the models that are deployed there now."""
        return self._connection.items(PlaceThen, f"{_path(target)}/as-of", limit, time=time_text(time))


def _path(target: str) -> str:
    return f"targets/{segment(target)}"
