"""The health of a webhook: since when its receiver fails, and when it has failed for too long.

It is counted outside of any ledger. A success ends it, and so does whoever turns the webhook on or changes
its URL, secret, headers or settings.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.domain.instants import Instant, moment

# After so many deliveries in a row that failed for good, the webhook is disabled.
MAX_FAILURES: Final = 20
# A receiver that gets few events is given up earlier: with the first delivery that fails for good after so long.
LONGEST_FAILING: Final = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Health:
    """How a receiver is doing.

    ``failing_since`` is the time of the first failed attempt after the last success; None if the last attempt
    succeeded. ``failures`` counts the deliveries since then that failed for good.
    """

    failing_since: Instant | None = None
    failures: int = 0


def reason_to_disable(health: Health, now: Instant) -> str | None:
    """Why a webhook is to be disabled whose delivery has just failed for good; None if it is not yet."""
    if health.failing_since is None:
        return None
    if health.failures >= MAX_FAILURES:
        return f"{health.failures} deliveries in a row failed for good; none has succeeded since {health.failing_since}"
    if moment(now) - moment(health.failing_since) >= LONGEST_FAILING:
        return f"no delivery has succeeded since {health.failing_since}"
    return None
