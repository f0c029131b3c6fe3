"""No caller fills the table or the bucket: what each may make in a day, and what a model may have waiting."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.access import quota_items
from chalicelib.aws.services import Services
from chalicelib.domain.errors import LimitExceededError, QuotaExceededError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.limits import GIB, Limits, Quota
from chalicelib.domain.mlflow.tracking.entities import Metric
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.mlflow.tracking import artifacts, experiments, logged_models, runs
from chalicelib.registry.models import models
from chalicelib.registry.versions import uploads
from tests.registry.build import CONTENT, file, model, put, registered, request
from tests.registry.mlflow.tracking.build import ADA, BOB
from tests.simulation import like_s3

Make = Callable[[Services, int], object]


def limited(registry: Services, text: str) -> Services:
    return Services(replace(registry.settings, limits=Limits.parsed(text)))


def new_model(registry: Services, number: int) -> None:
    models.create_model(registry, replace(request(), principal=ADA), f"m{number}", ProfileChange())


def new_experiment(registry: Services, number: int) -> None:
    experiments.create_experiment(registry, ADA, f"e{number}", "", {})


def new_run(registry: Services, number: int) -> None:
    runs.create_run(registry, ADA, "0", "", "ada", 1, {})


def new_logged_model(registry: Services, number: int) -> None:
    logged_models.create_logged_model(registry, ADA, "0", "", "", "", {}, {})


def new_point(registry: Services, number: int) -> None:
    run = runs.create_run(registry, ADA, "0", "", "ada", 1, {})
    runs.log(registry, ADA, run.id, [Metric("auc", 0.5, number, number)])


def new_file(registry: Services, number: int) -> None:
    artifacts.put(registry, ADA, f"0/{'a' * 32}/artifacts/{number}", b"x")


def new_upload(registry: Services, number: int) -> None:
    artifacts.begin_upload(registry, ADA, f"0/{'a' * 32}/artifacts", f"f{number}", 1)


MAKES = {
    "models": new_model,
    "experiments": new_experiment,
    "runs": new_run,
    "logged models": new_logged_model,
    "points": new_point,
    "files": new_file,
    "parts": new_upload,
}
QUOTAS = {"logged models": Quota.RUNS, "files": Quota.UPLOADS, "parts": Quota.UPLOADS}


@pytest.mark.parametrize("what", MAKES)
def test_a_principal_makes_so_many_in_a_day_and_goes_on_the_next(
    registry: Services, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    quota = QUOTAS.get(what) or Quota(what)
    small = limited(registry, f"daily_{quota}=2")
    for number in range(2):
        MAKES[what](small, number)
    with pytest.raises(QuotaExceededError, match=f"daily_{quota}"):
        MAKES[what](small, 2)
    tomorrow = later(registry.clock(), timedelta(days=1))
    monkeypatch.setattr(small, "clock", lambda: tomorrow)
    MAKES[what](small, 3)


def test_what_one_principal_makes_does_not_count_for_another(registry: Services) -> None:
    small = limited(registry, "daily_experiments=1")
    new_experiment(small, 1)
    experiments.create_experiment(small, BOB, "bobs", "", {})


def test_more_points_than_are_left_are_refused_as_a_whole(registry: Services) -> None:
    small = limited(registry, "daily_points=3")
    run = runs.create_run(small, ADA, "0", "", "ada", 1, {})
    with pytest.raises(QuotaExceededError):
        runs.log(small, ADA, run.id, [Metric("auc", 0.5, 1, step) for step in range(4)])
    runs.log(small, ADA, run.id, [Metric("auc", 0.5, 1, step) for step in range(3)])


def test_a_refused_model_is_not_counted(registry: Services) -> None:
    new_model(registry, 1)
    with pytest.raises(Exception, match="exists already"):
        new_model(registry, 1)
    now: Instant = registry.clock()
    stored = registry.table.get(quota_items.quota_key(ADA.name, now))
    assert quota_items.made(stored, Quota.MODELS) == 1


def test_a_model_takes_no_more_pending_versions_than_its_limit(registry: Services) -> None:
    like_s3(registry)
    small = limited(registry, "pending_versions=2")
    model(small)
    first = registered(small, file())
    registered(small, file())
    with pytest.raises(LimitExceededError, match="pending_versions"):
        registered(small, file())
    put(small, first, "model.bin", CONTENT)
    uploads.finalise_version(small, request(), "fraud", "1")
    registered(small, file())


def test_pending_versions_have_no_more_bytes_than_their_limit_until_they_expire(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = limited(registry, "pending_gib=6")
    model(small)
    large = File("large.bin", 4 * GIB, "a" * 64)
    registered(small, large)
    with pytest.raises(LimitExceededError, match="pending_gib"):
        registered(small, large)
    much_later = later(registry.clock(), timedelta(days=2))
    monkeypatch.setattr(small, "clock", lambda: much_later)
    sweep_due(small, "keeper-1")
    registered(small, large)
