"""The model: a name, a counter of versions, its pointers, and the head of its chain of events."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from chalicelib.domain.classification import Classification
from chalicelib.domain.errors import AliasNotFoundError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Head, Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.models.deployed import Deployed
from chalicelib.domain.models.health import Health
from chalicelib.domain.models.newest import Newest
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Freeze
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.domain.schemes.scheme import SchemeRef

# Every alias of a version is a copy that a change of the version rewrites, in one transaction of at most 100 items.
MAX_ALIASES: Final = 40
# The aliases of the version that serves and of the one that is to take its place.
CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"


@dataclass(frozen=True, slots=True)
class Model(Record, kind="model"):
    """What every change of a model reads and writes. One writer at a time wins on ``head.revision``.

    ``last_version`` is the highest number given; ``versions`` counts those neither deleted nor expired. A deleted
    model keeps its counter and its chain, so that a number or a sequence never stands for two things.
    ``aliases`` and ``stages`` say where each alias and each stage points; a non-exclusive stage points at the
    version that entered it last and still stands in it. ``locked`` are the numbers of the locked versions.
    ``open_requests`` maps the number of each transition request that is not closed to its version and the stage it
    is for. ``protected_aliases`` may name aliases that do not exist yet. ``revised_at`` is when the model was created
    or described, or a version of it registered, moved or deleted: what tags and aliases do not touch. ``standing``
    is how many versions stand in each stage, ``newest`` which of them are the newest, so that nobody has to look at all
    versions. ``renamed_from`` is the name that the model had before it was given this one. ``pending_versions`` and
    ``pending_size`` are how many versions wait for their files, and their bytes. ``deployed`` says of each target that
    has a deployment of the model which versions it serves and needs. ``monitors`` says of each monitor how it stands.
    ``classification`` is None until somebody has classified the model's data.
    """

    name: str
    head: Head = Head()
    deleted: bool = False
    last_version: int = 0
    versions: int = 0
    aliases: Mapping[str, Pointer] = field(default_factory=dict)
    stages: Mapping[str, Pointer] = field(default_factory=dict)
    rule: PromotionRule | None = None
    scheme: SchemeRef = DEFAULT_SCHEME.ref
    tier: Tier = Tier.LOW
    last_request: int = 0
    open_requests: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    frozen: Freeze | None = None
    locked: tuple[int, ...] = ()
    retention: RetentionRule | None = None
    protected_aliases: tuple[str, ...] = ()
    created_at: Instant = Instant("")
    created_by: str = ""
    updated_at: Instant = Instant("")
    revised_at: Instant = Instant("")
    standing: Mapping[str, int] = field(default_factory=dict)
    newest: Mapping[str, Newest] = field(default_factory=dict)
    renamed_from: str = ""
    pending_versions: int = 0
    pending_size: int = 0
    last_deployment: int = 0
    deployed: Mapping[str, Deployed] = field(default_factory=dict)
    monitors: Mapping[str, Health] = field(default_factory=dict)
    classification: Classification | None = None

    @property
    def owner(self) -> str:
        """Whose partition the ledger's items lie in."""
        return self.name

    @property
    def identity(self) -> Identity:
        return (Model,)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, updated_at=stamp.time)

    def aliases_of(self, version: int) -> tuple[str, ...]:
        """Names of the aliases that point at ``version``, sorted."""
        return tuple(sorted(name for name, pointer in self.aliases.items() if pointer.version == version))

    def alias(self, name: str) -> Pointer:
        """Where the alias ``name`` points. Raises AliasNotFoundError."""
        pointer = self.aliases.get(name)
        if pointer is None or pointer.version is None:
            raise AliasNotFoundError(f"The model {self.name!r} has no alias {name!r}.")
        return pointer

    def requests_of(self, version: int) -> tuple[int, ...]:
        """Numbers of the open transition requests of a version."""
        return tuple(sorted(number for number, (asked, _) in self.open_requests.items() if asked == version))

    def newest_in(self, stage: str) -> Newest:
        """The newest versions that stand in ``stage``, as far as the head knows them."""
        if not self.standing.get(stage):
            return Newest()
        # A head may have been written before this was kept.
        return self.newest.get(stage, Newest(rest=self.last_version))

    def needed_by(self, version: int) -> tuple[str, ...]:
        """Names of the targets that serve ``version``, are to serve it, or would be rolled back to it, sorted."""
        return tuple(sorted(name for name, target in self.deployed.items() if version in target.needed))

    def with_moved(self, number: int, left: str | None, entered: str | None) -> "Model":
        """The model with version ``number`` gone from the stage that it left, and in the stage that it entered."""
        standing, newest = Counter(self.standing), dict(self.newest)
        if left is not None:
            newest[left] = self.newest_in(left).left_by(number)
            standing[left] -= 1
        if entered is not None:
            newest[entered] = self.newest_in(entered).entered_by(number)
            standing[entered] += 1
        kept = {stage: count for stage, count in standing.items() if count}
        return replace(
            self,
            standing=kept,
            newest={stage: at.among(kept[stage]) for stage, at in newest.items() if stage in kept},
        )

    def holder(self, stage: str) -> int | None:
        """The version that ``stage`` points at."""
        pointer = self.stages.get(stage)
        return None if pointer is None else pointer.version


@dataclass(frozen=True, slots=True)
class Profile(Record, kind="profile"):
    """What people say of a model. Kept apart from Model, so that registering a version does not rewrite it."""

    description: str = ""
    owner: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        return (Profile,)

    def document(self) -> dict[str, object]:
        return {
            "description": self.description,
            "owner": self.owner,
            "tags": dict(self.tags),
            "metadata": dict(self.metadata),
        }
