"""Start a pipeline of GitLab with a trigger token.

https://docs.gitlab.com/api/pipeline_triggers/#trigger-a-pipeline-with-a-token
"""

from typing import Any, Final

from chalicelib.domain.triggers.answers import document_of, judged, links_of
from chalicelib.domain.triggers.cutting import cut, fitted
from chalicelib.domain.triggers.placeholders import filled, filled_texts
from chalicelib.domain.triggers.requests import (
    DEFAULT_EVENTS,
    MAX_VALUE,
    VARIABLES,
    below,
    json_message,
    required_token,
)
from chalicelib.domain.triggers.settings import Setting, names, settings_of, template, text
from chalicelib.domain.webhooks.deliveries import Answer, Verdict
from chalicelib.domain.webhooks.formats import Format, Message, Outgoing, Secret

MAX_INPUTS_BYTES: Final = 60_000
_HINTS: Final = {404: "there is no such project, or the token is not one of its trigger tokens"}


def _message(outgoing: Outgoing) -> Message:
    settings = outgoing.settings
    variables = filled_texts(settings.get("variables", VARIABLES), outgoing)
    document: dict[str, Any] = {
        "token": outgoing.secret,
        "ref": settings["ref"],
        "variables": {name: cut(value, MAX_VALUE) for name, value in variables.items()},
    }
    if "inputs" in settings:
        document["inputs"] = fitted(filled(settings["inputs"], outgoing), MAX_INPUTS_BYTES)
    url = below(outgoing.webhook.url, "api", "v4", "projects", settings["project"], "trigger", "pipeline")
    return json_message(outgoing, document, url=url)


def _verdict(answer: Answer) -> Verdict:
    return judged(answer, (201,), links_of({"pipeline": document_of(answer).get("web_url")}), _HINTS)


GITLAB_FORMAT: Final = Format(
    "gitlab",
    _message,
    default_events=DEFAULT_EVENTS,
    secret=Secret.CREDENTIAL,
    check_secret=required_token,
    default_url="https://gitlab.com",
    base_url=True,
    settings=settings_of(
        {
            "project": Setting(text(r"[0-9]+|[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+", 255, "group/name"), required=True),
            "ref": Setting(text(most=255, example="main"), required=True),
            "variables": Setting(names(100, r"[A-Za-z_][A-Za-z0-9_]{0,99}", "letters, digits and _")),
            "inputs": Setting(template(20)),
        }
    ),
    verdict=_verdict,
)
