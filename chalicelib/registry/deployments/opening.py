"""Opening deployments: after moves, by hand, and again after a failure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.event_items import event_from
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.deployments import opening as decisions
from chalicelib.domain.deployments.deployment import Deployment
from chalicelib.domain.deployments.moves import Move, moves_of, standing_moves
from chalicelib.domain.deployments.opening import Standing
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.reporting import existing
from chalicelib.domain.errors import LimitExceededError, NotFoundError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, model_ledger
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.quarantine import obstacle
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.deployments.deployments import get_deployment
from chalicelib.registry.deployments.loading import deployments_at, loaded_standing, loaded_target, place_keys
from chalicelib.registry.deployments.targets import every_target
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve

DEPLOYER: Final = Principal("rule:deployments", ())
# Moves of one stage that are looked through. Few have the same time, unless a clock was ahead.
_MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """What a move did on a target: the number of the deployment that it opened, or why it opened none."""

    target: str
    deployment: int | None
    reason: str


def open_for_event(services: Services, event: Mapping[str, Any]) -> list[Opened]:
    """Open a deployment on every target that waits for a move of the event. However often the event comes, once.

    A version in quarantine is deployed when it comes out, if the stage or the alias is still its own.
    """
    moves = _standing(services, event) if event["type"] in event_types.OUT_OF_QUARANTINE else list(moves_of(event))
    return [opened for move in moves for opened in _open_for_move(services, event["model"], move)]


def _standing(services: Services, event: Mapping[str, Any]) -> list[Move]:
    model, number = str(event["model"]), int(event["version"])
    snapshot = load(services, model, model_keys(model, versions=[number]))
    head, version = snapshot.get(Model), snapshot.get(Version, number)
    if head is None or version is None or obstacle(number, version.clearance, services.clock()) is not None:
        return []
    items = services.table.load_all([keys.alias(model, alias) for alias in head.aliases_of(number)])
    moved = {f"alias:{item['alias']}": int(item["alias_revision"]) for item in items.values()}
    stage = f"stage:{version.stage}"
    return list(standing_moves(event, head, version, {**moved, stage: _entered(services, version, stage)}))


def _entered(services: Services, version: Version, stage: str) -> int:
    """The sequence at which a version entered the stage that it is in; 0 if the stage's history does not know."""
    same_time = keys.history_at(stage, version.stage_since)
    stored, _ = services.table.query(
        keys.partition(model_ledger(version.model)), same_time, _MOST_AT_ONCE, newest_first=True
    )
    entries = (event_from(item) for item in stored)
    return next((int(entry["sequence"]) for entry in entries if entry["version"] == version.number), 0)


def deploy(
    services: Services, request: Request, model: str, target: str, ref: str, reason: str | None
) -> Changed[Deployment]:
    """Open a deployment by hand. Raises TargetNotFoundError, TargetDisabledError, DeploymentRefusedError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Deployment]:
        standing = loaded_standing(snapshot, model, target)
        return decisions.open_by_hand(standing, loaded_version(snapshot, model, number), reason, stamp)

    def recall(subject: str) -> Deployment:
        return get_deployment(services, model, int(subject))

    asked = place_keys(model, target, [number])
    return change_model(services, request, model, decide, recall, asked, deployments_at(model, target))


def retry(services: Services, request: Request, model: str, number: int, reason: str | None) -> Changed[Deployment]:
    """Try a failed deployment again.

    Raises DeploymentNotFoundError, DeploymentClosedError, TargetDisabledError, DeploymentRefusedError.
    """

    def more(snapshot: Snapshot) -> list[Key]:
        found = existing(model, number, snapshot.get(Deployment, number))
        return [keys.place(model, found.target), keys.target(found.target), keys.version(model, found.version)]

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Deployment]:
        found = existing(model, number, snapshot.get(Deployment, number))
        request.check_match(found.revision)
        # Nothing else can be on its way there if this one is the newest and has ended.
        place = snapshot.get(Place, found.target)
        standing = Standing(loaded_model(snapshot, model), loaded_target(snapshot, found.target), place, None, None)
        return decisions.retry(standing, found, loaded_version(snapshot, model, found.version), reason, stamp)

    def recall(_: str) -> Deployment:
        return get_deployment(services, model, number)

    return change_model(services, request, model, decide, recall, [keys.deployment(model, number)], more)


def _open_for_move(services: Services, model: str, move: Move) -> Iterator[Opened]:
    for target in every_target(services):
        if target.pointer == move.pointer and target.takes(model):
            if not target.enabled:
                yield Opened(target.name, None, "the target is switched off")
            elif move.made_at < target.created_at:
                # The event is late, or was replayed.
                yield Opened(target.name, None, "the move was made before the target")
            else:
                yield _open(services, model, target.name, move)


def _open(services: Services, model: str, target: str, move: Move) -> Opened:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Opened]:
        standing = loaded_standing(snapshot, model, target)
        version = snapshot.get(Version, move.version)
        if version is None or version.status is not Status.READY:
            return NoChange(Opened(target, None, f"version {move.version} has been deleted since it was moved"))
        held = obstacle(version.number, version.clearance, stamp.time)
        if held is not None:
            return NoChange(Opened(target, None, held))
        freed = move.cause.event_type in event_types.OUT_OF_QUARANTINE
        open_one = decisions.open_out_of_quarantine if freed else decisions.open_by_move
        return open_one(standing, move, version, stamp).map(opened)

    def opened(deployment: Deployment | None) -> Opened:
        if deployment is None:
            return Opened(target, None, "this move, a newer one or a withdrawal was followed before")
        return Opened(target, deployment.number, move.cause.event_type)

    request = Request(DEPLOYER, move.cause.event_id)
    asked = place_keys(model, target, [move.version])
    # Without an idempotency key: the place knows which moves were followed, for longer than a receipt is kept.
    try:
        return change_model(
            services, request, model, decide, lambda _: opened(None), asked, deployments_at(model, target)
        ).result
    except (NotFoundError, LimitExceededError) as error:
        return Opened(target, None, error.detail)
