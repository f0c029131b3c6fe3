"""Joining the scanner's result with the second opinion on it.

Both functions are fired by the same event and write their results apart, each where only it may write. Each result
makes a record of the table's stream. Whichever comes second finds the first, since it is read consistently after both
were written; if both find each other, the verdict counts once. A result that answers another request is not joined.
Should one of the two never come, the keeper asks both again (registry/scanning/overdue.py).
"""

from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.names import OPINION_PREFIX, PARTITION_KEY, SCANNED_PREFIX
from chalicelib.aws.scanning.scanned_items import Judgeable, judgeable_from
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.scanning.findings import Opinion
from chalicelib.domain.scanning.opinion import opinion_from
from chalicelib.domain.scanning.scan_result import ScanResult


@dataclass(frozen=True, slots=True)
class Joined:
    """A result of the scanner, with the second opinion on it if the registry asks for one."""

    result: ScanResult
    opinion: Opinion | None = None


def joined(services: Services, stored: Item, arrived: Judgeable) -> Joined | None:
    """What is to be judged now that ``stored`` has come; None while the other of the two is awaited.

    Without second opinions, one that still comes is not needed. A failed scan does not wait for one.
    """
    second = str(stored[PARTITION_KEY]).startswith(OPINION_PREFIX)
    if not services.settings.second_opinion:
        return None if second else Joined(arrived.result)
    if not second and arrived.result.scanned is None:
        return Joined(arrived.result)
    other = kept_result(services, arrived.result, SCANNED_PREFIX if second else OPINION_PREFIX)
    if other is None:
        return None
    own, opinion = (other, arrived.result) if second else (arrived.result, other)
    return Joined(own, opinion_from(opinion))


def kept_result(services: Services, answered: ScanResult, prefix: str) -> ScanResult | None:
    """The result for the same request in the partitions that ``prefix`` names, if there is one."""
    key = keys.scan_result(answered.uid, prefix)
    stored = services.table.load([key]).get(key)
    found = None if stored is None else judgeable_from(stored).result
    return found if found is not None and found.requested_at == answered.requested_at else None
