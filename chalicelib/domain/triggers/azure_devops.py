"""Run a pipeline of Azure DevOps. The secret is a personal access token.

https://learn.microsoft.com/en-us/rest/api/azure/devops/pipelines/runs/run-pipeline
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.triggers.answers import document_of, judged, links_of
from chalicelib.domain.triggers.cutting import cut, fitted
from chalicelib.domain.triggers.placeholders import filled, filled_texts
from chalicelib.domain.triggers.requests import (
    DEFAULT_EVENTS,
    MAX_VALUE,
    VARIABLES,
    basic,
    below,
    json_message,
    required_token,
)
from chalicelib.domain.triggers.settings import Setting, names, number, settings_of, template, text
from chalicelib.domain.webhooks.deliveries import Answer, Verdict
from chalicelib.domain.webhooks.formats import Format, Message, Outgoing, Secret

MAX_PARAMETERS_BYTES: Final = 60_000
_API: Final = "api-version=7.1"
_NAME: Final = r"(?!\.\.?\Z)[^/\\?#%]+"


def _message(outgoing: Outgoing) -> Message:
    settings = outgoing.settings
    ref = settings["ref"]
    variables = filled_texts(settings.get("variables", VARIABLES), outgoing)
    document: dict[str, Any] = {
        "resources": {"repositories": {"self": {"refName": ref if ref.startswith("refs/") else f"refs/heads/{ref}"}}},
        "variables": {name: {"value": cut(value, MAX_VALUE)} for name, value in variables.items()},
    }
    if "template_parameters" in settings:
        parameters = filled(settings["template_parameters"], outgoing)
        document["templateParameters"] = fitted(parameters, MAX_PARAMETERS_BYTES)
    place = (settings["organization"], settings["project"], "_apis", "pipelines", settings["pipeline"], "runs")
    url = below(outgoing.webhook.url, *place) + f"?{_API}"
    return json_message(outgoing, document, {"Accept": "application/json", **basic("", outgoing.secret)}, url)


def _verdict(answer: Answer) -> Verdict:
    if answer.status == 203:
        # The page for signing in. Its status says success, but nothing was started.
        return Verdict("the receiver answered 203: the token is not valid", final=True)
    links = document_of(answer).get("_links")
    web = links.get("web") if isinstance(links, Mapping) else None
    return judged(answer, (200,), links_of({"run": web.get("href") if isinstance(web, Mapping) else None}))


AZURE_DEVOPS_FORMAT: Final = Format(
    "azure-devops",
    _message,
    default_events=DEFAULT_EVENTS,
    secret=Secret.CREDENTIAL,
    check_secret=required_token,
    default_url="https://dev.azure.com",
    base_url=True,
    settings=settings_of(
        {
            "organization": Setting(text(_NAME, 100, "contoso"), required=True),
            "project": Setting(text(_NAME, 100, "models"), required=True),
            "pipeline": Setting(number, required=True),
            "ref": Setting(text(most=255, example="main"), required=True),
            "variables": Setting(names(100, r"[A-Za-z_][A-Za-z0-9_.]{0,99}", "letters, digits, _ and .")),
            "template_parameters": Setting(template()),
        }
    ),
    verdict=_verdict,
)
