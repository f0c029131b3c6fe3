"""Checks of versions over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, whole_list
from chalicelib.api.document import ItemsView
from chalicelib.api.evidence.check_schemas import CheckView, OpenCheck, ReportCheck
from chalicelib.api.evidence.presenters import check_document
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("checks")


@routes.get("/v1/models/{model}/versions/{version}/checks", Action.READ, answers={200: ItemsView[CheckView]})
def list_checks(call: Call, model: str, version: str) -> Answer:
    """List the latest checks of a version."""
    now = call.services.clock()
    checks = registry.evidence.checks.list_checks(call.services, model, version)
    return whole_list(checks, lambda named: check_document(named, now))


@routes.post("/v1/models/{model}/versions/{version}/checks/{check}/open", Action.REPORT, answers={200: CheckView})
def open_check(call: Call, model: str, version: str, check: str, body: OpenCheck) -> Answer:
    """Say that a report of a named check of a READY version is awaited. Until it comes, the check is pending."""
    opened = registry.evidence.checks.await_check(call.services, call.change(), model, version, check, body.opening())
    now = call.services.clock()
    return changed(opened, lambda named: check_document(named, now), lambda named: named.entry.revision)


@routes.put("/v1/models/{model}/versions/{version}/checks/{check}", Action.REPORT, answers={200: CheckView})
def report_check(call: Call, model: str, version: str, check: str, body: ReportCheck) -> Answer:
    """Report the result of a named check of a READY version."""
    reported = registry.evidence.checks.report_check(
        call.services, call.change(), model, version, check, body.verdict()
    )
    now = call.services.clock()
    return changed(reported, lambda named: check_document(named, now), lambda named: named.entry.revision)


@routes.delete("/v1/models/{model}/versions/{version}/checks/{check}", Action.REPORT, answers={204: None})
def withdraw_check(call: Call, model: str, version: str, check: str) -> Answer:
    """Withdraw a check."""
    return gone(registry.evidence.checks.withdraw_check(call.services, call.change(), model, version, check))
