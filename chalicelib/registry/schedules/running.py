"""Going through the models of a firing, turn by turn, until all were gone through."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.correlation import correlated
from chalicelib.aws.item import BODY
from chalicelib.aws.log import log_line
from chalicelib.aws.schedules.items import UNCHANGED, run_from, run_item
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.errors import NotFoundError, RegistryError
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.schedules import decisions
from chalicelib.domain.schedules.run import Run
from chalicelib.domain.schedules.schedule import Schedule, principal_of
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.listing import list_models
from chalicelib.registry.schedules.jobs import do_job

# Models between two records of how far a run has come.
_PAGE: Final = 50
# A run of the keeper has four minutes for everything that is due.
_TURN_SECONDS: Final = 45.0


def take_turn(services: Services, name: str, request_id: str) -> int:
    """Go through the next models of a firing; answers how many things were done.

    A turn that dies is taken again from where it was last recorded, which does nothing twice. So does one that two
    keepers take at once. Models that fail are counted, and keep no others from being gone through.
    """
    ends = services.monotonic() + _TURN_SECONDS
    done = 0
    stored = services.table.get(keys.schedule_run(name))
    while stored is not None:
        run = run_from(stored)
        principal = Principal(principal_of(name), (Grant(Role.VIEWER, run.models),))
        start: dict[str, str | int] | None = None if run.after is None else {"from": run.after}
        page = list_models(services, principal, "", "name", _PAGE, start)
        gone = run
        for listed in page.items:
            with correlated(run.correlation_id):
                gone = _with_model(services, gone, principal, listed.name)
        done += gone.done - run.done
        if page.next_start is None:
            with correlated(run.correlation_id):
                _end(services, gone, principal, request_id)
            return done
        further = run_item(gone.on_from(str(page.next_start["from"])), services.clock())
        recorded = services.table.put(further, UNCHANGED, {":read": stored[BODY]})
        if not recorded or services.monotonic() >= ends:
            return done
        stored = further
    return done


def _with_model(services: Services, run: Run, principal: Principal, model: str) -> Run:
    try:
        return run.succeeded(do_job(services, run, principal, model))
    except NotFoundError:
        return run  # deleted since it was listed
    except RegistryError as error:
        log_line("schedule_failed", schedule=run.schedule, model=model, error=error.code, request_id=run.cause)
        return run.failed_with(f"{model}: {error.detail}")


def _end(services: Services, run: Run, principal: Principal, request_id: str) -> None:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[None]:
        schedule = snapshot.get(Schedule, run.schedule)
        return decisions.end_run(loaded_state(snapshot), schedule, run.firing, run.outcome(stamp.time))

    request = Request(principal, request_id)
    change_registry(services, request, decide, lambda _: None, [keys.schedule(run.schedule)])
