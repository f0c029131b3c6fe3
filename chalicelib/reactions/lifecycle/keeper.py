"""On a schedule: what was left undone. Undelivered events, unfinished uploads, bytes of versions that are gone."""

from datetime import timedelta
from typing import Any, Final

from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain.instants import later
from chalicelib.registry.ledger.outbox import redeliver_overdue
from chalicelib.registry.lifecycle.sweep import sweep_due

# The relay needs seconds; an event that is still in the outbox after this long was lost on the way.
OVERDUE: Final = timedelta(minutes=2)


def keeper(event: dict[str, Any], context: Any) -> None:
    """Run every duty once. Each is safe to repeat and to run beside itself."""
    stand = services()
    redelivered = redeliver_overdue(stand, later(stand.clock(), -OVERDUE))
    settled = sweep_due(stand, context.aws_request_id)
    log_line("keeper", redelivered=redelivered, settled=settled, request_id=context.aws_request_id)
