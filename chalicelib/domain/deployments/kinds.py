"""What a kind of target is: how its configuration is checked, and who puts versions into service there.

Each capability that knows a platform makes its own ``Kind``. ``domain/target_kinds.py`` lists them all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from chalicelib.domain.errors import ConflictError

# Checks a document of the caller's and returns it. Raises InvalidInputError.
Check: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]
# As ``Check``, of a rollout. What it may say can depend on the checked configuration, which comes second.
RolloutCheck: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]


class UnknownKindError(ConflictError):
    """The target is of a kind that this release of the registry does not know. Newer releases may know it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of target.

    - ``name`` is stored with each target of the kind. It must never change.
    - ``config`` checks where the versions go: the names of what there is on the platform.
    - ``rollout`` checks how they get there: canary, waiting time, alarms. A rollout without fields goes at once.
    - ``lasts`` says for how many seconds a checked rollout waits on purpose.
    - ``room`` names, from a checked configuration, what on the platform has room for one version only, so that a second
      model or target would replace the first. None: each deployment has room of its own, or nobody knows.
    - ``driver`` is the import name of the kind's driver, ``package.module:function`` (``driving.py``). It is empty for
      targets into which somebody outside puts the versions, and reports that.
    """

    name: str
    config: Check
    rollout: RolloutCheck
    driver: str = ""
    lasts: Callable[[Mapping[str, Any]], int] = lambda _: 0
    room: Callable[[Mapping[str, Any]], str] | None = None


class Kinds:
    """All kinds of targets, by name."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds: Final[Mapping[str, Kind]] = {known.name: known for known in kinds}

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())

    def named(self, name: str) -> Kind:
        """The kind that targets store as ``name``. Raises UnknownKindError."""
        if name not in self._kinds:
            known = ", ".join(self._kinds)
            raise UnknownKindError(
                f"This release of the registry does not know the kind of target {name!r}. It knows: {known}."
            )
        return self._kinds[name]
