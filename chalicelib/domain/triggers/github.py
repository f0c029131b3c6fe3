"""Three formats that start something in GitHub: a repository's event, a workflow, a deployment.

The secret is a token, or the private key of a GitHub App, which is exchanged for a token of the repository alone. The
webhook's URL is that of the API, also of one of GitHub Enterprise.
https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event
https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
https://docs.github.com/en/rest/deployments/deployments#create-a-deployment
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.triggers.answers import document_of, judged, links_of
from chalicelib.domain.triggers.cutting import cut, fitted
from chalicelib.domain.triggers.placeholders import filled, filled_texts
from chalicelib.domain.triggers.requests import (
    DEFAULT_EVENTS,
    MAX_VALUE,
    bearer,
    below,
    json_message,
    required_token,
)
from chalicelib.domain.triggers.settings import Setting, flag, names, number, settings_of, template, text
from chalicelib.domain.webhooks.deliveries import Answer, Verdict
from chalicelib.domain.webhooks.formats import JSON, Exchange, Format, Message, Outgoing, Secret, Settings
from chalicelib.domain.webhooks.webhook import MAX_KEY, invalid

MAX_PROPERTIES: Final = 10
# GitHub takes less than 64 KB. This leaves room for how it counts.
MAX_PAYLOAD_BYTES: Final = 60_000
MAX_INPUTS: Final = 25
MAX_EVENT_TYPE: Final = 100
_API: Final = "https://api.github.com"
_HEADERS: Final = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_HINTS: Final = {
    401: "the credential is not valid",
    404: "there is no such repository or workflow, or the credential may not write to it",
}
_PAYLOAD: Final = {
    "event_id": "$.detail.id",
    "event_type": "$.detail.type",
    "time": "$.detail.time",
    "actor": "$.detail.actor",
    "reason": "$.detail.reason",
    "model": "$.detail.model",
    "version": "$.detail.version",
    "alias": "$.detail.alias",
    "before": "$.detail.before",
    "after": "$.detail.after",
}
# A workflow must declare each input that it is given, so these are few.
_INPUTS: Final = {"event_id": "$.detail.id", "model": "$.detail.model", "version": "$.detail.version"}

_WHERE: Final = {
    "repository": Setting(
        text(r"(?!\.\.?/)[A-Za-z0-9_.-]+/(?!\.\.?\Z)[A-Za-z0-9_.-]+", 140, "owner/name"), required=True
    ),
    "app_id": Setting(text(r"[A-Za-z0-9._-]+", 100, "the App's client id")),
    "installation_id": Setting(number),
}
_REF: Final = Setting(text(most=255, example="main"), required=True)


def _settings(known: Mapping[str, Setting]) -> Callable[[Settings], Settings]:
    """The check of these settings and of those that say where requests go."""
    check = settings_of({**_WHERE, **known})

    def checked(given: Settings) -> Settings:
        settings = check(given)
        if ("app_id" in settings) != ("installation_id" in settings):
            raise invalid("/settings/installation_id", "must be given together with app_id, and only then")
        return settings

    return checked


def _check_secret(settings: Settings, secret: str) -> None:
    """A token; with ``app_id``, a private key, of which more is checked where it can be read."""
    if "app_id" not in settings:
        required_token(settings, secret)
    elif len(secret) > MAX_KEY or "PRIVATE KEY-----" not in secret:
        raise invalid("/secret", f"must be the App's private key, in PEM, with at most {MAX_KEY} characters")


def _exchange(url: str, settings: Settings) -> Exchange | None:
    """How the key of an App becomes a token that reaches only the repository."""
    if "app_id" not in settings:
        return None
    address = below(url, "app", "installations", settings["installation_id"], "access_tokens")
    repositories = {"repositories": [settings["repository"].split("/")[1]]}
    return Exchange(
        settings["app_id"], address, {**_HEADERS, "Content-Type": JSON}, canonical_json(repositories).encode()
    )


def _message(outgoing: Outgoing, steps: tuple[str, ...], document: Mapping[str, Any]) -> Message:
    owner, name = outgoing.settings["repository"].split("/")
    url = below(outgoing.webhook.url, "repos", owner, name, *steps)
    return json_message(outgoing, document, {**_HEADERS, **bearer(outgoing.secret)}, url)


def _dispatch(outgoing: Outgoing) -> Message:
    settings = outgoing.settings
    payload = filled(settings.get("client_payload", _PAYLOAD), outgoing)
    return _message(
        outgoing,
        ("dispatches",),
        {
            "event_type": settings.get("event_type", cut(outgoing.told["type"], MAX_EVENT_TYPE)),
            "client_payload": fitted(payload, MAX_PAYLOAD_BYTES),
        },
    )


def _workflow(outgoing: Outgoing) -> Message:
    settings = outgoing.settings
    inputs = filled_texts(settings.get("inputs", _INPUTS), outgoing)
    document: dict[str, Any] = {
        "ref": settings["ref"],
        "inputs": {name: cut(value, MAX_VALUE) for name, value in inputs.items()},
    }
    # GitHub Enterprise Server does not know it.
    if settings.get("return_run_details", outgoing.webhook.url == _API):
        document["return_run_details"] = True
    return _message(outgoing, ("actions", "workflows", settings["workflow"], "dispatches"), document)


def _deployment(outgoing: Outgoing) -> Message:
    settings = outgoing.settings
    told = outgoing.told
    return _message(
        outgoing,
        ("deployments",),
        {
            "ref": settings["ref"],
            "environment": settings["environment"],
            "production_environment": settings.get("production_environment", settings["environment"] == "production"),
            "payload": fitted(filled(settings.get("payload", _PAYLOAD), outgoing), MAX_PAYLOAD_BYTES),
            "description": cut(f"{told['type']} {told.get('model') or ''} {told.get('version') or ''}".strip(), 140),
            # The registry's gates have judged the version. GitHub's own checks judge the workflow that deploys.
            "required_contexts": [],
            "auto_merge": False,
        },
    )


def _verdict(*expected: int, **links: str) -> Callable[[Answer], Verdict]:
    """The verdict on an answer, with links from these fields of its body."""

    def verdict(answer: Answer) -> Verdict:
        document = document_of(answer)
        if answer.status == 403 and "rate limit" in answer.excerpt.lower():
            return Verdict("the receiver answered 403: its rate limit is used up")
        found = links_of({name: document.get(field) for name, field in links.items()})
        return judged(answer, expected, found, _HINTS)

    return verdict


def _format(
    name: str,
    message: Callable[[Outgoing], Message],
    known: Mapping[str, Setting],
    verdict: Callable[[Answer], Verdict],
) -> Format:
    return Format(
        name,
        message,
        default_events=DEFAULT_EVENTS,
        secret=Secret.CREDENTIAL,
        check_secret=_check_secret,
        default_url=_API,
        base_url=True,
        settings=_settings(known),
        exchange=_exchange,
        verdict=verdict,
    )


DISPATCH_FORMAT: Final = _format(
    "github-dispatch",
    _dispatch,
    {
        "event_type": Setting(text(most=MAX_EVENT_TYPE, example="model-promoted")),
        "client_payload": Setting(template(MAX_PROPERTIES)),
    },
    _verdict(204),
)
WORKFLOW_FORMAT: Final = _format(
    "github-workflow",
    _workflow,
    {
        "workflow": Setting(text(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", 200, "deploy.yml"), required=True),
        "ref": _REF,
        "inputs": Setting(names(MAX_INPUTS, r"[A-Za-z_][A-Za-z0-9_-]{0,99}", "letters, digits, _ and -")),
        "return_run_details": Setting(flag),
    },
    _verdict(200, 204, run="html_url", api="run_url"),
)
DEPLOYMENT_FORMAT: Final = _format(
    "github-deployment",
    _deployment,
    {
        "ref": _REF,
        "environment": Setting(text(most=255, example="production"), required=True),
        "production_environment": Setting(flag),
        "payload": Setting(template()),
    },
    _verdict(201, deployment="url"),
)
