"""The promotion scheme: which stages there are and which moves between them are allowed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.errors import StageNotFoundError, TransitionNotAllowedError


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage. ``exclusive``: at most one version stands in it. ``holding``: a version in it cannot be deleted."""

    name: str
    next: tuple[str, ...]
    exclusive: bool = False
    holding: bool = False


@dataclass(frozen=True, slots=True)
class Scheme:
    """Stages by name; new versions stand in ``initial``, versions put out of an exclusive stage in ``archive``."""

    name: str
    initial: str
    archive: str
    stages: Mapping[str, Stage]

    def stage(self, name: str) -> Stage:
        """The stage called ``name``. Raises StageNotFoundError."""
        try:
            return self.stages[name]
        except KeyError:
            known = ", ".join(self.stages)
            raise StageNotFoundError(f"The scheme has no stage {name!r}; its stages are {known}.") from None

    def check_transition(self, from_stage: str, to_stage: str) -> Stage:
        """The stage called ``to_stage``, if the scheme lets a version move to it from ``from_stage``."""
        target = self.stage(to_stage)
        allowed = self.stage(from_stage).next
        if to_stage not in allowed:
            raise TransitionNotAllowedError(
                f"A version in {from_stage} may move to {', '.join(allowed)}, not to {to_stage}."
            )
        return target


def _scheme(*stages: Stage) -> Mapping[str, Stage]:
    return {stage.name: stage for stage in stages}


DEFAULT_SCHEME: Final = Scheme(
    name="default",
    initial="development",
    archive="archived",
    stages=_scheme(
        Stage("development", next=("staging", "production", "archived")),
        Stage("staging", next=("production", "development", "archived"), holding=True),
        Stage("production", next=("staging", "archived"), exclusive=True, holding=True),
        Stage("archived", next=("development", "staging")),
    ),
)
