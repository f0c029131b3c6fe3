"""The model: a name, a counter of versions, its pointers, and the head of its chain of events."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.errors import AliasNotFoundError
from chalicelib.domain.events import Head
from chalicelib.domain.instants import Instant
from chalicelib.domain.pointers import Pointer
from chalicelib.domain.promotion_rule import PromotionRule


@dataclass(frozen=True, slots=True)
class Model:
    """What every change of a model reads and writes. One writer at a time wins on ``head.revision``.

    ``last_version`` is the highest number given; ``versions`` counts those neither deleted nor expired. A deleted
    model keeps its counter and its chain, so that a number or a sequence never stands for two things.
    ``aliases`` and ``stages`` say where each alias and each stage points; a non-exclusive stage points at the
    version that entered it last and still stands in it. ``protected_aliases`` may name aliases that do not exist yet.
    """

    name: str
    head: Head = Head()
    deleted: bool = False
    last_version: int = 0
    versions: int = 0
    aliases: Mapping[str, Pointer] = field(default_factory=dict)
    stages: Mapping[str, Pointer] = field(default_factory=dict)
    rule: PromotionRule | None = None
    protected_aliases: tuple[str, ...] = ()
    created_at: Instant = Instant("")
    created_by: str = ""
    updated_at: Instant = Instant("")

    @property
    def next_revision(self) -> int:
        """The revision that a change decided on this state will have."""
        return self.head.revision + 1

    def aliases_of(self, version: int) -> tuple[str, ...]:
        """Names of the aliases that point at ``version``, sorted."""
        return tuple(sorted(name for name, pointer in self.aliases.items() if pointer.version == version))

    def alias(self, name: str) -> Pointer:
        """Where the alias ``name`` points. Raises AliasNotFoundError."""
        pointer = self.aliases.get(name)
        if pointer is None or pointer.version is None:
            raise AliasNotFoundError(f"The model {self.name!r} has no alias {name!r}.")
        return pointer

    def holder(self, stage: str) -> int | None:
        """The version that ``stage`` points at."""
        pointer = self.stages.get(stage)
        return None if pointer is None else pointer.version


@dataclass(frozen=True, slots=True)
class Profile:
    """What people say of a model. Kept apart from Model, so that registering a version does not rewrite it."""

    description: str = ""
    owner: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        return {
            "description": self.description,
            "owner": self.owner,
            "tags": dict(self.tags),
            "metadata": dict(self.metadata),
        }
