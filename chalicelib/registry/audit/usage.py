"""Usage: recorded as log lines by the API, counted from the log by a function of its own, listed here.

So a download costs the API no second call. What is counted is not registry state: it has no event and no ledger.
"""

from collections.abc import Sequence

from chalicelib.aws import keys
from chalicelib.aws.audit import usage_items
from chalicelib.aws.log import log_line
from chalicelib.aws.names import USAGE_LINE
from chalicelib.aws.services import Services
from chalicelib.domain.audit.usage import Usage, Use, usage_totals
from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.registry.page import Page
from chalicelib.registry.versions.versions import resolve

_COUNT = "first_at = if_not_exists(first_at, :first), last_batch = :batch ADD uses :count"
_OTHER_BATCH = "(attribute_not_exists(last_batch) OR last_batch <> :batch)"
_NOT_OLDER = "(attribute_not_exists(last_at) OR last_at <= :last)"


def record_use(use: Use) -> None:
    """Leave a line in the log, from which it is counted within a minute or so."""
    log_line(USAGE_LINE, **use.document())


def count_uses(services: Services, uses: Sequence[Use], batch_ids: Sequence[str]) -> int:
    """Add a batch of uses to the counters; answers how many counters changed.

    Each counter remembers the last batch that it counted, so that a batch which comes a second time, the first having
    failed half-way, is not counted twice. Only if another batch came in between is it: a count is "at least about".
    """
    batch = sha256_hex(canonical_json(list(batch_ids)))
    return sum(_add(services, usage, batch) for usage in usage_totals(uses))


def list_usage(
    services: Services, model: str, ref: str | None, limit: int, start: dict[str, str | int] | None
) -> Page[Usage]:
    """Who uses a version, by principal; or all versions of a model, by number and then principal.

    A deleted version's users are still listed. Raises ModelNotFoundError, AliasNotFoundError.
    """
    version = None
    if ref is not None:
        version = resolve(services, model, ref) if start is None else int(start["of"])
    after = None if start is None else keys.usage(model, int(start["version"]), str(start["principal"])).sort
    stored, last = services.table.query(
        keys.partition(model_ledger(model)), keys.usage_prefix(version), limit, after=after
    )
    if not stored and start is None and services.table.get(keys.head(model_ledger(model))) is None:
        raise ModelNotFoundError(f"There is no model {model!r}.")
    listed = tuple(usage_items.usage_from(item) for item in stored)
    if last is None or not listed:
        return Page(listed)
    position: dict[str, str | int] = {"version": listed[-1].version, "principal": listed[-1].principal}
    return Page(listed, position if version is None else {**position, "of": version})


def _add(services: Services, usage: Usage, batch: str) -> bool:
    key = keys.usage(usage.model, usage.version, usage.principal)
    values: dict[str, str | int] = {":first": usage.first_at, ":batch": batch, ":count": usage.count}
    names = {"#model": "model", "#version": "version", "#principal": "principal"}
    about: dict[str, str | int] = {
        ":model": usage.model,
        ":version": usage.version,
        ":principal": usage.principal,
        ":last": usage.last_at,
    }
    newest = "SET #model = :model, #version = :version, #principal = :principal, last_at = :last, "
    if usage.last_alias is not None:
        newest += "last_alias = :alias, "
        about[":alias"] = usage.last_alias
    if services.table.update(
        key, newest + _COUNT, {**values, **about}, f"{_OTHER_BATCH} AND {_NOT_OLDER}", attribute_names=names
    ):
        return True
    # Batches come in any order: an older one adds its count and leaves the last use as it is.
    return services.table.update(key, f"SET {_COUNT}", values, _OTHER_BATCH)
