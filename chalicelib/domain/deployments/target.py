"""Targets: where versions are put into service, and which moves start that."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from chalicelib.domain.access.principal import MAX_PATTERN, matches
from chalicelib.domain.errors import InvalidInputError, InvalidNameError, Problem
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record

MAX_TARGETS: Final = 500
MAX_ENVIRONMENT: Final = 64
MAX_DESCRIPTION: Final = 1_000
MAX_PATTERNS: Final = 50
# How long a deployment may take until it is given up, in seconds: a minute to a week.
MIN_GIVE_UP: Final = 60
MAX_GIVE_UP: Final = 7 * 86_400
DEFAULT_GIVE_UP: Final = 3_600

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,63}")


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens around a deployment.

    ``roll_back``: when one fails, the last good version is deployed again. ``move_back``: the stage or alias that
    started it is rolled back too, if the model's scheme allows that. A deployment that has not ended after
    ``give_up_after`` seconds is given up: it has failed. ``rollout`` is the kind's own.
    """

    roll_back: bool = False
    move_back: bool = False
    give_up_after: int = DEFAULT_GIVE_UP
    rollout: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def document(self) -> dict[str, Any]:
        return {
            "roll_back": self.roll_back,
            "move_back": self.move_back,
            "give_up_after": self.give_up_after,
            "rollout": dict(self.rollout),
        }


@dataclass(frozen=True, slots=True)
class Target(Record, kind="target"):
    """A place outside where versions are put into service.

    Versions of the models that match ``models`` are deployed when they enter ``stage``, or when ``alias`` is pointed at
    them; one of the two is set, the other is empty. ``kind`` is the name of a kind of target. Principals whose names
    match ``reporters`` may report for the target, besides those who may deploy the model. A target that is not
    ``enabled`` starts nothing. ``revision`` is that of the registry at the target's last change.
    """

    name: str
    kind_name: str
    environment: str
    models: tuple[str, ...]
    stage: str
    alias: str
    config: Mapping[str, Any] = field(hash=False)
    policy: Policy
    reporters: tuple[str, ...]
    description: str
    enabled: bool
    created_at: Instant
    created_by: str
    updated_at: Instant = Instant("")
    revision: int = 0

    @property
    def identity(self) -> Identity:
        return (Target, self.name)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        if before == self:
            return self
        return replace(self, updated_at=stamp.time, revision=stamp.revision)

    @property
    def pointer(self) -> str:
        """The pointer whose moves start deployments: ``stage:<name>`` or ``alias:<name>``."""
        return f"stage:{self.stage}" if self.stage else f"alias:{self.alias}"

    def takes(self, model: str) -> bool:
        """Whether versions of the model may be put there."""
        return any(matches(pattern, model) for pattern in self.models)

    def is_reported_by(self, principal: str) -> bool:
        """Whether the principal may report for the target on the target's own word."""
        return any(matches(pattern, principal) for pattern in self.reporters)


def target_name(name: str) -> str:
    """A target's name: 1 to 64 of ``a-z``, ``0-9``, ``_``, ``.`` and ``-``; a letter or digit first."""
    if not _NAME.fullmatch(name):
        raise InvalidNameError(
            f"{name!r} is not the name of a target: 1 to 64 of a-z, 0-9, '_', '.' and '-', a letter or digit first."
        )
    return name


def patterns(given: Sequence[str], pointer: str) -> tuple[str, ...]:
    """At most 50 patterns, each of 1 to 256 characters, each once. Raises InvalidInputError."""
    if len(given) > MAX_PATTERNS:
        raise invalid(pointer, f"must have at most {MAX_PATTERNS} patterns")
    for index, pattern in enumerate(given):
        if not 1 <= len(pattern) <= MAX_PATTERN:
            raise invalid(f"{pointer}/{index}", f"must have 1 to {MAX_PATTERN} characters")
    return tuple(dict.fromkeys(given))


def invalid(pointer: str, message: str) -> InvalidInputError:
    """The error for a field of a target that is not valid."""
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
