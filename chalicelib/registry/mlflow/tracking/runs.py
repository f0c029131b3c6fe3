"""Creates, reads and changes runs.

A run is one conditionally written item. Metric histories, and long parameters if there are many, have their own items.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT, item
from chalicelib.aws.mlflow import tracking_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, key_of
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import InvalidInputError, RunNotFoundError
from chalicelib.domain.instants import epoch_milliseconds
from chalicelib.domain.limits import Quota
from chalicelib.domain.mlflow.tracking import bounds, changes, locations
from chalicelib.domain.mlflow.tracking.entities import (
    DEFAULT_EXPERIMENT,
    DatasetInput,
    LoggedModel,
    Metric,
    Output,
    Run,
    RunStatus,
)
from chalicelib.domain.mlflow.tracking.names import random_name
from chalicelib.domain.mlflow.tracking.params import newly_apart
from chalicelib.registry.access import quotas
from chalicelib.registry.mlflow.tracking import logged_models, long_params, rights
from chalicelib.registry.mlflow.tracking.changing import change_item
from chalicelib.registry.mlflow.tracking.experiments import active as active_experiment

# A transaction takes at most 100 items and 4 MB.
_POINTS_AT_ONCE: Final = 100
_DATASETS_AT_ONCE: Final = 20
_FLAVOURS_TAG: Final = "mlflow.log-model.history"


def create_run(
    services: Services,
    principal: Principal,
    experiment_id: str,
    name: str,
    user: str,
    started_ms: int,
    tags: Mapping[str, str],
) -> Run:
    """Create a run. Raises ExperimentNotFoundError, InvalidInputError, PermissionDeniedError."""
    rights.check_create(principal)
    experiment = active_experiment(services, experiment_id or DEFAULT_EXPERIMENT)
    checked = dict(bounds.tag(key, value) for key, value in tags.items())
    named = checked.get(changes.RUN_NAME_TAG, "")
    if name and named and name != named:
        raise InvalidInputError(
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
            f"(run_name='{name}', mlflow.runName='{named}')."
        )
    run_id = services.new_id()
    chosen = name or named or random_name(run_id)
    run = Run(
        id=run_id,
        experiment_id=experiment.id,
        name=chosen,
        user=user,
        owner=principal.name,
        status=RunStatus.RUNNING,
        started_ms=started_ms or epoch_milliseconds(services.clock()),
        artifact_uri=locations.of_run(experiment.artifact_location, run_id),
        tags={**checked, changes.RUN_NAME_TAG: chosen},
    )
    quotas.spend(services, principal, Quota.RUNS)
    # The SDK sends a token with a transaction, so that its own retry creates no second run.
    services.table.transact(
        [
            services.table.put_write(tracking_items.run_item(run), ABSENT),
            services.table.put_write(
                item(keys.experiment_run(experiment.id, run.started_ms, run.id), {"run": run.id}), ABSENT
            ),
        ]
    )
    return run


def get_run(services: Services, principal: Principal, run_id: str) -> Run:
    """A run with its datasets and parameters in full. Raises RunNotFoundError, PermissionDeniedError."""
    stored, _ = services.table.query(
        keys.run_partition(run_id), keys.DATASET_PREFIX, bounds.MAX_DATASETS + 1, up_to=keys.RUN_SORT
    )
    run = _read(run_id, stored[-1] if stored and key_of(stored[-1]) == keys.run(run_id) else None)
    rights.check_read(principal, run, f"run {run_id}")
    run = long_params.with_all(services, run)
    return changes.with_full_datasets(run, [tracking_items.dataset_from(one) for one in stored[:-1]])


def find(services: Services, run_id: str) -> Run | None:
    """The run; None if there is none. Rights are not checked."""
    stored = services.table.get(keys.run(run_id))
    return None if stored is None else tracking_items.run_from(stored)


def existing(services: Services, run_id: str) -> Run:
    """The run, without checking rights. Raises RunNotFoundError."""
    return _read(run_id, services.table.get(keys.run(run_id)))


def update_run(
    services: Services,
    principal: Principal,
    run_id: str,
    status: RunStatus | None,
    ended_ms: int | None,
    name: str | None,
) -> Run:
    """Change a run's status, end or name. Raises RunNotFoundError, PermissionDeniedError."""
    return _change(services, principal, run_id, lambda run: changes.update(run, status, ended_ms, name))


def log(
    services: Services,
    principal: Principal,
    run_id: str,
    metrics: Sequence[Metric] = (),
    params: Sequence[tuple[str, str]] = (),
    tags: Sequence[tuple[str, str]] = (),
) -> Run:
    """Log metrics, parameters and tags. Repeating it changes nothing.

    The metrics' points are written before their latest values. If a call is cut off, a retry writes the same points
    again, and no latest value is without its point. Raises RunNotFoundError, InvalidInputError, PermissionDeniedError.
    """
    bounds.batch(metrics, params, tags)
    bounds.unique_params(name for name, _ in params)
    points = [bounds.metric(metric) for metric in metrics]
    checked = dict(bounds.param(name, value) for name, value in params)
    tagged = dict(bounds.tag(name, value) for name, value in tags)

    def change(run: Run) -> Run:
        after = changes.log(run, (), checked, tagged)
        long_params.write(services, keys.run(run_id), newly_apart(run, after, checked))
        return after

    logged = _change(services, principal, run_id, change)
    quotas.spend(services, principal, Quota.POINTS, len(points))
    _write(services, [tracking_items.point_item(run_id, point) for point in points], _POINTS_AT_ONCE)
    for model_id in sorted({point.model_id for point in points if point.model_id}):
        of_model = [point for point in points if point.model_id == model_id]
        logged_models.measure(services, principal, model_id, of_model)
    if not points:
        return logged
    return _change(services, principal, run_id, lambda run: changes.log(run, points, {}, {}))


def delete_run(services: Services, principal: Principal, run_id: str) -> Run:
    """Delete a run: searches show it only on request, and nothing more is logged to it. One can restore it.

    Raises RunNotFoundError, PermissionDeniedError.
    """
    return _change(services, principal, run_id, lambda run: changes.delete_run(run, True), deleted_too=True)


def restore_run(services: Services, principal: Principal, run_id: str) -> Run:
    """Restore a deleted run. Raises RunNotFoundError, PermissionDeniedError."""
    return _change(services, principal, run_id, lambda run: changes.delete_run(run, False), deleted_too=True)


def delete_tag(services: Services, principal: Principal, run_id: str, key: str) -> Run:
    """Remove a tag. Raises RunNotFoundError, as MLflow does even if only the tag is missing."""

    def change(run: Run) -> Run:
        untagged = changes.without_tag(run, key)
        if untagged is None:
            raise RunNotFoundError(f"No tag with name: {key} in run with id {run_id}")
        return untagged

    return _change(services, principal, run_id, change)


def log_inputs(
    services: Services, principal: Principal, run_id: str, datasets: Sequence[DatasetInput], models: Sequence[str]
) -> Run:
    """Record what a run read. Raises RunNotFoundError, InvalidInputError, PermissionDeniedError."""
    checked = [bounds.dataset(one) for one in datasets]
    run = existing(services, run_id)
    rights.check_write(principal, run.owner, f"run {run_id}")
    changes.check_active(run)
    # Check that there is room before the datasets' items are written.
    changes.with_inputs(run, checked, models)
    _write(services, [tracking_items.dataset_item(run_id, one) for one in checked], _DATASETS_AT_ONCE)
    return _change(services, principal, run_id, lambda current: changes.with_inputs(current, checked, models))


def log_outputs(services: Services, principal: Principal, run_id: str, outputs: Sequence[Output]) -> Run:
    """Record logged models that a run produced. Raises RunNotFoundError, InvalidInputError, PermissionDeniedError."""
    return _change(services, principal, run_id, lambda run: changes.with_outputs(run, outputs))


def log_model_of_old(services: Services, principal: Principal, run_id: str, document: str) -> Run:
    """Record a model that a client before 3.0 logged under a run. It is kept in a tag, as MLflow keeps it.

    Raises RunNotFoundError, InvalidInputError, PermissionDeniedError.
    """
    return _change(services, principal, run_id, lambda run: changes.with_flavours(run, _FLAVOURS_TAG, document))


def metric_history(
    services: Services, principal: Principal, run_id: str, key: str, limit: int, after: str | None
) -> tuple[list[Metric], str | None]:
    """Points of a metric by step and time, and the key to continue after; None at the end.

    Raises RunNotFoundError, PermissionDeniedError.
    """
    rights.check_read(principal, existing(services, run_id), f"run {run_id}")
    prefix = keys.metric_prefix(bounds.key(key))
    stored, last = services.table.query(
        keys.run_partition(run_id), prefix, limit, after=None if after is None else prefix + after
    )
    return [tracking_items.point_from(one) for one in stored], None if last is None else last.removeprefix(prefix)


def output_named(services: Services, run: Run, name: str) -> LoggedModel | None:
    """The last logged model with this name that a run produced."""
    wanted_keys = [keys.logged_model(output.model_id) for output in run.outputs]
    found = services.table.load(wanted_keys) if wanted_keys else {}
    models = [tracking_items.logged_model_from(found[key]) for key in wanted_keys if key in found]
    named = [model for model in models if model.name == name and not model.deleted]
    return named[-1] if named else None


def _change(
    services: Services, principal: Principal, run_id: str, change: Callable[[Run], Run], deleted_too: bool = False
) -> Run:
    def permitted(run: Run) -> Run:
        rights.check_write(principal, run.owner, f"run {run_id}")
        if not deleted_too:
            changes.check_active(run)
        return change(run)

    return change_item(
        services, keys.run(run_id), lambda stored: _read(run_id, stored), permitted, tracking_items.run_item
    )


def _read(run_id: str, stored: Item | None) -> Run:
    if stored is None:
        raise RunNotFoundError(f"Run with id={run_id} not found")
    return tracking_items.run_from(stored)


def _write(services: Services, items: Sequence[Item], at_once: int) -> None:
    """Write items, ``at_once`` per call. Writing them again changes nothing."""
    ordered = list({key_of(one): one for one in items}.values())
    for first in range(0, len(ordered), at_once):
        services.table.put_all(ordered[first : first + at_once])
