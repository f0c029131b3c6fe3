"""Creates, finds, lists and changes experiments. The default experiment, "0", always exists."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT, item
from chalicelib.aws.mlflow import tracking_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, LostRaceError
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import ConflictError, ExperimentExistsError, ExperimentNotFoundError, InvalidInputError
from chalicelib.domain.instants import epoch_milliseconds
from chalicelib.domain.limits import Quota
from chalicelib.domain.mlflow.tracking import bounds, changes, locations
from chalicelib.domain.mlflow.tracking.entities import DEFAULT_EXPERIMENT, Experiment
from chalicelib.registry.access import quotas
from chalicelib.registry.ledger.contention import Attempts
from chalicelib.registry.mlflow.tracking import rights
from chalicelib.registry.mlflow.tracking.changing import UNCHANGED, change_item
from chalicelib.registry.page import Page

_DEFAULT_NAME: Final = "Default"
_NUMBER: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


def create_experiment(
    services: Services, principal: Principal, name: str, artifact_location: str, tags: Mapping[str, str]
) -> Experiment:
    """Create an experiment with the next number as its id.

    Raises ExperimentExistsError, InvalidInputError, ContentionError.
    """
    rights.check_create(principal)
    bounds.experiment_name(name)
    if len(artifact_location) > bounds.MAX_LOCATION:
        raise InvalidInputError(f"'artifact_location' exceeds the maximum length of {bounds.MAX_LOCATION} characters")
    checked = dict(bounds.experiment_tag(key, value) for key, value in tags.items())
    if name == _DEFAULT_NAME:
        raise _exists(name)
    quotas.spend(services, principal, Quota.EXPERIMENTS)
    attempts = Attempts(services.sleep)
    while True:
        counter, claim = keys.experiment_counter(), keys.experiment_name(name)
        found = services.table.load([counter, claim])
        if claim in found:
            raise _exists(name)
        last = int(found[counter]["last"]) if counter in found else 0
        number = str(last + 1)
        experiment = Experiment(
            number,
            name,
            artifact_location or locations.of_experiment(number),
            epoch_milliseconds(services.clock()),
            principal.name,
            checked,
        )
        counted = services.table.put_write(
            item(counter, {"last": last + 1}),
            "#last = :last" if last else ABSENT,
            {":last": last} if last else None,
        )
        if last:
            counted["Put"]["ExpressionAttributeNames"] = {"#last": "last"}
        try:
            services.table.transact(
                [
                    counted,
                    services.table.put_write(item(claim, {"number": number}), ABSENT),
                    services.table.put_write(tracking_items.experiment_item(experiment), ABSENT),
                ]
            )
            return experiment
        except LostRaceError:
            attempts.wait_for_next()


def get_experiment(services: Services, principal: Principal, experiment_id: str) -> Experiment:
    """An experiment. Raises ExperimentNotFoundError, InvalidInputError, PermissionDeniedError."""
    rights.check_read_any(principal)
    return existing(services, experiment_id)


def existing(services: Services, experiment_id: str) -> Experiment:
    """An experiment, without checking rights. Raises ExperimentNotFoundError, InvalidInputError."""
    if not _NUMBER.fullmatch(experiment_id):
        raise InvalidInputError(f"Invalid experiment ID '{experiment_id[:64]}'. Experiment ID must be a valid integer.")
    number = str(int(experiment_id))
    stored = services.table.get(keys.experiment(number))
    if stored is not None:
        return tracking_items.experiment_from(stored)
    if number == DEFAULT_EXPERIMENT:
        return default_experiment()
    raise ExperimentNotFoundError(f"No Experiment with id={experiment_id} exists")


def experiment_named(services: Services, principal: Principal, name: str) -> Experiment:
    """The experiment with a name. Raises ExperimentNotFoundError, PermissionDeniedError."""
    rights.check_read_any(principal)
    if name == _DEFAULT_NAME:
        return existing(services, DEFAULT_EXPERIMENT)
    claim = services.table.get(keys.experiment_name(name))
    if claim is None:
        raise ExperimentNotFoundError(f"Could not find experiment with name '{name}'")
    return existing(services, str(claim["number"]))


def active(services: Services, experiment_id: str) -> Experiment:
    """An experiment that takes runs, without checking rights. Raises InvalidInputError if it is deleted."""
    experiment = existing(services, experiment_id)
    changes.check_active_experiment(experiment)
    return experiment


def deleted_among(services: Services, experiment_ids: Sequence[str]) -> set[str]:
    """Those of the experiments that are deleted."""
    wanted = dict.fromkeys(keys.experiment(experiment_id) for experiment_id in experiment_ids)
    stored = services.table.load_all(list(wanted))
    return {experiment.id for experiment in map(tracking_items.experiment_from, stored.values()) if experiment.deleted}


def rename_experiment(services: Services, principal: Principal, experiment_id: str, name: str) -> Experiment:
    """Give an experiment another name, which frees the one it had.

    Raises ExperimentNotFoundError, ExperimentExistsError, ConflictError if it is deleted, PermissionDeniedError.
    """
    bounds.experiment_name(name)
    attempts = Attempts(services.sleep)
    while True:
        before = existing(services, experiment_id)
        rights.check_write(principal, before.owner, f"experiment {before.id}")
        if before.deleted:
            raise ConflictError("Cannot rename a non-active experiment.")
        if before.name == name:
            return before
        if before.id == DEFAULT_EXPERIMENT or name == _DEFAULT_NAME:
            raise ConflictError("The default experiment keeps its name, and no other experiment can have it.")
        if services.table.get(keys.experiment_name(name)) is not None:
            raise _exists(name)
        renamed = replace(
            before, name=name, updated_ms=epoch_milliseconds(services.clock()), revision=before.revision + 1
        )
        table = services.table
        try:
            table.transact(
                [
                    table.put_write(tracking_items.experiment_item(renamed), UNCHANGED, {":revision": before.revision}),
                    table.put_write(item(keys.experiment_name(name), {"number": renamed.id}), ABSENT),
                    table.drop_write(keys.experiment_name(before.name)),
                ]
            )
            return renamed
        except LostRaceError:
            attempts.wait_for_next()


def delete_experiment(services: Services, principal: Principal, experiment_id: str) -> Experiment:
    """Delete an experiment; its runs are no longer found by searches, and its name stays taken. One can restore it.

    Raises ExperimentNotFoundError, PermissionDeniedError.
    """
    now_ms = epoch_milliseconds(services.clock())
    return _change(services, principal, experiment_id, lambda one: changes.delete_experiment(one, True, now_ms))


def restore_experiment(services: Services, principal: Principal, experiment_id: str) -> Experiment:
    """Restore a deleted experiment. Raises ExperimentNotFoundError, PermissionDeniedError."""
    now_ms = epoch_milliseconds(services.clock())
    return _change(services, principal, experiment_id, lambda one: changes.delete_experiment(one, False, now_ms))


def tag_experiment(services: Services, principal: Principal, experiment_id: str, key: str, value: str) -> Experiment:
    """Set a tag. Raises ExperimentNotFoundError, InvalidInputError, PermissionDeniedError."""
    name, checked = bounds.experiment_tag(key, value)
    return _change(services, principal, experiment_id, lambda one: changes.tag_experiment(one, name, checked))


def untag_experiment(services: Services, principal: Principal, experiment_id: str, key: str) -> Experiment:
    """Remove a tag, if there is one. Raises ExperimentNotFoundError, InvalidInputError, PermissionDeniedError."""
    return _change(services, principal, experiment_id, lambda one: changes.untag_experiment(one, key))


def list_experiments(
    services: Services, principal: Principal, limit: int, start: Mapping[str, str | int] | None
) -> Page[Experiment]:
    """Experiments, newest first; the default experiment comes last."""
    rights.check_read_any(principal)
    after = None if start is None else keys.experiment(str(start["id"])).sort
    stored, last = services.table.query(keys.EXPERIMENTS, keys.EXPERIMENT_PREFIX, limit, after=after, newest_first=True)
    found = [tracking_items.experiment_from(one) for one in stored]
    if last is not None:
        return Page(tuple(found), {"id": found[-1].id})
    if not any(one.id == DEFAULT_EXPERIMENT for one in found) and (start is None or start["id"] != DEFAULT_EXPERIMENT):
        found.append(default_experiment())
    return Page(tuple(found), None)


def default_experiment() -> Experiment:
    """The experiment that exists although nobody created it."""
    return Experiment(DEFAULT_EXPERIMENT, _DEFAULT_NAME, locations.of_experiment(DEFAULT_EXPERIMENT), 0, "registry")


def _change(
    services: Services, principal: Principal, experiment_id: str, change: Callable[[Experiment], Experiment]
) -> Experiment:
    found = existing(services, experiment_id)

    def read(stored: Item | None) -> Experiment:
        return found if stored is None else tracking_items.experiment_from(stored)

    def permitted(experiment: Experiment) -> Experiment:
        rights.check_write(principal, experiment.owner, f"experiment {experiment.id}")
        return change(experiment)

    return change_item(services, keys.experiment(found.id), read, permitted, tracking_items.experiment_item)


def _exists(name: str) -> ExperimentExistsError:
    return ExperimentExistsError(f"Experiment(name={name}) already exists.")
