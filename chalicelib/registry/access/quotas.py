"""What a principal may make in a day, beyond what is counted in the commit of a change."""

from chalicelib.aws.access import quota_items
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.limits import Quota


def spend(services: Services, principal: Principal, quota: Quota, amount: int = 1) -> None:
    """Count what the principal is about to make. Raises QuotaExceededError if it is too much for this day."""
    if not amount:
        return
    limits = services.settings.limits
    if not quota_items.spend(services.table, principal.name, services.clock(), quota, amount, limits.daily(quota)):
        raise limits.exceeded(quota)
