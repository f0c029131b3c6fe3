"""Monitors: save, read, list, delete."""

from dataclasses import replace

from chalicelib.aws import keys
from chalicelib.aws.monitoring.items import monitor_from
from chalicelib.aws.services import Services
from chalicelib.domain import names
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp, model_ledger
from chalicelib.domain.monitoring import decisions
from chalicelib.domain.monitoring.deeds import NEEDED
from chalicelib.domain.monitoring.evidence_baseline import BaselineFile
from chalicelib.domain.monitoring.monitor import MAX_MONITORS, Definition, Monitor
from chalicelib.domain.monitoring.suppression import is_personal
from chalicelib.domain.monitoring.window import WindowRange
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, loaded_profile, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.monitoring.baselines import baseline_of
from chalicelib.registry.monitoring.evidence_baselines import baseline_in


def save_monitor(
    services: Services,
    request: Request,
    model: str,
    name: str,
    given: Definition,
    taken: WindowRange | BaselineFile | None = None,
    keep_baseline: bool = False,
) -> Changed[Monitor]:
    """Create a monitor, or give it another definition.

    The baseline is the one given, or that of the windows or the file that are ``taken``, or with ``keep_baseline`` the
    present one. Raises ModelNotFoundError, InvalidInputError, LimitExceededError, PreconditionFailedError,
    PermissionDeniedError for a deed that the caller may not do, and for a file VersionNotFoundError,
    EvidenceFileNotFoundError, BodyTooLargeError.
    """
    names.monitor_name(name)
    definition = given
    if taken is not None:
        if isinstance(taken, BaselineFile):
            baseline, origin = baseline_in(services, model, taken)
        else:
            baseline, origin = baseline_of(services, model, name, taken)
        definition = replace(given, baseline=baseline, baseline_from=origin)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Monitor]:
        current = snapshot.get(Monitor, name)
        request.check_match_if_there(
            None if current is None else current.revision, f"The monitor {name!r} does not exist"
        )
        kept = definition
        if keep_baseline and current is not None:
            now = current.definition
            kept = replace(definition, baseline=now.baseline, baseline_from=now.baseline_from)
        head = loaded_model(snapshot, model)
        _check_deeds(request.principal, model, definition)
        personal = is_personal(head, loaded_profile(snapshot).metadata)
        return decisions.save(head, current, name, kept, stamp, personal)

    asked = [*model_keys(model, profile=True), keys.monitor(model, name)]
    return change_model(services, request, model, decide, lambda _: get_monitor(services, model, name), asked)


def _check_deeds(principal: Principal, model: str, definition: Definition) -> None:
    """Who may manage a model does not thereby move its versions or freeze it. Raises PermissionDeniedError."""
    for act in definition.on_alarm:
        needed = NEEDED.get(act.deed)
        if needed is not None:
            principal.check(needed, model)


def get_monitor(services: Services, model: str, name: str) -> Monitor:
    """Raises MonitorNotFoundError."""
    stored = services.table.get(keys.monitor(model, name))
    return decisions.existing(model, name, None if stored is None else monitor_from(stored))


def list_monitors(services: Services, model: str) -> tuple[Monitor, ...]:
    """All monitors of a model by name; there are at most twenty. Raises ModelNotFoundError."""
    partition = keys.partition(model_ledger(model))
    found: list[Monitor] = []
    after: str | None = None
    while True:
        stored, after = services.table.query(partition, keys.MONITOR_PREFIX, MAX_MONITORS, after)
        found += map(monitor_from, stored)
        if after is None:
            break
    if not found:
        model_head(services, model)
    return tuple(found)


def delete_monitor(services: Services, request: Request, model: str, name: str) -> Changed[None]:
    """Delete a monitor; its windows go when their time is over.

    Raises MonitorNotFoundError, PreconditionFailedError.
    """

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        head = loaded_model(snapshot, model)
        monitor = decisions.existing(model, name, snapshot.get(Monitor, name))
        request.check_match(monitor.revision)
        return decisions.delete(head, monitor)

    asked = [*model_keys(model), keys.monitor(model, name)]
    return change_model(services, request, model, decide, lambda _: None, asked)
