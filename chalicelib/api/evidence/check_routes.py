"""Checks of versions over HTTP."""

from typing import TYPE_CHECKING, Any

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone
from chalicelib.api.document import ItemsView
from chalicelib.api.evidence.check_schemas import CheckView, ReportCheck
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action
from chalicelib.domain.instants import Instant

if TYPE_CHECKING:
    from chalicelib.registry.evidence.checks import NamedCheck

routes = Routes("checks")


@routes.get("/v1/models/{model}/versions/{version}/checks", Action.READ, answers={200: ItemsView[CheckView]})
def list_checks(call: Call, model: str, version: str) -> Answer:
    """List the latest checks of a version."""
    now = call.services.clock()
    return Answer(
        {
            "items": [
                _document(found, now) for found in registry.evidence.checks.list_checks(call.services, model, version)
            ]
        }
    )


@routes.put("/v1/models/{model}/versions/{version}/checks/{check}", Action.REPORT, answers={200: CheckView})
def report_check(call: Call, model: str, version: str, check: str, body: ReportCheck) -> Answer:
    """Report the result of a named check of a READY version."""
    reported = registry.evidence.checks.report_check(
        call.services, call.change(), model, version, check, body.verdict()
    )
    now = call.services.clock()
    return changed(reported, lambda found: _document(found, now), lambda found: found.check.revision)


@routes.delete("/v1/models/{model}/versions/{version}/checks/{check}", Action.REPORT, answers={204: None})
def withdraw_check(call: Call, model: str, version: str, check: str) -> Answer:
    """Withdraw a check."""
    return gone(registry.evidence.checks.withdraw_check(call.services, call.change(), model, version, check))


def _document(found: "NamedCheck", now: Instant) -> dict[str, Any]:
    return {"name": found.name, **found.check.document(), "valid": found.check.valid(now)}
