"""Schemas of lineage."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.api.document import Paging, Time, VersionNumber, View
from chalicelib.domain.deployments.recall import Recall
from chalicelib.domain.lineage.node import DatasetAsked, Kind, Node, dataset_node
from chalicelib.domain.lineage.stated import MAX_TEXT
from chalicelib.domain.lineage.walk import MAX_DEPTH, PAGE, Direction

KindName = Literal["version", "dataset", "run", "job", "commit", "base_model", "image", "environment", "place"]
SharedKindName = Literal["dataset", "run", "job", "commit", "base_model", "image", "environment"]
LinkTypeName = Literal[
    "trained_on",
    "made_by",
    "built_from",
    "based_on",
    "copy_of",
    "runs_in",
    "needs",
    "evaluated_on",
    "serves",
    "used",
    "part_of",
]
SourceName = Literal["registered", "evaluated", "served", "stated"]
DirectionName = Literal["up", "down"]
Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]


class AskLineage(Paging):
    """How to follow links: ``up`` to what something comes from, ``down`` to what came of it, or each by itself."""

    limit: int = Field(PAGE, ge=1, le=PAGE, description="How many nodes at most; more if one step finds more.")
    direction: Literal["up", "down", "both"] = "both"
    depth: int = Field(MAX_DEPTH, ge=1, le=MAX_DEPTH, description="How many steps at most.")

    def directions(self) -> list[Direction]:
        return list(Direction) if self.direction == "both" else [Direction(self.direction)]


class AskNodeLineage(AskLineage):
    """Where to begin, if not at a version: a node as it is shown, such as a dataset by its name and digest."""

    kind: SharedKindName = "dataset"
    name: Text = Field(description="Of a commit, its repository. Of an environment, its digest.")
    digest: Text | None = Field(None, description="Of a dataset. Without a digest and a version: all its states.")
    version: Text | None = Field(None, description="Of a dataset without a digest.")
    commit: Text | None = None
    revision: Text | None = Field(None, description="Of a base model.")

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        allowed = {"dataset": ("digest", "version"), "commit": ("commit",), "base_model": ("revision",)}
        given = self.model_fields_set & {"digest", "version", "commit", "revision"}
        stray = sorted(given - set(allowed.get(self.kind, ())))
        if stray:
            raise ValueError(f"has {stray[0]!r}, which a node of the kind {self.kind!r} does not have")
        if self.kind == "commit" and self.commit is None:
            raise ValueError("of the kind 'commit' must have 'commit'")
        return self

    def node(self) -> Node:
        if self.kind == "dataset":
            return dataset_node(self.name, self.digest, self.version)
        return Node(Kind(self.kind), self.name, self.commit or self.revision or "")


class AskDescendants(Paging):
    """A dataset, and where to look for what descends from it: in a stage, or at an alias of each model."""

    dataset: Text | None = Field(None, description="The dataset's name.")
    digest: Text | None = Field(None, description="The dataset's digest.")
    stage: Text | None = Field(
        None, description="The stage whose versions are looked at. Unless there is an alias: production."
    )
    alias: Text | None = Field(None, description="The alias whose versions are looked at.")

    @model_validator(mode="after")
    def _check_place(self) -> Self:
        if self.stage is not None and self.alias is not None:
            raise ValueError("must have a stage or an alias, not both")
        return self

    def asked(self) -> DatasetAsked:
        """Raises InvalidInputError without a dataset."""
        return DatasetAsked(self.dataset, self.digest)


class AskServing(Paging):
    """What to look for in what runs and in what it descends from. With nothing to look for, all that runs is listed."""

    requirement: Text | None = Field(None, description="The name of a package, or a whole requirement.")
    dataset: Text | None = Field(None, description="The name of a dataset.")
    digest: Text | None = Field(None, description="Of a version, or of a dataset.")

    def asked(self) -> Recall | None:
        given = (self.requirement, self.dataset, self.digest)
        return Recall(*given) if any(given) else None


class NodeView(View):
    """A node. Which fields it has depends on its kind.

    One that the caller may not see is ``hidden``: it has its kind, and an ``id`` that means nothing elsewhere.
    """

    id: str
    kind: KindName
    hidden: bool
    model: str | None = None
    version: int | str | None = Field(None, description="A version's number, or a dataset's version.")
    name: str | None = None
    digest: str | None = None
    repository: str | None = None
    commit: str | None = None
    revision: str | None = None
    target: str | None = None


class ReachedView(NodeView):
    """A node that was found ``depth`` steps from the start."""

    direction: DirectionName
    depth: int


class EdgeView(View):
    """``node`` comes from ``origin``, as ``source`` says. ``since`` is null where one of the two is hidden."""

    node: str
    origin: str
    type: LinkTypeName
    source: SourceName
    relation: str | None
    since: Time | None


class LineageView(View):
    """A page of nodes, nearest first, and the edges that led to them. A later page may show a node again.

    ``truncated`` are the ids of nodes of which not all neighbours are followed; begin at one of them to see more.
    """

    start: NodeView
    items: list[ReachedView]
    edges: list[EdgeView]
    truncated: list[str]
    next_cursor: str | None


class DescendantView(View):
    """A version that descends from the dataset, and the way to it."""

    model: str
    version: VersionNumber
    stage: str
    aliases: list[str]
    path: list[NodeView]


class FedView(View):
    """A version that runs on a target, or is on its way there, and what it comes from.

    ``found`` is what of it, or of its origins, was looked for. ``truncated``: it has more origins.
    """

    model: str
    version: VersionNumber
    target: str
    environment: str
    serving: bool
    found: list[str]
    truncated: bool
    origins: list[NodeView]


class IngredientView(View):
    """One of the things that it takes to make the version again."""

    name: Literal["code", "data", "environment", "base_models", "parameters", "seed", "files"]
    answer: Literal["recorded", "partly", "missing"]
    found: str
    advice: str | None


class RecipeView(View):
    """What is recorded to make the version again. ``complete``: nothing is missing."""

    complete: bool
    ingredients: list[IngredientView]
