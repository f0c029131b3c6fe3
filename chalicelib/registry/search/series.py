"""Series: the values of metrics over a model's versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.aws.search.series import newest_values
from chalicelib.aws.services import Services
from chalicelib.domain.schemes.directions import Direction, directions
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_profile, loaded_scheme, model_keys


@dataclass(frozen=True, slots=True)
class Series:
    """For each metric, number and value of the versions that have it, lowest number first."""

    metrics: Mapping[str, tuple[tuple[int, float], ...]]
    directions: Mapping[str, Direction]


def get_series(services: Services, name: str, metrics: Sequence[str], limit: int) -> Series:
    """The metrics in the ``limit`` newest READY versions that have each. Raises ModelNotFoundError.

    One read of the model, and one query for each metric. No version is read.
    """
    snapshot = load(services, name, model_keys(name, profile=True, scheme=True))
    model = loaded_model(snapshot, name)
    return Series(
        {metric: tuple(sorted(newest_values(services.table, name, metric, limit).items())) for metric in metrics},
        directions(loaded_scheme(snapshot), model.rule, loaded_profile(snapshot).metadata),
    )
