"""What a firing does with one model."""

from datetime import timedelta

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.promotion.transition_request import MAX_OPEN
from chalicelib.domain.schedules.run import Run
from chalicelib.domain.schedules.schedule import Job
from chalicelib.registry.ledger.commit import Idempotency, Request
from chalicelib.registry.promotion import promotion, requests


def do_job(services: Services, run: Run, principal: Principal, model: str) -> int:
    """Do the job of a run with one model; answers how many things were done. Repeating it does nothing twice.

    Raises ModelNotFoundError.
    """
    if run.job is Job.JUDGE:
        # As after any event: the scheme decides, and the promoter's rule is who moves.
        return sum(judged.promoted for judged in promotion.judge_newest(services, run.cause, model))
    open_requests = requests.list_open_requests(services, model, MAX_OPEN, None).items
    return sum(_settle(services, run, principal, model, request.number) for request in open_requests)


def _settle(services: Services, run: Run, principal: Principal, model: str, number: int) -> bool:
    what = f"{run.job} {number}"
    key = Idempotency(f"{run.cause}:{what}", sha256_hex(f"{model}\n{what}"))
    request = Request(principal, run.cause, key)
    # Only the job EXPIRE has it.
    if run.older_than_days is not None:
        older_than = timedelta(days=run.older_than_days)
        reason = f"it was open for longer than the schedule {run.schedule} allows"
        return requests.expire_stale(services, request, model, number, older_than, reason).result
    return requests.remind(services, request, model, number, f"the schedule {run.schedule}").result
