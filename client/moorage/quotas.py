"""Quotas: what a principal has made today, and may make."""

from dataclasses import dataclass

from moorage.connection import Connection


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """How many of something were made in a day, as far as it is counted, and how many may be."""

    quota: str
    made: int
    limit: int


@dataclass(frozen=True, slots=True)
class DayOfQuotas:
    """The quotas of a principal in a ``day`` (UTC). What has no use yet is among ``items``, with 0."""

    principal: str
    day: str
    items: tuple[QuotaUse, ...]


class Quotas:
    """What a principal has made today."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, principal: str | None = None) -> DayOfQuotas:
        """Your own quotas, or those of another ``principal``, which needs the action administer."""
        return self._connection.get(DayOfQuotas, "quotas", principal=principal)
