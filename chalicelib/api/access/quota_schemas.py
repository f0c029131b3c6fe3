"""Schemas of quotas."""

from pydantic import Field

from chalicelib.api.document import Query, View
from chalicelib.domain.limits import Quota


class QuotasQuery(Query):
    """Without ``principal``, the quotas are the caller's own. Those of others need the action administer."""

    principal: str = Field("", max_length=512)


class QuotaView(View):
    """How many of something were made today, as far as it is counted, and how many may be."""

    quota: Quota
    made: int
    limit: int


class QuotasView(View):
    """The quotas of a principal in a ``day`` (UTC)."""

    principal: str
    day: str
    items: list[QuotaView]
