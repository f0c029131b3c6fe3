"""Heartbeats: what targets say that they serve."""

from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.deployments import heartbeats
from chalicelib.aws.deployments.heartbeats import Heartbeat, heartbeat_from
from chalicelib.aws.deployments.items import place_from
from chalicelib.aws.deployments.target_items import target_from
from chalicelib.aws.log import log_line
from chalicelib.aws.models.items import model_from
from chalicelib.aws.names import DRIFTED_LINE
from chalicelib.aws.services import Services
from chalicelib.domain.deployments import observing as decisions
from chalicelib.domain.deployments.place import Place, Serving
from chalicelib.domain.deployments.target_decisions import existing
from chalicelib.domain.errors import DeploymentRefusedError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, model_ledger
from chalicelib.domain.models.decisions import existing as existing_model
from chalicelib.registry.deployments.places import PlaceNow
from chalicelib.registry.deployments.reporters import check_reporter
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model

# Targets may say what they serve every few seconds. When they said it last is written at most this often.
_WRITTEN_EVERY: Final = timedelta(seconds=30)


def observe(
    services: Services, request: Request, target: str, model: str, version: int | None, digest: str
) -> PlaceNow:
    """Take what a target says that it serves of a model, from who may report for it.

    What is known already costs one read, and at most every thirty seconds one write. Raises PermissionDeniedError,
    TargetNotFoundError, ModelNotFoundError, DeploymentRefusedError.
    """
    asked = [
        keys.target(target),
        keys.head(model_ledger(model)),
        keys.place(model, target),
        keys.heartbeat(model, target),
    ]
    found = services.table.load(asked)
    stored = [found.get(key) for key in asked]
    known = None if stored[0] is None else target_from(stored[0])
    check_reporter(request.principal, model, known)
    if not existing(target, known).takes(model):
        raise DeploymentRefusedError(f"The target {target!r} takes no versions of {model!r}.")
    existing_model(None if stored[1] is None else model_from(stored[1]), model)
    place = None if stored[2] is None else place_from(stored[2])
    before = None if stored[3] is None else heartbeat_from(stored[3])
    now = services.clock()
    said = _said(before, version, digest, now, request.principal.name)
    heartbeat = Heartbeat(said, now)
    if before is None or before.serving != said or before.seen_at <= later(now, -_WRITTEN_EVERY):
        heartbeats.save(services.table, model, target, heartbeat)
    if place is not None and decisions.is_news(place, said):
        place = _tell(services, request, model, target, said)
    return PlaceNow(model, target, place, heartbeat)


def _said(before: Heartbeat | None, version: int | None, digest: str, now: Instant, by: str) -> Serving:
    """What is said, since when: from the first heartbeat that said so, without another in between."""
    same = before is not None and (before.serving.version, before.serving.digest) == (version, digest)
    return before.serving if same and before is not None else Serving(version, digest, now, by)


def _tell(services: Services, request: Request, model: str, target: str, said: Serving) -> Place | None:
    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[tuple[Place | None, bool]]:
        place = snapshot.get(Place, target)
        if place is None:
            return NoChange((None, False))
        outcome = decisions.observe(loaded_model(snapshot, model), place, said)
        told = not isinstance(outcome, NoChange)
        return outcome.map(lambda changed: (changed, told))

    # A heartbeat that comes again is a new one. So it needs no idempotency key.
    own = Request(request.principal, request.request_id, began=request.began)
    asked = [keys.place(model, target)]
    place, told = change_model(services, own, model, decide, lambda _: (None, False), asked).result
    if told and place is not None and place.drifting:
        log_line(
            DRIFTED_LINE,
            target=target,
            model=model,
            wanted=place.wanted,
            serving=place.served,
            request_id=request.request_id,
        )
    return place
