"""Start a job of Jenkins.

With the setting ``user``, the secret is an API token of that user, with which Jenkins asks for no crumb. Without it,
the secret is the token that the job's own configuration gives to remote triggers.
https://www.jenkins.io/doc/book/using/remote-access-api/
"""

from typing import Final

from chalicelib.domain.triggers.answers import judged, links_of
from chalicelib.domain.triggers.cutting import cut
from chalicelib.domain.triggers.placeholders import filled_texts
from chalicelib.domain.triggers.requests import (
    DEFAULT_EVENTS,
    MAX_VALUE,
    VARIABLES,
    basic,
    below,
    form_message,
    required_token,
)
from chalicelib.domain.triggers.settings import Setting, names, settings_of, text
from chalicelib.domain.webhooks.deliveries import Answer, Verdict
from chalicelib.domain.webhooks.formats import Format, Message, Outgoing, Secret

_HINTS: Final = {
    403: "the user may not build the job, or the token is not valid",
    404: "there is no such job, or the user may not see it",
}


def _message(outgoing: Outgoing) -> Message:
    settings = outgoing.settings
    fields = filled_texts(settings.get("parameters", VARIABLES), outgoing)
    steps = [step for name in settings["job"].split("/") for step in ("job", name)]
    # A job without parameters refuses the other address.
    url = below(outgoing.webhook.url, *steps, "buildWithParameters" if fields else "build")
    cut_fields = {name: cut(value, MAX_VALUE) for name, value in fields.items()}
    if "user" in settings:
        return form_message(outgoing, cut_fields, basic(settings["user"], outgoing.secret), url)
    own = {"token": outgoing.secret, "cause": f"Moorage event {outgoing.told['id']}"}
    return form_message(outgoing, {**cut_fields, **own}, url=url)


def _verdict(answer: Answer) -> Verdict:
    return judged(answer, (201,), links_of({"queue item": answer.location}), _HINTS)


JENKINS_FORMAT: Final = Format(
    "jenkins",
    _message,
    default_events=DEFAULT_EVENTS,
    secret=Secret.CREDENTIAL,
    check_secret=required_token,
    base_url=True,
    settings=settings_of(
        {
            "job": Setting(text(r"(?!\.\.?(/|\Z))[^/]+(/(?!\.\.?(/|\Z))[^/]+)*", 500, "folder/name"), required=True),
            "user": Setting(text(r"[^:\s]+", 200, "moorage")),
            "parameters": Setting(names(100, r"[^\s]{1,100}", "1 to 100 characters without blanks")),
        }
    ),
    verdict=_verdict,
)
