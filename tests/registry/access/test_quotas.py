"""No caller fills the table or the bucket: what each may make in a day, and what a model may have waiting."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.access import quota_items
from chalicelib.aws.services import Services
from chalicelib.domain.cards.comment import Subject
from chalicelib.domain.errors import LimitExceededError, ModelNotFoundError, QuotaExceededError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.limits import GIB, Limits, Quota
from chalicelib.domain.mlflow.tracking.entities import Metric
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Description
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.registry.access import quotas
from chalicelib.registry.cards import comments
from chalicelib.registry.ledger.commit import Changed
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.mlflow.tracking import artifacts, experiments, logged_models, runs
from chalicelib.registry.models import models
from chalicelib.registry.versions import uploads, versions
from chalicelib.registry.webhooks import saving
from tests.registry.build import CONTENT, file, model, put, registered, request
from tests.registry.mlflow.tracking.build import ADA, BOB
from tests.simulation import like_s3

Make = Callable[[Services, int], object]


def limited(registry: Services, text: str) -> Services:
    return Services(replace(registry.settings, limits=Limits.parsed(text), outbound_allow="127.0.0.0/8"))


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


def new_comment(registry: Services, number: int) -> None:
    if number == 0:
        model(registry)
    asked = replace(request(), principal=ADA)
    comments.create_comment(registry, asked, "fraud", Subject("model"), f"comment {number}", None)


def new_webhook(registry: Services, number: int) -> None:
    asked = replace(request(), principal=ADA)
    saving.create_webhook(registry, asked, "https://127.0.0.1/hook", WebhookChange())


MAKES = {
    "models": new_model,
    "comments": new_comment,
    "webhooks": new_webhook,
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


def test_a_principal_registers_files_of_so_many_bytes_in_a_day(registry: Services) -> None:
    small = limited(registry, "daily_bytes=3000")
    model(small)
    registered(small, File("a.bin", 2_000, "a" * 64))
    with pytest.raises(QuotaExceededError, match="daily_bytes"):
        registered(small, File("b.bin", 1_001, "b" * 64))
    registered(small, File("b.bin", 990, "b" * 64))
    # What is left is less than a step, whether or not this one would be counted.
    for _ in range(5):
        with pytest.raises(QuotaExceededError, match="daily_bytes"):
            registered(small, File("c.bin", 11, "c" * 64))
    registered(small, File("elsewhere", 10**12, "d" * 64, uri="s3://lake/elsewhere"))


def test_a_repeated_registration_is_answered_as_before_and_its_bytes_count_once(registry: Services) -> None:
    small = limited(registry, "daily_bytes=3000")
    model(small)

    def register() -> Changed[Registered]:
        return versions.register_version(
            small, request("once"), "fraud", Description(), [File("a.bin", 2_000, "a" * 64)]
        )

    first, again = register(), register()
    assert (first.replayed, again.replayed) == (False, True)
    assert again.result.version == first.result.version
    assert bytes_made(small) == 2_000


def test_bytes_for_a_model_that_is_not_there_do_not_count(registry: Services) -> None:
    with pytest.raises(ModelNotFoundError):
        registered(registry, File("a.bin", 10**12, "a" * 64), name="nothing")
    assert bytes_made(registry) == 0


def bytes_made(registry: Services) -> int:
    stored = registry.table.get(quota_items.quota_key(request().principal.name, registry.clock()))
    return quota_items.made(stored, Quota.BYTES)


@pytest.mark.parametrize(("chance", "made"), [(0.0, 1_000), (0.49, 1_000), (0.51, 0), (0.99, 0)])
def test_small_files_count_as_a_step_by_their_share_of_it(registry: Services, chance: float, made: int) -> None:
    small = limited(registry, "daily_bytes=1000000")
    quotas.spend_bytes(small, ADA, 500, chance)
    stored = registry.table.get(quota_items.quota_key(ADA.name, registry.clock()))
    assert quota_items.made(stored, Quota.BYTES) == made


def test_searches_are_counted_by_steps_and_refused_for_the_rest_of_the_day(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = limited(registry, "daily_searches=3000")
    for _ in range(2):
        quotas.spend_by_steps(small, ADA, Quota.SEARCHES)
    assert counted(small, Quota.SEARCHES) == 0
    quotas.spend_by_steps(small, ADA, Quota.SEARCHES)
    assert counted(small, Quota.SEARCHES) == 3
    quotas.spend(small, ADA, Quota.SEARCHES, 2_995)
    refused = 0
    for _ in range(6):
        try:
            quotas.spend_by_steps(small, ADA, Quota.SEARCHES)
        except QuotaExceededError:
            refused += 1
    assert refused == 4
    tomorrow = later(registry.clock(), timedelta(days=1))
    monkeypatch.setattr(small, "clock", lambda: tomorrow)
    quotas.spend_by_steps(small, ADA, Quota.SEARCHES)


def counted(registry: Services, quota: Quota) -> int:
    """How many of these the caller has made today, as it is told."""
    return next(one.made for one in quotas.list_quotas(registry, ADA.name, registry.clock()) if one.quota is quota)
