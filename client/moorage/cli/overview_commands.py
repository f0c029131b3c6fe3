"""overview: a model or a version at a glance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import click
from rich.console import Console
from rich.markup import escape

from moorage.cli.marks import quarantine, restriction
from moorage.cli.references import REFERENCE
from moorage.cli.session import Session, command
from moorage.cli.tables import Columns, print_facts
from moorage.cli.values import counted, flat
from moorage.overviews import CardSummary, Differences, ModelOverview, RequestSummary, StageOverview, VersionOverview
from moorage.references import Reference
from moorage.results import VersionSummary

_BETTER = {"up": 1, "down": -1}
_STAGES = Columns(("stage", "versions", "newest"), folded=("newest",))
_CHECKS = Columns(("check", "result"))
_EVALUATIONS = Columns(("evaluation", "kind", "metrics"), spare=("kind",), folded=("metrics",))
_METRICS = Columns(("metric", "before", "now", "change"))
_PARAMETERS = Columns(("parameter", "before", "now"), prose=("before", "now"))
_REQUESTS = Columns(("request", "version", "to", "state", "asked by", "due"), spare=("due", "asked by"))


@click.command("overview")
@click.argument("reference", type=REFERENCE)
@command
def overview(session: Session, reference: Reference) -> None:
    """Show a model or a version at a glance.

    Of a model (MODEL): who stands in each stage, the champion and its challenger, open requests, the card. Of a version
    (MODEL/3, MODEL@champion): its checks and evaluations, its open requests, and how it differs from the champion.
    """
    if reference.version is None:
        model = session.client.models.overview(reference.model)
        session.result(model, lambda console: _show_model(session, console, model))
    else:
        version = session.client.versions.overview(reference.model, session.key(reference))
        session.result(version, lambda console: _show_version(session, console, version))


def _show_model(session: Session, console: Console, shown: ModelOverview) -> None:
    model = shown.model
    print_facts(
        console,
        [
            ("model", model.name),
            ("owner", model.owner),
            ("versions", f"{model.versions} (last is {model.last_version})"),
            ("champion", _named(shown.champion)),
            ("challenger", _named(shown.challenger)),
            ("frozen", restriction(model.frozen)),
            ("locked", shown.locked),
            ("card", _card(shown.card)),
        ],
    )
    rows = [(stage.name, stage.count, _standing(stage)) for stage in shown.stages]
    _section(session, console, "stages", _STAGES, rows)
    _show_rest(session, console, shown.differences, shown.requests, shown.directions)


def _show_version(session: Session, console: Console, shown: VersionOverview) -> None:
    version, base = shown.version, shown.compared_to
    print_facts(
        console,
        [
            ("version", f"{version.model}/{version.number}"),
            ("label", version.label),
            ("status", version.status),
            ("stage", version.stage),
            ("locked", restriction(version.locked)),
            ("legal hold", restriction(version.legal_hold)),
            ("scan", quarantine(version.scan)),
            ("aliases", version.aliases),
            ("content", f"{counted(version.file_count, 'file')}, {version.total_size} bytes"),
            ("compared to", None if base is None else f"version {base.version.number} ({base.pointer})"),
            ("metrics", version.metrics if base is None else None),
        ],
    )
    _section(session, console, "checks", _CHECKS, [(check.name, check.state) for check in shown.checks])
    measured = [(one.name, one.kind, one.metrics) for one in shown.evaluations]
    _section(session, console, "evaluations", _EVALUATIONS, measured)
    _show_rest(session, console, shown.differences, shown.requests, shown.directions)


def _show_rest(
    session: Session,
    console: Console,
    differences: Differences | None,
    requests: Sequence[RequestSummary],
    directions: Mapping[str, str],
) -> None:
    if differences is not None:
        _section(session, console, "metrics", _METRICS, _measured(differences, directions))
        changed = [(row.name, *row.values) for row in differences.parameters]
        _section(session, console, "parameters", _PARAMETERS, changed)
    asked = [(one.number, one.version, one.to_stage, one.state, one.requested_by, one.due_at) for one in requests]
    _section(session, console, "open requests", _REQUESTS, asked)


def _measured(differences: Differences, directions: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    for measure in differences.metrics:
        difference = measure.differences[-1]
        sign = 0 if difference is None else (difference > 0) - (difference < 0)
        verdict = {1: "better", -1: "worse"}.get(sign * _BETTER.get(directions.get(measure.name, ""), 0))
        told = None if difference is None else f"{difference:+}" + (f" {verdict}" if verdict else "")
        yield (measure.name, *measure.values, told)


def _section(
    session: Session, console: Console, title: str, columns: Columns, rows: Iterable[tuple[object, ...]]
) -> None:
    """A table under its title, if there is anything in it."""
    listed = list(rows)
    if listed:
        console.print(f"\n[bold]{escape(title)}[/]")
        session.table(console, columns, listed)


def _standing(stage: StageOverview) -> str | None:
    return ", ".join(str(version.number) for version in stage.versions) or None


def _named(version: VersionSummary | None) -> str | None:
    return None if version is None else f"version {version.number} in {version.stage}"


def _card(card: CardSummary) -> str:
    lacking = [section.name for section in card.sections if section.characters < section.needed]
    written = sum(section.characters > 0 for section in card.sections)
    told = f"revision {card.revision}, {written} of {len(card.sections)} sections written"
    return f"{told}; too short for the scheme: {flat(lacking)}" if lacking else told
