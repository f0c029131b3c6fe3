"""Creates, finds and lists experiments. The default experiment, "0", always exists."""

import re
from collections.abc import Mapping
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT, item
from chalicelib.aws.mlflow import tracking_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import ExperimentExistsError, ExperimentNotFoundError, InvalidInputError
from chalicelib.domain.instants import epoch_milliseconds
from chalicelib.domain.limits import Quota
from chalicelib.domain.mlflow.tracking import bounds, locations
from chalicelib.domain.mlflow.tracking.entities import DEFAULT_EXPERIMENT, Experiment
from chalicelib.registry.access import quotas
from chalicelib.registry.ledger.contention import Attempts
from chalicelib.registry.mlflow.tracking import rights
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


def _exists(name: str) -> ExperimentExistsError:
    return ExperimentExistsError(f"Experiment(name={name}) already exists.")
