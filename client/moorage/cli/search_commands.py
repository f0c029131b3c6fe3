"""search, best, series, leaderboard: find versions and models, rank them, and follow metrics over versions."""

from collections.abc import Callable, Iterable

import click

from moorage.cli.options import bounded_limit_option, limit_option
from moorage.cli.references import MODEL
from moorage.cli.session import CSV, Session, list_command
from moorage.cli.tables import Columns
from moorage.cli.unknown_names import check_metrics, unseen_keys, unseen_metrics
from moorage.cli.values import counted
from moorage.results import Holders, Number, Version
from moorage.search import Explanation, RankedVersion

_VERSIONS = Columns(
    ("model", "version", "label", "stage", "aliases", "metrics", "tags", "created"),
    spare=("created", "tags", "label", "metrics", "aliases"),
    folded=("aliases", "metrics", "tags"),
)
_HELD = Columns(
    ("name", "owner", "champion", "challenger", "serving", "stage", "since", "open requests"),
    spare=("since", "owner", "open requests", "stage"),
)
_MODELS = Columns(
    ("name", "owner", "versions", "aliases", "tags", "description"),
    spare=("description", "tags", "aliases", "owner"),
    folded=("aliases", "tags"),
    prose=("description",),
)
_FIELDS = Columns(("field", "kind", "seen", "is"), spare=("kind", "is"), folded=("seen",), prose=("is",))
_PAGE = 100
_MOST_VERSIONS = 1_000


def _searching(function: Callable[..., None]) -> Callable[..., None]:
    """The arguments of both searches."""
    for decorate in (
        click.option(
            "--explain", is_flag=True, help="Show how the search is carried out and what its first page costs."
        ),
        limit_option(_PAGE),
        click.option("--order-by", metavar="FIELDS", help="How to sort, such as 'metrics.auc DESC, name'."),
        click.argument("text", metavar="[FILTER]", default=""),
    ):
        function = decorate(function)
    return function


_LOWER = click.option("--lower-is-better", is_flag=True, help="Lower values are better.")


@click.group("search")
def search() -> None:
    """Find versions and models with a filter."""


@search.command("versions")
@_searching
@list_command
def search_versions(session: Session, text: str, order_by: str | None, limit: int | None, explain: bool) -> None:
    """Search versions of all models.

    A filter is, for example, "metrics.auc > 0.9 AND tags.team = 'risk'". docs/search.md describes the language.
    """
    client = session.client.search
    if explain:
        _explain(session, client.explain_versions(text or None, order_by=order_by, limit=min(limit or _PAGE, _PAGE)))
        return
    listed = session.first(limit, lambda most: client.versions(text or None, order_by=order_by, limit=most))
    rows = (
        (one.model, one.number, one.label, one.stage, one.aliases, one.metrics, one.tags, _day(one)) for one in listed
    )
    session.rows(listed, _VERSIONS, rows)
    if not listed:
        _tell_unseen(session, "versions", text)


@search.command("models")
@_searching
@click.option("--holders", is_flag=True, help="Show champion, challenger, what serves, and the open requests.")
@list_command
def search_models(
    session: Session, text: str, order_by: str | None, limit: int | None, explain: bool, holders: bool
) -> None:
    """Search models.

    A filter is, for example, "owner = 'risk' AND stage = 'production'". docs/search.md describes the language.
    """
    client = session.client.search
    if explain:
        _explain(session, client.explain_models(text or None, order_by=order_by, limit=min(limit or _PAGE, _PAGE)))
        return
    listed = session.first(
        limit, lambda most: client.models(text or None, order_by=order_by, limit=most, with_holders=holders)
    )
    if holders:
        session.rows(listed, _HELD, ((one.name, one.owner, *_held(one.holders or Holders())) for one in listed))
    else:
        rows = ((one.name, one.owner, one.versions, one.aliases, one.tags, one.description) for one in listed)
        session.rows(listed, _MODELS, rows)
    if not listed:
        _tell_unseen(session, "models", text)


@search.command("fields")
@click.argument("prefix", default="")
@click.option(
    "--of", type=click.Choice(["versions", "models"]), default="versions", show_default=True, help="Whose fields."
)
@click.option("--model", help="Look at this model only.")
@list_command
def search_fields(session: Session, prefix: str, of: str, model: str | None) -> None:
    """List what a filter may name.

    PREFIX is the beginning of a field, such as 'metrics.a'. Keys and values are those of the newest versions.
    """
    fields = session.client.search.fields(of, model=model, prefix=prefix or None)
    rows = (
        (
            field.name if field.key is None else f"{field.name}.<{field.key}>",
            field.kind,
            field.keys or field.values,
            field.description,
        )
        for field in fields
    )
    session.rows(list(fields), _FIELDS, rows)


@click.command("best")
@click.argument("model", type=MODEL)
@click.argument("metric")
@_LOWER
@bounded_limit_option(10, _PAGE)
@list_command
def best(session: Session, model: str, metric: str, lower_is_better: bool, limit: int) -> None:
    """List a model's versions ranked by a metric, best first."""
    ranked = session.client.models.best(model, metric, higher_is_better=not lower_is_better, limit=limit)
    if not ranked:
        check_metrics(session.client, model, [metric])
    _rank(session, list(ranked), metric)


@click.command("leaderboard")
@click.argument("metric")
@click.option(
    "--filter", "text", metavar="FILTER", help="Rank only versions that match, such as \"tags.task = 'ner'\"."
)
@_LOWER
@limit_option(20)
@list_command
def leaderboard(session: Session, metric: str, text: str | None, lower_is_better: bool, limit: int | None) -> None:
    """Rank models by their best version in a metric."""
    client, higher = session.client.search, not lower_is_better
    ranked = session.first(limit, lambda most: client.leaderboard(metric, text, higher_is_better=higher, limit=most))
    if not ranked:
        check_metrics(session.client, None, [metric])
    _rank(session, ranked, metric)


@click.command("series")
@click.argument("model", type=MODEL)
@click.argument("metrics", nargs=-1, required=True, metavar="METRIC...")
@bounded_limit_option(20, _MOST_VERSIONS)
@list_command
def series(session: Session, model: str, metrics: tuple[str, ...], limit: int) -> None:
    """Show one to five metrics over a model's newest versions."""
    found = session.client.models.series(model, *metrics, limit=limit)
    missing = [metric for metric, points in found.metrics.items() if not points]
    if len(missing) == len(found.metrics):
        check_metrics(session.client, model, missing)
    for sentence in unseen_metrics(session.client, model, missing):
        session.note(sentence)
    values = {metric: {point.number: point.value for point in points} for metric, points in found.metrics.items()}
    numbers = sorted({number for points in values.values() for number in points})[-limit:]
    rows = [(number, *(points.get(number) for points in values.values())) for number in numbers]
    columns = Columns(("version", *values))
    if session.output == CSV:
        session.rows([dict(zip(columns.names, row, strict=True)) for row in rows], columns, rows)
    else:
        session.result(found, lambda console: session.table(console, columns, rows))


def _tell_unseen(session: Session, of: str, text: str) -> None:
    """Tell which keys of a filter may be misspelt. A search that finds nothing is not an error."""
    for sentence in unseen_keys(session.client, of, text):
        session.note(sentence)


def _held(holders: Holders) -> Iterable[object]:
    for version in (holders.champion, holders.challenger, holders.serving):
        yield None if version is None else version.label or version.number
    yield None if holders.serving is None else holders.serving.stage
    yield None if holders.serving is None else holders.serving.stage_since
    yield holders.open_requests


def _rank(session: Session, ranked: list[RankedVersion], metric: str) -> None:
    rows = (
        (place, one.model, one.number, one.label, _exact(one.value), one.run_id, one.created_by, _day(one))
        for place, one in enumerate(ranked, 1)
    )
    columns = Columns(
        ("rank", "model", "version", "label", metric, "run", "by", "created"),
        spare=("run", "by", "created", "label", "rank"),
    )
    session.rows(ranked, columns, rows)


def _explain(session: Session, explanation: Explanation) -> None:
    session.facts(explanation, _facts(explanation))


def _facts(explanation: Explanation) -> Iterable[tuple[str, object]]:
    plan, cost = explanation.plan, explanation.cost
    yield "index", plan.index
    yield "answered by it", " AND ".join(plan.answered)
    yield "filtered after", " AND ".join(plan.filtered)
    yield "order", ", ".join(plan.order)
    yield "ordered by", "sorting the results" if plan.sorted else "the index"
    yield "too large to sort", plan.too_many_in
    yield "found", f"{explanation.found}{_beyond(explanation)}"
    if cost is None:
        return
    read = f"{counted(cost.calls, 'call')}, {cost.entries} index entries, {counted(cost.items, 'item')}"
    yield "cost", f"{read}, {cost.capacity_units} capacity units"


def _beyond(explanation: Explanation) -> str:
    if explanation.stopped_by_budget:
        return " within the budget of a page; there may be more"
    return " on the first page; there is more" if explanation.more else ""


def _day(one: Version | RankedVersion) -> str | None:
    return None if one.created_at is None else f"{one.created_at:%Y-%m-%d}"


def _exact(value: Number) -> str:
    return repr(value)
