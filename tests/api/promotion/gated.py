"""A model whose scheme asks for a metric and an approval before a version goes live."""

from typing import Any

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller
from tests.domain.schemes.documents import document

REQUESTS = "/v1/models/fraud/requests"
_TO_LIVE = {
    "from": "draft",
    "to": "live",
    "gates": [{"name": "auc", "kind": "metric", "metric": "auc", "at_least": 0.9}],
    "approvals": [{"count": 1, "roles": ["reviewer"]}],
}


def gated_model(admin: Caller, registry: Services) -> None:
    """The model ``fraud`` with one READY version, which passes the gate."""
    body = {key: value for key, value in document().items() if key != "name"}
    assert admin.put("/v1/schemes/own", {**body, "transitions": [_TO_LIVE, body["transitions"][1]]}).status == 200
    journey.model(admin)
    assert admin.put("/v1/models/fraud/scheme", {"scheme": "own"}).status == 200
    journey.ready(admin, registry, metrics={"auc": 0.95})


def opened(admin: Caller, **body: Any) -> dict[str, Any]:
    """A new request to move version 1 to live."""
    reply = admin.post(REQUESTS, {"version": 1, "to_stage": "live", **body})
    assert reply.status == 201, reply.text
    request: dict[str, Any] = reply.document
    return request
