"""The base classes of all schemas, with strict types and no unknown fields, and the schemas that many routes share."""

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.domain.instants import Instant, instant

T = TypeVar("T")


def _instant(text: str) -> Instant:
    try:
        given = datetime.fromisoformat(text)
        # Times are sorted as text, which fails for years of fewer than four digits.
        if given.tzinfo is None or given.year < 1970:
            raise ValueError(text)
        return instant(given)
    except (ValueError, OverflowError):
        raise ValueError("must be an RFC 3339 time with a zone") from None


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-23T09:30:00.000Z"])]
GivenTime = Annotated[
    Instant,
    StringConstraints(max_length=40),
    AfterValidator(_instant),
    Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-23T09:30:00Z"]),
]
Size = Annotated[int, Field(ge=0, le=2**53 - 1)]
VersionNumber = Annotated[int, Field(ge=1, le=999_999_999)]
# A word of a model's classification, as schemes and grants name them.
ClassificationWord = Literal["unclassified", "public", "internal", "confidential", "restricted", "personal_data"]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Body(BaseModel):
    """A request's body. Strict: no number for a string, no unknown field, no NaN."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        defer_build=True,
        frozen=True,
        hide_input_in_errors=True,
    )


class Query(BaseModel):
    """A request's query parameters. They are text, so a number is read from its digits."""

    model_config = ConfigDict(extra="forbid", defer_build=True, frozen=True, hide_input_in_errors=True)


class View(BaseModel):
    """An answer. Views document answers and test them; the app writes its answers without pydantic."""

    model_config = ConfigDict(strict=True, extra="forbid", defer_build=True)


class Html(str):
    """Marks an answer that is an HTML page, not a JSON document."""

    __slots__ = ()


class NoBody(Body):
    """A call that takes no content: an empty body or ``{}``."""


class NoQuery(Query):
    """A call that takes no query parameters."""


class Paging(Query):
    limit: int = Field(50, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(
        None, min_length=1, max_length=4096, description="next_cursor of the page before, for the same query."
    )


class PageView(View, Generic[T]):
    """A page of a list. It may be short, even empty; only a ``next_cursor`` of null means the end."""

    items: list[T]
    next_cursor: str | None


class ItemsView(View, Generic[T]):
    """A whole list."""

    items: list[T]


class FaultView(View):
    pointer: str
    message: str


class ProblemView(View):
    """An error, as RFC 9457 has it. Programs branch on ``code``.

    ``error_code`` and ``message`` are in answers that API Gateway gives itself. It has one form for all of them, and
    MLflow's clients read these two.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FaultView] | None = None
    error_code: str | None = None
    message: str | None = None


Trigger = Literal["request", "rule", "rollback", "keeper", "override"]
