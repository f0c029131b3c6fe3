"""What the schemas of schemes share: names, patterns and bounds."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.schemes.reporters import MAX_REPORTER

SchemeName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.\-]{0,63}$")]
StageName = Annotated[str, StringConstraints(pattern=r"^[\w\-]+$", max_length=64)]
Directions = Annotated[
    dict[str, Literal["up", "down"]],
    Field(description="Metrics of which it is known whether higher values are better (up) or lower ones (down)."),
]
GateName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.\-]{0,63}$")]
TierName = Literal["low", "medium", "high"]
Number = int | float
Days = Annotated[int | float, Field(gt=0, le=3650)]
Level = Annotated[
    float, Field(ge=0.5, le=0.9999, description="The level of the intervals, with half of the rest on either side.")
]
Patterns = list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_REPORTER)]]
Reporters = Annotated[
    Patterns,
    Field(
        description="Patterns of who may report it, such as oidc:github:repo:acme/fraud:*. Without any, everybody who "
        "may report."
    ),
]
