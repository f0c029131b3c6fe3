"""Products that webhooks of their formats reach: each refuses what the real one refuses.

The rules are those of the products' documentation; GitHub's are its published OpenAPI description.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from jsonschema import ValidationError

from tests.products.descriptions import check_github, read_card
from tests.reactions.webhooks.receiving import Answer, Received

SECRET = "the-credential"
_RUN = {"workflow_run_id": 1, "run_url": "https://api.github.com/runs/1", "html_url": "https://github.com/o/r/runs/1"}


@dataclass(frozen=True)
class Product:
    """A product: how it answers, the settings of a webhook for it, and what its answer leads to.

    ``at`` is the path of the webhook's URL. If the address is the secret, the ``credential`` is None.
    """

    judge: Callable[[Received], Answer]
    settings: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    credential: str | None = SECRET


def _json(received: Received) -> Any:
    assert received.headers["Content-Type"] == "application/json"
    return json.loads(received.body)


def github(status: int, body: Mapping[str, Any] | None = None) -> Callable[[Received], Answer]:
    def judge(received: Received) -> Answer:
        if not received.headers.get("User-Agent"):
            return Answer(403, body=b"Request forbidden by administrative rules.")
        if received.headers.get("Authorization") != f"Bearer {SECRET}":
            return Answer(401, body=b'{"message": "Bad credentials"}')
        try:
            check_github(urlsplit(received.path).path.removeprefix("/api/v3"), _json(received))
        except AssertionError:
            return Answer(404)
        except ValidationError:
            return Answer(422)
        return Answer(status, body=json.dumps(body).encode() if body is not None else b"")

    return judge


def gitlab(received: Received) -> Answer:
    document = _json(received)
    if unquote(received.path) != "/api/v4/projects/team/models/trigger/pipeline" or "%2F" not in received.path:
        return Answer(404)
    if document["token"] != SECRET:
        return Answer(404, body=b'{"message": "404 Not Found"}')
    if not document.get("ref") or not all(isinstance(value, str) for value in document["variables"].values()):
        return Answer(400)
    return Answer(201, body=b'{"id": 5, "web_url": "https://gitlab.com/team/models/-/pipelines/5"}')


def jenkins(received: Received) -> Answer:
    expected = "Basic " + base64.b64encode(f"moorage:{SECRET}".encode()).decode()
    if received.headers.get("Authorization") != expected:
        return Answer(401)
    if received.headers["Content-Type"] != "application/x-www-form-urlencoded":
        return Answer(400)
    if received.path != "/job/models/job/deploy/buildWithParameters":
        return Answer(404)
    if "MOORAGE_EVENT_ID" not in parse_qs(received.body.decode()):
        return Answer(500)
    return Answer(201, {"Location": "https://ci.example.com/queue/item/9/"})


def azure_devops(received: Received) -> Answer:
    if received.headers.get("Authorization") != "Basic " + base64.b64encode(f":{SECRET}".encode()).decode():
        return Answer(203, body=b"<html>Sign in</html>")
    if received.path != "/contoso/models/_apis/pipelines/7/runs?api-version=7.1":
        return Answer(404)
    document = _json(received)
    branch = document["resources"]["repositories"]["self"]["refName"]
    if not branch.startswith("refs/") or not all("value" in one for one in document["variables"].values()):
        return Answer(400)
    return Answer(200, body=b'{"id": 3, "state": "inProgress", "_links": {"web": {"href": "https://dev.azure.com/3"}}}')


def bearer(received: Received) -> Answer:
    if received.headers.get("Authorization") != f"Bearer {SECRET}":
        return Answer(401)
    return Answer(200 if isinstance(_json(received), dict) else 400, body=b"{}")


def slack(received: Received) -> Answer:
    if received.path != "/services/T0/B0/secret-path":
        return Answer(403, body=b"invalid_token")
    document = _json(received)
    for block in document["blocks"]:
        shown = [block["text"]] if "text" in block else block.get("fields", [])
        if any(not 1 <= len(text["text"]) <= 3_000 or "<" in text["text"] for text in shown):
            return Answer(400, body=b"invalid_blocks")
    return Answer(200, body=b"ok") if document.get("text") else Answer(400, body=b"no_text")


def teams(received: Received) -> Answer:
    if received.path != "/workflows/1/triggers/manual/paths/invoke?sig=secret-sig":
        return Answer(401)
    if len(received.body) > 28 * 1024:
        return Answer(413)
    (attachment,) = _json(received)["attachments"]
    return Answer(400 if read_card(attachment["content"]).objections else 202)


def pagerduty(received: Received) -> Answer:
    document = _json(received)
    if document.get("routing_key") != SECRET:
        return Answer(400, body=b'{"status": "invalid event", "errors": ["Invalid routing key"]}')
    fits = len(document["dedup_key"]) <= 255 and document["event_action"] in ("trigger", "resolve")
    if document["event_action"] == "trigger":
        payload = document["payload"]
        known = ("critical", "error", "warning", "info")
        fits = fits and len(payload["summary"]) <= 1_024 and payload["severity"] in known
    return Answer(202 if fits else 400, body=b'{"status": "success"}')


_REPOSITORY = {"repository": "example/models"}
_AT_GITHUB = "/api/v3"
PRODUCTS: Mapping[str, Product] = {
    "generic": Product(bearer, {"template": {"id": "$.detail.id"}}),
    "github-dispatch": Product(github(204), _REPOSITORY, at=_AT_GITHUB),
    "github-workflow": Product(
        github(200, _RUN),
        {**_REPOSITORY, "workflow": "deploy.yml", "ref": "main", "return_run_details": True},
        {"run": str(_RUN["html_url"]), "api": str(_RUN["run_url"])},
        _AT_GITHUB,
    ),
    "github-deployment": Product(
        github(201, {"url": "https://api.github.com/repos/o/r/deployments/1"}),
        {**_REPOSITORY, "ref": "main", "environment": "production"},
        {"deployment": "https://api.github.com/repos/o/r/deployments/1"},
        _AT_GITHUB,
    ),
    "gitlab": Product(
        gitlab,
        {"project": "team/models", "ref": "main"},
        {"pipeline": "https://gitlab.com/team/models/-/pipelines/5"},
    ),
    "jenkins": Product(
        jenkins, {"job": "models/deploy", "user": "moorage"}, {"queue item": "https://ci.example.com/queue/item/9/"}
    ),
    "azure-devops": Product(
        azure_devops,
        {"organization": "contoso", "project": "models", "pipeline": 7, "ref": "main"},
        {"run": "https://dev.azure.com/3"},
    ),
    "argo-events": Product(bearer, {"namespace": "models"}),
    "slack": Product(slack, at="/services/T0/B0/secret-path", credential=None),
    "teams": Product(teams, at="/workflows/1/triggers/manual/paths/invoke?sig=secret-sig", credential=None),
    "pagerduty": Product(pagerduty, at="/v2/enqueue"),
}
