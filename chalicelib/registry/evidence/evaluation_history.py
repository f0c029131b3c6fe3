"""Every evaluation that was recorded under a name, and its metrics over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.evidence.evaluation_items import recorded_from
from chalicelib.aws.services import Services
from chalicelib.domain.evidence.recorded import MeasuredPoint, Recorded, points
from chalicelib.domain.ledger import events
from chalicelib.domain.schemes.directions import Direction, directions
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_profile, loaded_scheme, model_keys
from chalicelib.registry.page import Page
from chalicelib.registry.versions.versions import get_version, resolve


@dataclass(frozen=True, slots=True)
class EvaluationSeries:
    """Metrics of the evaluations of one name over the time of measurement, oldest first."""

    metrics: Mapping[str, tuple[MeasuredPoint, ...]]
    directions: Mapping[str, Direction]


def list_history(
    services: Services, model: str, ref: str, name: str, limit: int, start: dict[str, str | int] | None
) -> Page[Recorded]:
    """What was recorded of a version under a name, newest first, also what was withdrawn. One query a page.

    Raises VersionNotFoundError.
    """
    number = resolve(services, model, ref)
    after = None if start is None else keys.evaluated(model, name, number, int(start["revision"])).sort
    stored, last = services.table.query(
        keys.partition(events.model_ledger(model)),
        keys.evaluated_prefix(name, number),
        limit,
        after,
        newest_first=True,
    )
    if not stored and start is None:
        get_version(services, model, str(number))
    recorded = tuple(recorded_from(item) for item in stored)
    more = last is not None and recorded
    return Page(recorded, {"revision": recorded[-1].evaluation.revision} if more else None)


def get_evaluation_series(
    services: Services, model: str, name: str, metrics: Sequence[str], version: int | None, limit: int
) -> EvaluationSeries:
    """Metrics of the newest ``limit`` evaluations of a name, of one version or of all. Raises ModelNotFoundError.

    Those of higher versions count as newer. One read of the model, and one query, which ends at a megabyte.
    """
    snapshot = load(services, model, model_keys(model, profile=True, scheme=True))
    head = loaded_model(snapshot, model)
    stored, _ = services.table.query(
        keys.partition(events.model_ledger(model)), keys.evaluated_prefix(name, version), limit, newest_first=True
    )
    return EvaluationSeries(
        points(map(recorded_from, stored), metrics),
        directions(loaded_scheme(snapshot), head.rule, loaded_profile(snapshot).metadata),
    )
