"""Logged models. A client creates one before it uploads the files, and registers versions from it later."""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT, item
from chalicelib.aws.mlflow import tracking_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import LoggedModelNotFoundError
from chalicelib.domain.instants import epoch_milliseconds
from chalicelib.domain.limits import Quota
from chalicelib.domain.mlflow.tracking import bounds, changes, locations
from chalicelib.domain.mlflow.tracking.entities import MODEL_TAG, LoggedModel, Metric, ModelStatus
from chalicelib.domain.mlflow.tracking.names import random_name
from chalicelib.domain.mlflow.tracking.params import newly_apart, with_params
from chalicelib.registry.access import quotas
from chalicelib.registry.mlflow.tracking import long_params, rights
from chalicelib.registry.mlflow.tracking.changing import change_item
from chalicelib.registry.mlflow.tracking.experiments import active as active_experiment


def create_logged_model(
    services: Services,
    principal: Principal,
    experiment_id: str,
    name: str,
    source_run_id: str,
    model_type: str,
    params: Mapping[str, str],
    tags: Mapping[str, str],
) -> LoggedModel:
    """Create a logged model. Raises ExperimentNotFoundError, InvalidInputError, PermissionDeniedError."""
    rights.check_create(principal)
    experiment = active_experiment(services, experiment_id)
    fresh = services.new_id()
    model_id, now_ms = f"m-{fresh}", epoch_milliseconds(services.clock())
    model = LoggedModel(
        id=model_id,
        experiment_id=experiment.id,
        name=bounds.logged_model_name(name) if name else random_name(fresh),
        owner=principal.name,
        created_ms=now_ms,
        updated_ms=now_ms,
        artifact_uri=locations.of_model(experiment.artifact_location, model_id),
        model_type=model_type,
        source_run_id=source_run_id,
        tags={
            **_model_named_by(services, principal, source_run_id),
            **dict(bounds.tag(key, value) for key, value in tags.items()),
        },
    )
    checked = dict(bounds.param(key, value) for key, value in params.items())
    described = with_params(model, checked, f"model ID='{model_id}'")
    item_of_model = tracking_items.logged_model_item(described)
    quotas.spend(services, principal, Quota.RUNS)
    long_params.write(services, keys.logged_model(model_id), newly_apart(model, described, checked))
    services.table.transact(
        [
            services.table.put_write(item_of_model, ABSENT),
            services.table.put_write(
                item(keys.experiment_model(experiment.id, now_ms, model_id), {"model": model_id}), ABSENT
            ),
        ]
    )
    return long_params.with_all(services, described)


def get_logged_model(
    services: Services, principal: Principal, model_id: str, allow_deleted: bool = False
) -> LoggedModel:
    """A logged model. Raises LoggedModelNotFoundError, PermissionDeniedError."""
    model = _read(model_id, services.table.get(keys.logged_model(model_id)), allow_deleted)
    rights.check_read(principal, model, f"logged model {model_id}")
    return long_params.with_all(services, model)


def find(services: Services, model_id: str) -> LoggedModel | None:
    """The logged model; None if there is none or it is deleted."""
    stored = services.table.get(keys.logged_model(model_id))
    model = None if stored is None else tracking_items.logged_model_from(stored)
    return None if model is None or model.deleted else model


def finish_logged_model(services: Services, principal: Principal, model_id: str, status: ModelStatus) -> LoggedModel:
    """Set the final status: the files are uploaded, or the upload failed.

    Raises LoggedModelNotFoundError, InvalidInputError, PermissionDeniedError.
    """
    now_ms = epoch_milliseconds(services.clock())
    finished = _change(services, principal, model_id, lambda model: changes.finish_model(model, status, now_ms))
    return long_params.with_all(services, finished)


def delete_logged_model(services: Services, principal: Principal, model_id: str) -> None:
    """Delete a logged model. Its files stay, and so do the versions registered from it.

    Raises LoggedModelNotFoundError, PermissionDeniedError.
    """
    now_ms = epoch_milliseconds(services.clock())
    _change(services, principal, model_id, lambda model: changes.delete_model(model, now_ms))


def tag_logged_model(services: Services, principal: Principal, model_id: str, tags: Mapping[str, str]) -> LoggedModel:
    """Set tags. Raises LoggedModelNotFoundError, InvalidInputError, PermissionDeniedError."""
    checked = dict(bounds.tag(key, value) for key, value in tags.items())
    now_ms = epoch_milliseconds(services.clock())
    return _change(services, principal, model_id, lambda model: changes.tag_model(model, checked, now_ms))


def untag_logged_model(services: Services, principal: Principal, model_id: str, key: str) -> LoggedModel:
    """Remove a tag. Raises LoggedModelNotFoundError, as MLflow does even if only the tag is missing."""
    now_ms = epoch_milliseconds(services.clock())

    def change(model: LoggedModel) -> LoggedModel:
        untagged = changes.untag_model(model, key, now_ms)
        if untagged is None:
            raise LoggedModelNotFoundError(f"No tag with key {key!r} found for model with ID {model_id!r}.")
        return untagged

    return _change(services, principal, model_id, change)


def log_params(services: Services, principal: Principal, model_id: str, params: Mapping[str, str]) -> LoggedModel:
    """Log parameters. Raises LoggedModelNotFoundError, InvalidInputError, PermissionDeniedError."""
    checked = dict(bounds.param(key, value) for key, value in params.items())
    now_ms = epoch_milliseconds(services.clock())

    def change(model: LoggedModel) -> LoggedModel:
        after = changes.param_model(model, checked, now_ms)
        long_params.write(services, keys.logged_model(model_id), newly_apart(model, after, checked))
        return after

    return _change(services, principal, model_id, change)


def measure(services: Services, principal: Principal, model_id: str, metrics: Sequence[Metric]) -> None:
    """Record metrics that a run logged for a model. Does nothing if the registry does not know the model."""
    if find(services, model_id) is not None:
        _change(services, principal, model_id, lambda model: changes.measure_model(model, metrics))


def _change(
    services: Services, principal: Principal, model_id: str, change: Callable[[LoggedModel], LoggedModel]
) -> LoggedModel:
    def permitted(model: LoggedModel) -> LoggedModel:
        rights.check_write(principal, model.owner, f"logged model {model_id}")
        return change(model)

    key = keys.logged_model(model_id)
    return change_item(
        services, key, lambda stored: _read(model_id, stored), permitted, tracking_items.logged_model_item
    )


def _model_named_by(services: Services, principal: Principal, run_id: str) -> dict[str, str]:
    """The tag that names the model that the principal's own run is for. What the run logs is for the same model."""
    stored = services.table.get(keys.run(run_id)) if run_id else None
    run = None if stored is None else tracking_items.run_from(stored)
    named = run is not None and run.owner == principal.name and run.for_model
    return {MODEL_TAG: named} if named else {}


def _read(model_id: str, stored: Item | None, allow_deleted: bool = False) -> LoggedModel:
    model = None if stored is None else tracking_items.logged_model_from(stored)
    if model is None or (model.deleted and not allow_deleted):
        raise LoggedModelNotFoundError(f"Logged model with ID '{model_id}' not found.")
    return model
