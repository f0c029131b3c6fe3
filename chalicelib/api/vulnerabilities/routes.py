"""Advisory indexes, and the vulnerabilities of versions, over HTTP."""

from functools import partial

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone
from chalicelib.api.document import PageView
from chalicelib.api.route import Routes, Scope
from chalicelib.api.vulnerabilities.presenters import (
    affected_document,
    assessment_document,
    state_document,
    upload_document,
)
from chalicelib.api.vulnerabilities.schemas import (
    AffectedVersionView,
    AskAffected,
    AssessmentView,
    IndexBody,
    IndexStateView,
    IndexUploadView,
    IndexView,
    StatementBody,
)
from chalicelib.domain.access.principal import Action

routes = Routes("vulnerabilities")
_OF_VERSION = "/v1/models/{model}/versions/{version}/vulnerabilities"
_ONE = f"{_OF_VERSION}/{{vulnerability}}"


@routes.get(_OF_VERSION, Action.READ, answers={200: AssessmentView})
def get_vulnerabilities(call: Call, model: str, version: str) -> Answer:
    """Show the vulnerabilities that advisories know of in what a version requires."""
    assessment = registry.vulnerabilities.assessing.get_assessment(call.services, model, version)
    return Answer(assessment_document(model, assessment, call.services.clock()), revision=assessment.revision)


@routes.post(_OF_VERSION, Action.REPORT, answers={200: AssessmentView})
def assess_version(call: Call, model: str, version: str) -> Answer:
    """Match a READY version against the current advisories."""
    assessed = registry.vulnerabilities.assessing.assess_again(call.services, call.change(), model, version)
    present = partial(assessment_document, model, now=call.services.clock())
    return changed(assessed, present, lambda one: one.revision)


@routes.put(_ONE, Action.REPORT, answers={200: AssessmentView})
def state_vulnerability(call: Call, model: str, version: str, vulnerability: str, body: StatementBody) -> Answer:
    """State how a READY version stands to a vulnerability."""
    stating = registry.vulnerabilities.stating
    stated = stating.state(call.services, call.change(), model, version, vulnerability, body.given())
    present = partial(assessment_document, model, now=call.services.clock())
    return changed(stated, present, lambda one: one.revision)


@routes.delete(_ONE, Action.REPORT, answers={204: None})
def unstate_vulnerability(call: Call, model: str, version: str, vulnerability: str) -> Answer:
    """Take back what was stated of a vulnerability."""
    return gone(registry.vulnerabilities.stating.unstate(call.services, call.change(), model, version, vulnerability))


@routes.get("/v1/vulnerabilities", Action.READ, scope=Scope.LISTED, answers={200: IndexStateView})
def get_advisory_index(call: Call) -> Answer:
    """Show the advisory index that versions are matched against."""
    state = registry.vulnerabilities.indexes.index_state(call.services)
    return Answer(state_document(state), revision=None if state.current is None else state.current.revision)


@routes.post("/v1/vulnerabilities/upload", Action.ADMINISTER, answers={200: IndexUploadView})
def start_advisory_index(call: Call, body: IndexBody) -> Answer:
    """Start the upload of an advisory index."""
    return Answer(
        upload_document(registry.vulnerabilities.indexes.start_upload(call.services, body.given())), secret=True
    )


@routes.put("/v1/vulnerabilities", Action.ADMINISTER, answers={200: IndexView})
def make_advisory_index_current(call: Call, body: IndexBody) -> Answer:
    """Match versions against an uploaded advisory index from now on."""
    made = registry.vulnerabilities.indexes.make_current(call.services, call.change(), body.given())
    return changed(made, lambda current: current.document(), lambda current: current.revision)


@routes.get(
    "/v1/vulnerabilities/affected", Action.READ, scope=Scope.LISTED, answers={200: PageView[AffectedVersionView]}
)
def list_affected_versions(call: Call, query: AskAffected) -> Answer:
    """List the versions in use that have a vulnerability or need a package."""
    page = registry.vulnerabilities.affected.list_affected(
        call.services, call.principal, query.sought(), query.limit, call.start(query)
    )
    return call.listing(page, partial(affected_document, now=call.services.clock()))
