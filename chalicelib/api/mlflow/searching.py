"""MLflow's two searches on the registry's one: its grammar, bounds and pages, with tokens that keep their place."""

import json
from collections.abc import Callable
from typing import Any, Final

from chalicelib import registry
from chalicelib.api import cursors
from chalicelib.api.mlflow import present
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.errors import InvalidCursorError
from chalicelib.domain.mlflow.search import parse_filter, parse_order
from chalicelib.domain.search import SearchQuery, Subject

_MAX_MODELS: Final = 1_000
_MODELS: Final = 100
_MAX_VERSIONS: Final = 200_000
# Clients ask for 10,000 versions at once. What is more than this they get with the token, as from any server.
_AT_ONCE: Final = 1_000
# An answer of a Lambda function has at most 6 MB.
_MAX_BYTES: Final = 5_000_000


def models(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Models in the order of their names or of their last update; prompts only if the filter asks for them."""
    query, start = _query(given, Subject.MODELS), _start(call, given)

    def page(limit: int) -> dict[str, Any]:
        found = registry.search.search.search_models(call.services, query, limit, start, call.may_read)
        newest = registry.versions.latest.newest_versions(call.services, [state.model for state in found.items])
        shown = [present.model(state, newest[state.model.name]) for state in found.items]
        return _document(call, given, {"registered_models": shown}, found.next_start)

    return _fitting(page, _limit(given, _MODELS, _MAX_MODELS))


def versions(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Versions, the last updated first if no order is asked for. Unlike MLflow's own they say their aliases."""
    query, start = _query(given, Subject.VERSIONS), _start(call, given)

    def page(limit: int) -> dict[str, Any]:
        found = registry.search.search.search_versions(call.services, query, limit, start, call.may_read)
        heads = registry.models.models.model_heads(call.services, {one.model for one in found.items})
        shown = [present.version(heads[one.model], one) for one in found.items if one.model in heads]
        return _document(call, given, {"model_versions": shown}, found.next_start)

    return _fitting(page, _limit(given, _MAX_VERSIONS, _MAX_VERSIONS))


def _limit(given: Parameters, default: int, at_most: int) -> int:
    limit = given.integer("max_results", default, at_most=at_most)
    if limit < 1:
        raise invalid(f"Invalid value for max_results. It must be a positive integer, but got {limit}")
    return min(limit, _AT_ONCE)


def _query(given: Parameters, subject: Subject) -> SearchQuery:
    filtered = parse_filter(given.text("filter") or "", subject)
    return SearchQuery(filtered, parse_order(given.texts("order_by"), subject))


def _start(call: MlflowCall, given: Parameters) -> dict[str, Any] | None:
    token = given.text("page_token")
    if not token:
        return None
    try:
        return cursors.open_cursor(token, _asked(call, given), call.services.signing_key(), call.services.clock())
    except InvalidCursorError as error:
        raise invalid(f"Invalid page token, could not base64-decode: {error.detail}") from None


def _document(
    call: MlflowCall, given: Parameters, listed: dict[str, list[Any]], next_start: dict[str, Any] | None
) -> dict[str, Any]:
    document: dict[str, Any] = {name: shown for name, shown in listed.items() if shown}
    if next_start is not None:
        key, now = call.services.signing_key(), call.services.clock()
        document["next_page_token"] = cursors.seal(next_start, _asked(call, given), key, now)
    return document


def _fitting(page: Callable[[int], dict[str, Any]], limit: int) -> dict[str, Any]:
    """The page, or so short a one that it can be answered: a thing has up to 64 KB, of which most have none."""
    document = page(limit)
    while limit > 1 and len(json.dumps(document)) > _MAX_BYTES:
        limit //= 2
        document = page(limit)
    return document


def _asked(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """What a token is good for: whoever asks, this search in this order, in pages of any size."""
    return {**call.query, "filter": given.text("filter") or "", "order_by": given.texts("order_by")}
