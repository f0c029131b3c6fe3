"""Places: a model on a target. A place knows what is wanted there, what was good, and what is really served.

A withdrawal is what stays of a place that the model was taken off.
"""

from dataclasses import dataclass, replace
from typing import Self

from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.models.deployed import Deployed


@dataclass(frozen=True, slots=True)
class Serving:
    """What a target serves, as ``by`` said: a version, or none. ``digest`` is empty if it was not said.

    ``since`` is when it was first said.
    """

    version: int | None
    digest: str
    since: Instant
    by: str

    def is_of(self, version: int, digest: str) -> bool:
        """Whether this is the version with these bytes. A digest that was not said is taken to be right."""
        return self.version == version and self.digest in ("", digest)

    def fits(self, other: "Serving") -> bool:
        """Whether both say the same, as far as both say it."""
        return self.version == other.version and ("" in (self.digest, other.digest) or self.digest == other.digest)


@dataclass(frozen=True, slots=True)
class Place(Record, kind="place"):
    """A model on a target, by the target's name.

    ``wanted`` is the version of the newest move, whose sequence in the model's ledger is ``moved``. ``active`` is
    the deployment that may be carried out now, of ``active_version``, and ``waiting`` the one that comes after it;
    0 if there is none. ``waiting_correlation_id`` is that of what caused the latter. ``last`` is the newest
    deployment. ``good`` is the last version that was deployed with success. ``due_at`` is when the active
    deployment is given up, ``give_up_after`` seconds after its turn came. ``drifting``: it was told that the target
    serves something else than what is wanted, and not yet that this has ended.
    """

    target: str
    wanted: int
    wanted_digest: str
    moved: int
    last: int
    active: int = 0
    active_version: int = 0
    waiting: int = 0
    waiting_correlation_id: str = ""
    good: int = 0
    good_digest: str = ""
    serving: Serving | None = None
    drifting: bool = False
    due_at: Instant | None = None
    give_up_after: int = 0
    revision: int = 0

    @property
    def identity(self) -> Identity:
        return (Place, self.target)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return self if before == self else replace(self, revision=stamp.revision)

    @property
    def served(self) -> int | None:
        """The version that the target serves, as far as anybody said."""
        return None if self.serving is None else self.serving.version

    @property
    def drifts(self) -> bool:
        """Whether the target serves something else than what is wanted, and no deployment is on its way."""
        served = self.serving is not None and self.serving.is_of(self.wanted, self.wanted_digest)
        return self.drifting and not self.active and not served

    @property
    def deployed(self) -> Deployed:
        """What the model's head knows of the place."""
        needed = {self.wanted, self.active_version, self.good, self.served or 0} - {0}
        return Deployed(self.served, tuple(sorted(needed)))


@dataclass(frozen=True, slots=True)
class Withdrawal(Record, kind="withdrawal"):
    """The model was taken off the target at ``sequence`` of its ledger. Moves before that are not followed there."""

    target: str
    sequence: int

    @property
    def identity(self) -> Identity:
        return (Withdrawal, self.target)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return self
