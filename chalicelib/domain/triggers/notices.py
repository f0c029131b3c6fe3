"""What people are told of an event: a title, a few facts, and where to look."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.triggers.cutting import cut
from chalicelib.domain.triggers.settings import Setting, web_address
from chalicelib.domain.webhooks.formats import Outgoing
from chalicelib.domain.webhooks.webhook import TEST_EVENT

MAX_TITLE: Final = 200
MAX_NAME: Final = 40
MAX_VALUE: Final = 300
MAX_FACTS: Final = 10
# Slack takes addresses of up to 3,000 characters.
MAX_LINK: Final = 2_000
# What people want to be told of unless the webhook's creator chose other events.
DEFAULT_EVENTS: Final = (
    "version.transitioned",
    "alias.set",
    "request.opened",
    "request.expired",
    "model.state_differs",
    "registry.state_differs",
    "webhook.disabled",
    "deployment.failed",
    "deployment.rolled_back",
    "deployment.drifted",
    "monitor.alarmed",
    "monitor.recovered",
    "monitor.silent",
)
# The setting with the address of the web interface, from which the link of a notice is made.
INTERFACE: Final = {"interface": Setting(web_address)}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Notice:
    """A title of at most 200 characters, at most ten facts by name, and the address of a page, or empty.

    Names have at most 40 characters, values 300. None has control characters, nor such as turn the direction of text.
    """

    title: str
    facts: Mapping[str, str]
    link: str


def notice(outgoing: Outgoing) -> Notice:
    """What to tell of an event, or of a test."""
    told = outgoing.told
    about = " ".join(str(told[name]) for name in ("model", "version") if told.get(name) is not None)
    happened = told["type"].replace(".", " ").replace("_", " ").capitalize()
    if told["type"] == TEST_EVENT:
        return Notice("Test of a webhook", {"webhook": outgoing.webhook.id}, _link(outgoing, told))
    title = f"{happened}: {about}" if about else happened
    facts = list(_facts(told))[:MAX_FACTS]
    return Notice(_clean(title, MAX_TITLE), dict(facts), _link(outgoing, told))


def _facts(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is known of the event: first who, where and why, then each simple value that changed."""
    for name in ("alias", "subject", "actor", "reason", "time"):
        if told.get(name):
            yield name, _clean(str(told[name]), MAX_VALUE)
    before, after = (told.get(side) or {} for side in ("before", "after"))
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        if old != new and all(one is None or isinstance(one, str | int | float) for one in (old, new)):
            shown = _shown(new) if old is None else f"{_shown(old)} → {_shown(new)}"
            yield _clean(str(name), MAX_NAME), _clean(shown, MAX_VALUE)


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else canonical_json(value)


def _link(outgoing: Outgoing, told: Mapping[str, Any]) -> str:
    """The page of the version or model in the web interface; its first page if the address would be too long.

    Empty if the webhook does not know the interface.
    """
    interface = outgoing.settings.get("interface")
    if interface is None:
        return ""
    steps: list[str] = []
    if told.get("model") is not None:
        steps += ["models", told["model"]]
        if told.get("version") is not None:
            steps += ["versions", str(told["version"])]
    link = "/".join([interface.rstrip("/"), *(quote(step, safe="") for step in steps)])
    return link if len(link) <= MAX_LINK else str(interface)


def _clean(text: str, most: int) -> str:
    return cut(_CONTROL.sub(" ", text), most)
