"""The model card of a bill of materials: parameters, measurements and considerations."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.domain.bom.components import training_data
from chalicelib.domain.bom.considerations import considerations_in
from chalicelib.domain.bom.material import Material, Table, filled
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.evidence.evaluation import Slice
from chalicelib.domain.evidence.measure import Measure

# The field of a signature's column that says its type.
_FORMATS: Final = "type"


def model_card(material: Material) -> dict[str, Any]:
    """The ``modelCard`` of the version's component."""
    return filled(_CARD, material)


def _parameters(material: Material) -> dict[str, Any]:
    return filled(_PARAMETERS, material)


def _task(material: Material) -> str | None:
    task: str | None = material.version.description.task or material.card.fields.get("pipeline_tag")
    return task


def _datasets(material: Material) -> list[dict[str, Any]]:
    """The datasets that the version records, by reference; then those that only the card knows."""
    recorded = list(training_data(material))
    known = {one["name"] for one in recorded}
    described = {one.get("name"): one for one in material.kept.get("datasets", ())}
    named = [name for name in material.card.fields.get("datasets", ()) if name not in known]
    of_card = [described.get(name, {"type": "dataset", "name": name}) for name in named]
    return [*({"ref": one["bom-ref"]} for one in recorded), *of_card]


def _formats(side: str) -> Any:
    """What makes ``inputs`` or ``outputs``: the types of the signature's columns, if it has such."""

    def make(material: Material) -> Any:
        columns = (material.version.description.signature or {}).get(side)
        types = [one.get(_FORMATS) for one in columns if isinstance(one, Mapping)] if isinstance(columns, list) else []
        formats = dict.fromkeys(one for one in types if isinstance(one, str) and one)
        return [{"format": one} for one in formats] or material.kept.get(side)

    return make


def _metrics(material: Material) -> list[dict[str, Any]]:
    """Every measurement: those registered with the version, those of evaluations, and those that were only stated."""
    measured = list(_measured(material))
    known = {(one["type"], one.get("slice")) for one in measured}
    stated = material.kept.get("performanceMetrics", ())
    return [*measured, *(one for one in stated if (one.get("type"), one.get("slice")) not in known)]


def _measured(material: Material) -> Iterator[dict[str, Any]]:
    for metric, value in sorted(material.version.description.metrics.items()):
        yield _metric(metric, value, "", None)
    for name, evaluation in sorted(material.evaluations.items()):
        for metric, value in sorted(evaluation.metrics.items()):
            yield _metric(metric, value, name, evaluation.measures.get(metric))
        for part in evaluation.slices:
            for metric, value in sorted(part.metrics.items()):
                yield _metric(metric, value, f"{name}: {_group(part)}", part.measures.get(metric))


def _group(part: Slice) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(part.group.items()))


def _metric(metric: str, value: float, where: str, measure: Measure | None) -> dict[str, Any]:
    interval = None if measure is None else measure.interval
    bounds = None if interval is None else {"lowerBound": _text(interval.low), "upperBound": _text(interval.high)}
    given = {"type": metric, "value": _text(value), "slice": where, "confidenceInterval": bounds}
    return {name: part for name, part in given.items() if part}


def _text(number: float) -> str:
    return canonical_json(number)


def _analysis(material: Material) -> dict[str, Any]:
    return filled({"performanceMetrics": _metrics}, material)


def _considerations(material: Material) -> dict[str, Any]:
    environment = material.kept.get("environmentalConsiderations")
    said = considerations_in(material.card.sections)
    return {**said, "environmentalConsiderations": environment} if environment else said


def _kept(name: str) -> Any:
    return lambda material: material.kept.get(name)


_PARAMETERS: Final[Table[Material]] = {
    "approach": _kept("approach"),
    "task": _task,
    "architectureFamily": _kept("architectureFamily"),
    "modelArchitecture": _kept("modelArchitecture"),
    "datasets": _datasets,
    "inputs": _formats("inputs"),
    "outputs": _formats("outputs"),
}
_CARD: Final[Table[Material]] = {
    "modelParameters": _parameters,
    "quantitativeAnalysis": _analysis,
    "considerations": _considerations,
    "properties": _kept("properties"),
}
