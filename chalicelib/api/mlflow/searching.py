"""MLflow's searches for models and versions, made with the registry's search."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from chalicelib import registry
from chalicelib.api import cursors
from chalicelib.api.answer_size import MAX_BYTES, size
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.api.mlflow.presenters import model_version_document, registered_model_document
from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import InvalidCursorError
from chalicelib.domain.limits import Quota
from chalicelib.domain.mlflow.search import parse_filter, parse_order
from chalicelib.domain.search.planner import named_prefix
from chalicelib.domain.search.syntax import SearchQuery, Subject

_MAX_MODELS: Final = 1_000
_DEFAULT_MODELS: Final = 100
_MAX_VERSIONS: Final = 200_000
# Clients ask for 10,000 versions at once. They get the rest with the page token, as from any server.
_MAX_PAGE: Final = 1_000


def models(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Models in the order of their names or of their last update. Prompts only if the filter asks for them."""
    most = _limit(given, _DEFAULT_MODELS, _MAX_MODELS)
    query, start = _query(call, given, Subject.MODELS), _start(call, given)

    def page(limit: int) -> dict[str, Any]:
        found = registry.search.search.search_models(call.services, query, limit, start, call.may_read)
        newest = registry.versions.latest.newest_versions(call.services, [state.model for state in found.items])
        shown = [registered_model_document(state, newest[state.model.name]) for state in found.items]
        return _page_document(call, given, "registered_models", shown, found.next_start)

    return _page_that_fits(page, most)


def versions(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Versions, by default the last updated first. They show their aliases, which MLflow's own server leaves out."""
    most = _limit(given, _MAX_VERSIONS, _MAX_VERSIONS)
    query, start = _query(call, given, Subject.VERSIONS), _start(call, given)

    def page(limit: int) -> dict[str, Any]:
        found = registry.search.search.search_versions(call.services, query, limit, start, call.may_read)
        heads = registry.models.models.model_heads(call.services, {version.model for version in found.items})
        shown = [
            model_version_document(heads[version.model], version) for version in found.items if version.model in heads
        ]
        return _page_document(call, given, "model_versions", shown, found.next_start)

    return _page_that_fits(page, most)


def _limit(given: Parameters, default: int, maximum: int) -> int:
    limit = given.integer("max_results", default, maximum)
    if limit < 1:
        raise invalid(f"Invalid value for max_results. It must be a positive integer, but got {limit}")
    return min(limit, _MAX_PAGE)


def _query(call: MlflowCall, given: Parameters, subject: Subject) -> SearchQuery:
    where = parse_filter(given.text("filter") or "", subject)
    query = SearchQuery(where, parse_order(given.texts("order_by"), subject))
    registry.access.quotas.spend_by_steps(call.services, call.principal, Quota.SEARCHES)
    return replace(query, by_name=call.principal.may_on_all(Action.READ, named_prefix(query)))


def _start(call: MlflowCall, given: Parameters) -> dict[str, Any] | None:
    token = given.text("page_token")
    if not token:
        return None
    try:
        return cursors.open_cursor(token, _token_query(call, given), call.services.signing_key(), call.services.clock())
    except InvalidCursorError as error:
        raise invalid(f"Invalid page token, could not base64-decode: {error.detail}") from None


def _page_document(
    call: MlflowCall, given: Parameters, name: str, items: list[Any], next_start: dict[str, Any] | None
) -> dict[str, Any]:
    document: dict[str, Any] = {name: items} if items else {}
    if next_start is not None:
        key, now = call.services.signing_key(), call.services.clock()
        document["next_page_token"] = cursors.seal(next_start, _token_query(call, given), key, now)
    return document


def _page_that_fits(page: Callable[[int], dict[str, Any]], limit: int) -> dict[str, Any]:
    """The page, or a shorter one if it is too large to answer. An item can have 64 KB; most have far less."""
    document = page(limit)
    while limit > 1 and size(json.dumps(document)) > MAX_BYTES:
        limit //= 2
        document = page(limit)
    return document


def _token_query(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """What a page token is valid for: this caller and this search in this order, with pages of any size."""
    return {**call.query, "filter": given.text("filter") or "", "order_by": given.texts("order_by")}
