"""search, best, leaderboard: what there is, by what is known of it."""

from collections.abc import Callable, Iterable

import click

from moorage.cli.session import Session, command, counted
from moorage.results import Number, Version
from moorage.search import Explanation, RankedVersion

_PAGE = 100


def _searching(function: Callable[..., None]) -> Callable[..., None]:
    """The arguments that both searches take."""
    for decorate in (
        click.option("--explain", is_flag=True, help="Show how this is answered and what its first page costs."),
        click.option("--limit", type=click.IntRange(min=1), default=_PAGE, show_default=True),
        click.option("--order-by", metavar="FIELDS", help="As in 'metrics.auc DESC, name'."),
        click.argument("text", metavar="[FILTER]", default=""),
    ):
        function = decorate(function)
    return function


_LOWER = click.option("--lower-is-better", is_flag=True, help="The lowest value is the best.")


@click.group("search")
def search() -> None:
    """Versions and models by what is known of them."""


@search.command("versions")
@_searching
@command
def search_versions(session: Session, text: str, order_by: str | None, limit: int, explain: bool) -> None:
    """Search versions of all models.

    As in "metrics.auc > 0.9 AND tags.team = 'risk'"; docs/search.md has the language.
    """
    asked = session.client.search
    if explain:
        _explain(session, asked.explain_versions(text or None, order_by=order_by, limit=min(limit, _PAGE)))
        return
    found = list(asked.versions(text or None, order_by=order_by, limit=limit))
    rows = (
        (one.model, one.number, one.label, one.stage, one.aliases, one.metrics, one.tags, _day(one)) for one in found
    )
    session.rows(found, ("model", "version", "label", "stage", "aliases", "metrics", "tags", "created"), rows)


@search.command("models")
@_searching
@command
def search_models(session: Session, text: str, order_by: str | None, limit: int, explain: bool) -> None:
    """Search models.

    As in "owner = 'risk' AND stage = 'production'"; docs/search.md has the language.
    """
    asked = session.client.search
    if explain:
        _explain(session, asked.explain_models(text or None, order_by=order_by, limit=min(limit, _PAGE)))
        return
    found = list(asked.models(text or None, order_by=order_by, limit=limit))
    rows = ((one.name, one.owner, one.versions, one.aliases, one.tags, one.description) for one in found)
    session.rows(found, ("name", "owner", "versions", "aliases", "tags", "description"), rows)


@click.command("best")
@click.argument("model")
@click.argument("metric")
@_LOWER
@click.option("--limit", type=click.IntRange(min=1, max=_PAGE), default=10, show_default=True)
@command
def best(session: Session, model: str, metric: str, lower_is_better: bool, limit: int) -> None:
    """List a model's versions by a metric, the best first."""
    found = session.client.models.best(model, metric, higher_is_better=not lower_is_better, limit=limit)
    _rank(session, list(found), metric)


@click.command("leaderboard")
@click.argument("metric")
@click.option("--filter", "text", metavar="FILTER", help="Which versions take part, as in \"tags.task = 'ner'\".")
@_LOWER
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@command
def leaderboard(session: Session, metric: str, text: str | None, lower_is_better: bool, limit: int) -> None:
    """Rank models by the best version of each."""
    found = session.client.search.leaderboard(metric, text, higher_is_better=not lower_is_better, limit=limit)
    _rank(session, list(found), metric)


def _rank(session: Session, found: list[RankedVersion], metric: str) -> None:
    rows = (
        (place, one.model, one.number, one.label, _exact(one.value), one.run_id, one.created_by, _day(one))
        for place, one in enumerate(found, 1)
    )
    session.rows(found, ("", "model", "version", "label", metric, "run", "by", "created"), rows)


def _explain(session: Session, made: Explanation) -> None:
    session.facts(made, _facts(made))


def _facts(made: Explanation) -> Iterable[tuple[str, object]]:
    plan, cost = made.plan, made.cost
    yield "reads", plan.index
    yield "which answers", " AND ".join(plan.answered)
    yield "filters", " AND ".join(plan.filtered)
    yield "order", ", ".join(plan.order)
    yield "ordered by", "sorting what is found" if plan.sorted else "the index"
    yield "too many in", plan.too_many_in
    yield "found", f"{made.found}{_beyond(made)}"
    if cost is None:
        return
    read = f"{counted(cost.calls, 'call')}, {cost.entries} index entries, {counted(cost.items, 'item')}"
    yield "cost", f"{read}, {cost.capacity_units} capacity units"


def _beyond(made: Explanation) -> str:
    if made.stopped_by_budget:
        return " within the budget of a page; there may be more"
    return " on the first page; there is more" if made.more else ""


def _day(one: Version | RankedVersion) -> str | None:
    return None if one.created_at is None else f"{one.created_at:%Y-%m-%d}"


def _exact(value: Number) -> str:
    return repr(value)
