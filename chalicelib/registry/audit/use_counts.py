"""Uses of versions: the API records them as log lines, and a function of its own counts these.

So a download costs the API no second call. The counts are not registry state: they have no events and no ledger.
"""

from collections.abc import Sequence

from chalicelib.aws import keys
from chalicelib.aws.log import log_line
from chalicelib.aws.names import USAGE_LINE
from chalicelib.aws.services import Services
from chalicelib.domain.audit.usage import Usage, Use, usage_totals
from chalicelib.domain.canonical import canonical_json, sha256_hex

_COUNT = "first_at = if_not_exists(first_at, :first), last_batch = :batch ADD uses :count"
_OTHER_BATCH = "(attribute_not_exists(last_batch) OR last_batch <> :batch)"
_NOT_OLDER = "(attribute_not_exists(last_at) OR last_at <= :last)"


def record_use(use: Use) -> None:
    """Write a line to the log. It is counted within a minute or so."""
    log_line(USAGE_LINE, **use.document())


def count_uses(services: Services, uses: Sequence[Use], batch_ids: Sequence[str]) -> int:
    """Add a batch of uses to the counters. Returns how many counters changed.

    Each counter remembers the last batch that it counted. So a batch that failed half-way is not counted twice when it
    comes again, unless another batch came in between. A count is therefore "at least about".
    """
    batch = sha256_hex(canonical_json(list(batch_ids)))
    return sum(_add(services, usage, batch) for usage in usage_totals(uses))


def _add(services: Services, usage: Usage, batch: str) -> bool:
    key = keys.usage(usage.model, usage.version, usage.principal)
    values: dict[str, str | int] = {":first": usage.first_at, ":batch": batch, ":count": usage.count}
    names = {"#model": "model", "#version": "version", "#principal": "principal"}
    latest_values: dict[str, str | int] = {
        ":model": usage.model,
        ":version": usage.version,
        ":principal": usage.principal,
        ":last": usage.last_at,
    }
    latest = "SET #model = :model, #version = :version, #principal = :principal, last_at = :last, "
    if usage.last_alias is not None:
        latest += "last_alias = :alias, "
        latest_values[":alias"] = usage.last_alias
    if services.table.update(
        key, latest + _COUNT, {**values, **latest_values}, f"{_OTHER_BATCH} AND {_NOT_OLDER}", attribute_names=names
    ):
        return True
    # Batches come in any order. An older one adds its count and leaves the last use as it is.
    return services.table.update(key, f"SET {_COUNT}", values, _OTHER_BATCH)
