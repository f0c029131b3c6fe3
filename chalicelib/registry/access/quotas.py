"""What a principal makes in a day, and may make."""

from dataclasses import dataclass
from typing import Final

from chalicelib.aws.access import quota_items
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import QuotaExceededError
from chalicelib.domain.instants import Instant
from chalicelib.domain.limits import Quota

_DAY: Final = 24 * 60 * 60.0


@dataclass(slots=True)
class _Tally:
    """What this process has seen a principal make in a day, and whether that was too much."""

    made: int = 0
    exceeded: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """How many of something a principal has made today, as far as it is counted, and how many it may make."""

    quota: Quota
    made: int
    limit: int


def spend(services: Services, principal: Principal, quota: Quota, amount: int = 1) -> None:
    """Count what the principal is about to make. Raises QuotaExceededError if it is too much for this day."""
    if not amount:
        return
    limits = services.settings.limits
    if not quota_items.spend(services.table, principal.name, services.clock(), quota, amount, limits.daily(quota)):
        raise limits.exceeded(quota)


def spend_by_steps(services: Services, principal: Principal, quota: Quota) -> None:
    """Count what is made so often that each is not counted: a step of them, with the last of each step.

    Each process counts for itself, so that in each at most a step is not counted. Raises QuotaExceededError: if a step
    is too much, and then for the rest of the day.
    """
    day = services.clock()[:10]
    tally = services.remember(("quota", quota, principal.name, day), _Tally, _DAY)
    if tally.exceeded:
        raise services.settings.limits.exceeded(quota)
    tally.made += 1
    step = services.settings.limits.step(quota)
    if tally.made % step == 0:
        try:
            spend(services, principal, quota, step)
        except QuotaExceededError:
            tally.exceeded = True
            raise


def spend_bytes(services: Services, principal: Principal, size: int, chance: float) -> int:
    """Count ``size`` bytes that the principal is about to upload. Answers for how many more there must be room.

    Less than a step counts as one, with the probability of its share in it: ``chance`` is a random number from 0 to 1.
    So small files seldom cost a write, and all together count as what they are. Raises QuotaExceededError.
    """
    step = services.settings.limits.step(Quota.BYTES)
    if not size or (size < step and chance * step >= size):
        return step if size else 0
    spend(services, principal, Quota.BYTES, max(size, step))
    return 0


def list_quotas(services: Services, principal: str, now: Instant) -> list[Made]:
    """What a principal has made on the day of ``now``, of everything that has a limit."""
    stored = services.table.get(quota_items.quota_key(principal, now))
    limits = services.settings.limits
    return [Made(quota, quota_items.made(stored, quota), limits.daily(quota)) for quota in Quota]
