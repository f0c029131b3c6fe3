"""The events of OpenLineage 2.0.2, as far as they are read. Unknown fields are passed over, as the standard asks."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field, RootModel, StringConstraints, model_validator

from chalicelib.api.document import Body, GivenTime, View

MAX_EVENTS = 100
MAX_DATASETS = 200
# Each output takes a commit of its own, and all of a batch are made while its sender waits.
MAX_DATASETS_OF_BATCH = 500
EventType: TypeAlias = Literal["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2048)]


class Lenient(Body):
    model_config = ConfigDict(extra="ignore")


class RunReference(Lenient):
    runId: Text  # noqa: N815 - the standard's own name
    facets: dict[str, Any] = Field(default_factory=dict)


class JobReference(Lenient):
    namespace: Text
    name: Text
    facets: dict[str, Any] = Field(default_factory=dict)


class DatasetReference(Lenient):
    namespace: Text
    name: Text
    facets: dict[str, Any] = Field(default_factory=dict)

    def fact(self, facet: str, field: str) -> str | None:
        """A text of a facet; None if it is not there."""
        found = self.facets.get(facet)
        value = found.get(field) if isinstance(found, dict) else None
        return value if isinstance(value, str) and value else None


class Event(Lenient):
    """A RunEvent (with ``run`` and ``job``), a JobEvent (with ``job``), or a DatasetEvent (with ``dataset``)."""

    eventTime: GivenTime  # noqa: N815 - the standard's own name
    producer: Text
    schemaURL: Text | None = None  # noqa: N815 - the standard's own name
    eventType: EventType | None = None  # noqa: N815 - the standard's own name
    run: RunReference | None = None
    job: JobReference | None = None
    dataset: DatasetReference | None = None
    inputs: list[DatasetReference] | None = Field(None, max_length=MAX_DATASETS)
    outputs: list[DatasetReference] | None = Field(None, max_length=MAX_DATASETS)

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        if self.job is None and (self.dataset is None or self.run is not None):
            raise ValueError("must be a RunEvent (run, job), a JobEvent (job) or a DatasetEvent (dataset)")
        return self


class Batch(RootModel[list[dict[str, Any]]]):
    """Events, each taken or refused by itself."""

    model_config = ConfigDict(hide_input_in_errors=True)

    root: list[dict[str, Any]] = Field(max_length=MAX_EVENTS)

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        datasets = sum(_length(event.get(field)) for event in self.root for field in ("inputs", "outputs"))
        if datasets > MAX_DATASETS_OF_BATCH:
            raise ValueError(
                f"names {datasets} inputs and outputs, and a batch names at most {MAX_DATASETS_OF_BATCH}: send the "
                "events in several batches"
            )
        return self


def _length(listed: Any) -> int:
    """How many there are, of what may be no list at all: each event is checked by itself."""
    return len(listed) if isinstance(listed, list) else 0


class SummaryView(View):
    received: int
    successful: int
    failed: int
    retriable: int
    non_retriable: int


class FailedView(View):
    index: int
    reason: str
    retriable: bool


class BatchView(View):
    """What became of the events. One that is ``retriable`` may be sent again."""

    status: Literal["success", "partial_success"]
    summary: SummaryView
    failed_events: list[FailedView]
