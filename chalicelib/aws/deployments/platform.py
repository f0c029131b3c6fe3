"""What every driver needs of AWS: clients, a clock, and the meaning of refusals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from botocore.exceptions import ClientError

from chalicelib.domain.deployments.driving import Found, Order, Step
from chalicelib.domain.instants import Instant

# Codes of errors that pass by themselves. Errors of the server (5xx) do too, whatever their code.
_PASSING: Final = frozenset(
    {
        "ConcurrentModificationException",
        "ConcurrentPipelineExecutionsLimitExceededException",
        "ExpiredToken",
        "ExpiredTokenException",
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TooManyUpdates",
    }
)
_FORBIDDEN: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
# In how many seconds a step makes sense that only looks again whether another has been faster.
SOON: Final = 2


@dataclass(frozen=True, slots=True)
class Platform:
    """AWS as a driver sees it: ``client`` returns the client of a service by its name in boto3."""

    client: Callable[[str], Any]
    clock: Callable[[], Instant]


Driver: TypeAlias = Callable[[Order], Step]


def driver(step: Callable[[Order, Platform], Step], platform: Platform) -> Driver:
    """The driver that takes the steps of ``step``, which is a function of a module of this folder.

    A step reads the platform, then makes at most one call that changes something. Names and tokens come from the order,
    so a step may be cut off anywhere, or made twice at once. A refusal of AWS that does not pass by itself is FAILED;
    any other error is raised, and the same step may be tried again.
    """

    def drive(order: Order) -> Step:
        try:
            return step(order, platform)
        except ClientError as error:
            if passing(error):
                raise
            return failed(order, refusal(error))

    return drive


def code(error: ClientError) -> str:
    """The code of an error that AWS answered."""
    return str(error.response.get("Error", {}).get("Code", ""))


def message(error: ClientError) -> str:
    """The text of an error that AWS answered."""
    return str(error.response.get("Error", {}).get("Message", ""))


def passing(error: ClientError) -> bool:
    """Whether the same call may succeed later without anybody changing anything."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or code(error) in _PASSING


def refusal(error: ClientError) -> str:
    """What AWS refused and why, for people."""
    said = f"AWS refused {error.operation_name}: {code(error)}: {message(error)}"
    if code(error) in _FORBIDDEN:
        said += " The stack's deploy_ options name what the deployer may touch."
    return said


def working(order: Order, detail: str, again_in: int, **memo: str) -> Step:
    """A step after which another is due. ``memo`` is added to what earlier steps remembered."""
    return Step(Found.WORKING, detail, memo={**order.memo, **memo}, again_in=again_in)


def serving(order: Order, detail: str, links: Mapping[str, str], **memo: str) -> Step:
    """The step that found the version in service."""
    return Step(Found.SERVING, detail, memo={**order.memo, **memo}, links=links)


def failed(order: Order, detail: str, links: Mapping[str, str] | None = None) -> Step:
    """The step that found that the version is not in service and will not be."""
    return Step(Found.FAILED, detail, memo=order.memo, links=links or {})
