"""Models, versions, aliases, cards and comparisons as HTML for notebooks.

Everything that the registry returns is escaped. There is no script, and no colour of its own but a translucent line, so
that the tables can be read on light and on dark pages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from typing import Any, Final

from moorage.cards import Card
from moorage.comparison import Comparison, MetricRow, Row, Verdict
from moorage.overviews import ModelOverview, VersionOverview
from moorage.references import Reference
from moorage.results import Alias, Model, Restriction, SchemeRef, Version, VersionSummary
from moorage.tables import compared_rows

_CELL: Final = 'style="text-align: left; vertical-align: top; border-bottom: 1px solid rgba(128, 128, 128, 0.35)"'
_EMPTY: Final[tuple[object, ...]] = (None, "", (), {})
_BETTER: Final = {"up": "↑", "down": "↓"}

Fact = tuple[str, object]


def model_html(model: Model) -> str:
    return _facts(f"Model {model.name}", _model_facts(model))


def version_html(version: Version) -> str:
    return _facts(f"Version {version.model}/{version.number}", _version_facts(version))


def model_overview_html(overview: ModelOverview) -> str:
    stages = {stage.name: tuple(version.number for version in stage.versions) for stage in overview.stages}
    return _facts(
        f"Model {overview.model.name}",
        [
            ("champion", overview.champion),
            ("challenger", overview.challenger),
            ("stages", {name: numbers for name, numbers in stages.items() if numbers}),
            ("open requests", len(overview.requests)),
            *((name, fact) for name, fact in _model_facts(overview.model) if name != "stages"),
        ],
    )


def version_overview_html(overview: VersionOverview) -> str:
    compared = overview.compared_to
    return _facts(
        f"Version {overview.version.model}/{overview.version.number}",
        [
            *_version_facts(overview.version),
            ("checks", {check.name: check.state for check in overview.checks}),
            ("evaluations", {evaluation.name: evaluation.metrics for evaluation in overview.evaluations}),
            ("compared to", None if compared is None else f"{compared.pointer}, version {compared.version.number}"),
            ("open requests", len(overview.requests)),
        ],
    )


def alias_html(alias: Alias) -> str:
    return _facts(
        f"Alias {Reference(alias.model, f'@{alias.alias}')}",
        [
            ("version", alias.version),
            ("protected", "yes" if alias.protected else None),
            ("updated", _made(alias.updated_at, alias.updated_by)),
        ],
    )


def card_html(card: Card) -> str:
    return _facts(
        f"Card of {card.model}, revision {card.revision}",
        [*card.sections.items(), ("fields", card.fields), ("updated", _made(card.updated_at, card.updated_by))],
    )


def comparison_html(comparison: Comparison) -> str:
    """A table with a column for each version, in sections. Metrics show the difference from the first version."""
    versions = [f"{version.number} {version.label or ''}".strip() for version in comparison.versions]
    rows = [_row("th", [f"Versions of {comparison.model}", *versions])]
    rows.append(_row("td", ["stage", *(version.stage for version in comparison.versions)]))
    rows.append(_row("td", ["aliases", *(version.aliases for version in comparison.versions)]))
    for section, members in groupby(compared_rows(comparison), key=lambda member: member[0]):
        rows.append(f'<tr><th colspan="{1 + len(versions)}" {_CELL}>{escape(section)}</th></tr>')
        rows += [_row("td", _compared(row, comparison.directions)) for _, row in members]
    if comparison.truncated:
        rows.append(_row("td", ["too long to list in full", *comparison.truncated]))
    return f"<table>{''.join(rows)}</table>"


def _compared(row: MetricRow | Row, directions: Mapping[str, str]) -> list[object]:
    if isinstance(row, Row):
        return [row.name, *row.values]
    verdicts = row.verdicts or (None,) * len(row.values)
    values = (
        _judged(f"{_text(value)} ({difference:+.4g})" if difference else value, verdict)
        for value, difference, verdict in zip(row.values, row.differences, verdicts, strict=True)
    )
    return [f"{row.name} {_BETTER.get(directions.get(row.name, ''), '')}".strip(), *values]


def _judged(cell: object, verdict: Verdict | None) -> object:
    """The cell with its verdict. Where a verdict would need more than is known, there is none."""
    return cell if verdict is None or verdict.verdict == "insufficient" else f"{_text(cell)}, {verdict}"


def _model_facts(model: Model) -> Iterator[Fact]:
    yield "description", model.description
    yield "owner", model.owner
    yield "versions", model.versions
    yield "aliases", model.aliases
    yield "stages", {name: holder.version for name, holder in model.stages.items() if holder.version is not None}
    yield "scheme", model.scheme
    yield "tier", model.tier
    yield "frozen", model.frozen
    yield "tags", model.tags
    yield "metadata", model.metadata
    yield "created", _made(model.created_at, model.created_by)


def _version_facts(version: Version) -> Iterator[Fact]:
    yield "label", version.label
    yield "status", version.status
    yield "stage", version.stage
    yield "aliases", version.aliases
    yield "description", version.description
    yield "metrics", version.metrics
    yield "parameters", version.parameters
    yield "tags", version.tags
    yield "metadata", version.metadata
    yield "framework", version.framework
    yield "provenance", version.provenance
    yield "signature", _counted(version.signature or {})
    yield "files", f"{version.file_count}, {version.total_size:,} bytes in all"
    yield "digest", version.digest
    yield "locked", version.locked
    yield "legal hold", version.legal_hold
    yield "scan", None if version.scan is None else version.scan.verdict or version.scan.state
    yield "created", _made(version.created_at, version.created_by)


def _counted(signature: Mapping[str, Any]) -> dict[str, Any]:
    """How many columns each side of a signature has. One of another form stays as it is."""
    return {side: len(columns) if isinstance(columns, list) else columns for side, columns in signature.items()}


def _made(at: datetime | None, by: str | None) -> str | None:
    """When and by whom. None if it never was."""
    if at is None:
        return None
    return f"{_text(at)} by {by}" if by else _text(at)


def _facts(title: str, facts: Iterable[Fact]) -> str:
    """A table of two columns under a title. What is empty is left out."""
    rows = [_row("td", fact) for fact in facts if fact[1] not in _EMPTY]
    return f'<table><tr><th colspan="2" {_CELL}>{escape(title)}</th></tr>{"".join(rows)}</table>'


def _row(element: str, cells: Sequence[object]) -> str:
    return "<tr>" + "".join(f"<{element} {_CELL}>{_cell(cell)}</{element}>" for cell in cells) + "</tr>"


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        return "<br>".join(f"{escape(name)}: {escape(_text(item))}" for name, item in _flat(value))
    return escape(_text(value))


def _flat(values: Mapping[Any, object], prefix: str = "") -> Iterator[Fact]:
    """The members of a mapping, and those of the mappings in it under names such as ``runtime.python``."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, list | tuple):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, VersionSummary):
        return f"version {value.number} in {value.stage}"
    if isinstance(value, SchemeRef):
        return f"{value.name}, version {value.version}"
    if isinstance(value, Restriction):
        return f"by {value.by}: {value.reason}"
    return str(value)
