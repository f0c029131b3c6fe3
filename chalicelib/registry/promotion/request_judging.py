"""Open requests that are judged after an event: what they waited for may be there, and votes may have become void."""

from chalicelib.aws.services import Services
from chalicelib.domain.errors import ConflictError, ContentionError
from chalicelib.domain.ledger.events import Trigger
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.promotion import requests
from chalicelib.registry.promotion.judgement import Judgement, effect
from chalicelib.registry.promotion.requests import RequestExplanation


def judge_requests(services: Services, cause: str, model: str, first: Snapshot) -> list[Judgement]:
    """Judge the open requests of a model; ``first`` is as ``requests.explain_open_requests`` takes it."""
    explained = requests.explain_open_requests(services, model, first)
    return [_judge_request(services, cause, model, one) for one in explained]


def _judge_request(services: Services, cause: str, model: str, explained: RequestExplanation) -> Judgement:
    """Execute a request, or void votes of it. Each change is decided again on the state that it is committed on."""
    request, examination = explained.request, explained.examination
    what = f"request {request.number}"
    if request.votes and (examination is None or examination.approvals.void):
        requests.void_votes(services, effect(cause, model, f"void {request.number}"), model, request.number)
    if explained.blockers:
        return Judgement(what, False, "; ".join(explained.blockers))
    if examination is not None and examination.transition.manual:
        return Judgement(what, False, "the scheme leaves its execution to a person")
    if examination is None or not examination.approvals.tallies:
        # Who asked may perhaps not make transitions, and nobody else has said a word.
        return Judgement(what, False, "it takes no approvals: who may make transitions executes it")
    try:
        requests.execute(services, effect(cause, model, what), model, request.number, Trigger.RULE, None)
    except ContentionError:
        # Nothing was judged; the event comes again.
        raise
    except ConflictError as error:
        # Something changed between looking and moving; its own event brings the request here again.
        return Judgement(what, False, error.detail)
    return Judgement(what, True, f"executed: version {request.version} is in {request.to_stage}")
