"""OpenLineage over HTTP. Its clients post to ``/api/v1/lineage``: the first part is the API's stage."""

from typing import Any, Final

from pydantic import ValidationError

from chalicelib import registry
from chalicelib.api.call import Answer, Call
from chalicelib.api.faults import in_words
from chalicelib.api.lineage.presenters import NodePresenter
from chalicelib.api.openlineage.export import ExportView, events_of
from chalicelib.api.openlineage.schemas import Batch, BatchView, Event
from chalicelib.api.openlineage.translation import has_failed, stated_by
from chalicelib.api.route import Routes, Scope
from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import RegistryError
from chalicelib.domain.lineage.node import version_node

routes = Routes("lineage")

_SERVER_ERROR: Final = 500


@routes.post("/v1/lineage", scope=Scope.ANYONE, answers={204: None})
def state_lineage(call: Call, body: Event) -> Answer:
    """Take an OpenLineage event: for who may report on the models that it names, or on the whole registry."""
    _state(call, body)
    return Answer(status=204)


@routes.post("/v1/lineage/unstate", scope=Scope.ANYONE, answers={204: None})
def unstate_lineage(call: Call, body: Event) -> Answer:
    """Take back what an OpenLineage event stated: for who may state it. What is not there any more changes nothing."""
    registry.lineage.stating.unstate(call.services, call.change(), stated_by(body))
    return Answer(status=204)


@routes.post("/v1/lineage/batch", scope=Scope.ANYONE, answers={200: BatchView})
def state_lineage_batch(call: Call, body: Batch) -> Answer:
    """Take OpenLineage events, each by itself. The answer names those that were refused."""
    failed = []
    for index, given in enumerate(body.root):
        refusal = _refusal(call, given)
        if refusal is not None:
            failed.append({"index": index, **refusal})
    retriable = sum(one["retriable"] for one in failed)
    summary = {
        "received": len(body.root),
        "successful": len(body.root) - len(failed),
        "failed": len(failed),
        "retriable": retriable,
        "non_retriable": len(failed) - retriable,
    }
    status = "partial_success" if failed else "success"
    return Answer({"status": status, "summary": summary, "failed_events": failed})


@routes.get("/v1/models/{model}/versions/{version}/lineage/openlineage", Action.READ, answers={200: ExportView})
def export_openlineage(call: Call, model: str, version: str) -> Answer:
    """Export what a version comes from as OpenLineage events, which another collector takes as a batch."""
    number = registry.versions.versions.get_version(call.services, model, version).number
    node = version_node(model, number)
    page = registry.lineage.walking.whole_lineage(call.services, node, call.may_read)
    return Answer(events_of(node, page, NodePresenter(call.may_read, call.services.signing_key).sees))


def _state(call: Call, event: Event) -> None:
    stated, stating = stated_by(event), registry.lineage.stating
    if has_failed(event):
        # It states nothing, but who may not state it shall learn so at once, and not when a run succeeds.
        stating.check_access(call.change(), stated)
    else:
        stating.state(call.services, call.change(), stated)


def _refusal(call: Call, given: dict[str, Any]) -> dict[str, Any] | None:
    """Why an event of a batch was not taken; None if it was."""
    try:
        _state(call, Event.model_validate(given))
    except ValidationError as error:
        only = in_words(error.errors(include_url=False, include_input=False), "/")[0]
        return {"reason": f"{only.pointer}: {only.message}", "retriable": False}
    except RegistryError as error:
        return {"reason": str(error), "retriable": error.status >= _SERVER_ERROR or error.code == "contention"}
    return None
