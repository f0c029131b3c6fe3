"""Who uses which version, from the counts that ``use_counts`` keeps."""

from chalicelib.aws import keys
from chalicelib.aws.audit import usage_items
from chalicelib.aws.services import Services
from chalicelib.domain.audit.usage import Usage
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.registry.models.existence import check_ledger
from chalicelib.registry.page import Page
from chalicelib.registry.versions.versions import resolve


def list_usage(
    services: Services, model: str, ref: str | None, limit: int, start: dict[str, str | int] | None
) -> Page[Usage]:
    """Who uses a version, by principal; or all versions of a model, by number and then by principal.

    Includes the users of deleted versions. Raises ModelNotFoundError, AliasNotFoundError.
    """
    version = None
    if ref is not None:
        version = resolve(services, model, ref) if start is None else int(start["of"])
    after = None if start is None else keys.usage(model, int(start["version"]), str(start["principal"])).sort
    stored, last = services.table.query(
        keys.partition(model_ledger(model)), keys.usage_prefix(version), limit, after=after
    )
    if not stored and start is None:
        check_ledger(services, model)
    listed = tuple(usage_items.usage_from(item) for item in stored)
    if last is None or not listed:
        return Page(listed)
    position: dict[str, str | int] = {"version": listed[-1].version, "principal": listed[-1].principal}
    return Page(listed, position if version is None else {**position, "of": version})
