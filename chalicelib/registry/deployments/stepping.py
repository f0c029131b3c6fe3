"""Carrying deployments out by the drivers of their kinds, step by step."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import TypeAlias

from chalicelib.aws import keys
from chalicelib.aws.correlation import correlated
from chalicelib.aws.deployments import progress as progresses
from chalicelib.aws.deployments.progress import Progress, progress_from
from chalicelib.aws.deployments.step_queue import QueuedStep
from chalicelib.aws.names import ARTIFACT_PREFIX
from chalicelib.aws.services import Services
from chalicelib.domain.deployments.deployment import MAX_DETAIL, Deployment, Status
from chalicelib.domain.deployments.driving import Found, Order, Step
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.deployments.target import Target
from chalicelib.domain.errors import DeploymentClosedError
from chalicelib.domain.instants import Instant, later, moment
from chalicelib.domain.target_kinds import KINDS
from chalicelib.domain.versions.version import Status as VersionStatus
from chalicelib.domain.versions.version import Version
from chalicelib.registry.deployments.loading import place_keys
from chalicelib.registry.deployments.opening import DEPLOYER
from chalicelib.registry.deployments.reporters import target_in
from chalicelib.registry.deployments.reporting import report_of_registry
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import load

Driver: TypeAlias = Callable[[Order], Step]


@dataclass(frozen=True, slots=True)
class Stepped:
    """What a step found, and in how many seconds the next makes sense; None: there is none.

    ``correlation_id`` is that of the deployment; empty if it was not stepped.
    """

    found: str
    detail: str
    again_in: int | None = None
    correlation_id: str = ""


@dataclass(frozen=True, slots=True)
class _Loaded:
    deployment: Deployment
    target: Target
    version: Version | None
    progress: Progress | None


def step(services: Services, queued: QueuedStep, request_id: str) -> Stepped:
    """Make the next step of a deployment whose turn it is, and record what it found.

    The deployment is IN_PROGRESS before its driver is first called, so that a newer move waits for it. A step that
    comes twice is made once, unless it was cut off: drivers read the platform first, and may be stepped again. One that
    comes too early is asked for again, because the process that made the step before may not have queued the next.
    """
    loaded = _load(services, queued)
    if isinstance(loaded, Stepped):
        return loaded
    belongs_to = loaded.deployment.correlation_id
    with correlated(belongs_to):
        return replace(_stepped(services, queued, loaded, request_id), correlation_id=belongs_to)


def _stepped(services: Services, queued: QueuedStep, loaded: _Loaded, request_id: str) -> Stepped:
    now = services.clock()
    before = loaded.progress
    if before is not None and before.attempt == queued.attempt and now < before.next_at:
        return Stepped("waiting", "the next step makes no sense yet", _seconds(now, before.next_at))
    if loaded.version is None or loaded.version.status is not VersionStatus.READY:
        gone = f"Version {loaded.deployment.version} has been deleted since the deployment was opened."
        return _ended(services, loaded, Step(Found.FAILED, gone), request_id)
    try:
        _report(services, loaded, Report(Status.IN_PROGRESS, attempt=queued.attempt), request_id)
    except DeploymentClosedError as closed:
        return Stepped("closed", closed.detail)
    found = _driver(KINDS.named(loaded.target.kind_name).driver)(_order(services, loaded, loaded.version))
    if found.found is Found.WORKING:
        # A second early: clocks differ, and a message may be in time by its own.
        next_at = later(services.clock(), timedelta(seconds=found.again_in - 1))
        progress = Progress(queued.attempt, found.detail[:MAX_DETAIL], found.links, found.memo, next_at)
        if not _remembered(services, queued, progress, before):
            return Stepped("overtaken", "another process has made a step meanwhile, and goes on from there")
        return Stepped(found.found.value, found.detail, found.again_in)
    return _ended(services, loaded, found, request_id)


def _remembered(services: Services, queued: QueuedStep, progress: Progress, before: Progress | None) -> bool:
    """Save what a step found; answers False if another process has made a step since ``before`` was loaded.

    What somebody reported meanwhile is no step, and is replaced.
    """
    while not progresses.save(services.table, queued.model, queued.deployment, progress, before):
        present = progresses.load(services.table, queued.model, queued.deployment)
        if _steps(present, queued.attempt) != _steps(before, queued.attempt):
            return False
        before = present
    return True


def _steps(progress: Progress | None, attempt: int) -> tuple[Mapping[str, str], Instant]:
    """What the steps of an attempt have left behind."""
    made = progress if progress is not None and progress.attempt == attempt else Progress(attempt)
    return made.memo, made.next_at


def _load(services: Services, queued: QueuedStep) -> _Loaded | Stepped:
    """What a step needs, in two reads: the target and the version are known only from the deployment."""
    model, number = queued.model, queued.deployment
    deployment_key, progress_key = keys.deployment(model, number), keys.progress(model, number)
    first = load(services, model, [deployment_key, progress_key])
    deployment = first.get(Deployment, number)
    if deployment is None or deployment.attempt != queued.attempt or deployment.status.ended:
        return Stepped("over", "the deployment, or this attempt of it, has ended")
    second = load(services, model, place_keys(model, deployment.target, [deployment.version]))
    place, target = second.get(Place, deployment.target), target_in(second, deployment.target)
    if place is None or target is None:
        return Stepped("over", "the model was taken off the target, or the target was deleted")
    if target.kind_name != deployment.kind_name:
        return Stepped("over", f"the target was made anew, of the kind {target.kind_name}")
    if place.active != number:
        return Stepped("waiting", "its turn has not come")
    return _Loaded(deployment, target, second.get(Version, deployment.version), _progress(first, model, number))


def _progress(snapshot: Snapshot, model: str, number: int) -> Progress | None:
    stored = snapshot.item(keys.progress(model, number))
    return None if stored is None else progress_from(stored)


def _order(services: Services, loaded: _Loaded, version: Version) -> Order:
    deployment, target, before = loaded.deployment, loaded.target, loaded.progress
    remembered = before is not None and before.attempt == deployment.attempt
    rollout = target.policy.rollout
    if deployment.rolls_back:
        # All at once, and whatever alarms say: the version that is replaced may have set them off.
        rollout = KINDS.named(target.kind_name).rollout({}, target.config)
    return Order(
        deployment=deployment.token,
        model=deployment.model,
        version=deployment.version,
        digest=deployment.digest,
        uri=f"s3://{services.settings.bucket}/{ARTIFACT_PREFIX}{version.uid}/",
        config=target.config,
        policy=rollout,
        memo=before.memo if before is not None and remembered else {},
    )


def _ended(services: Services, loaded: _Loaded, found: Step, request_id: str) -> Stepped:
    status = Status.SUCCEEDED if found.found is Found.SERVING else Status.FAILED
    try:
        # Its step may have taken long: the attempt may have been given up meanwhile, and another begun.
        report = Report(status, found.detail[:MAX_DETAIL], found.links, loaded.deployment.attempt)
        _report(services, loaded, report, request_id)
    except DeploymentClosedError as closed:
        return Stepped("closed", closed.detail)
    return Stepped(found.found.value, found.detail)


def _report(services: Services, loaded: _Loaded, report: Report, request_id: str) -> None:
    deployment = loaded.deployment
    report_of_registry(services, Request(DEPLOYER, request_id), deployment.model, deployment.number, report)


def _seconds(now: Instant, until: Instant) -> int:
    return math.ceil((moment(until) - moment(now)).total_seconds())


def _driver(name: str) -> Driver:
    """The driver with an import name such as ``package.module:function``. Only what a step needs is imported."""
    module, _, function = name.partition(":")
    driver: Driver = getattr(import_module(module), function)
    return driver
