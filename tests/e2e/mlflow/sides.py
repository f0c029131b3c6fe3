"""The two servers of the differential test, each as something that is called and answers."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from chalicelib.api.mlflow.presenters import VERDICT_TAG
from tests.e2e.stack import eventually

PREFIX = "/api/2.0/mlflow/"


@dataclass(frozen=True)
class Answer:
    status: int
    document: Any


class Side(Protocol):
    """A server that speaks MLflow's dialect."""

    def call(self, method: str, path: str, given: Mapping[str, Any]) -> Answer: ...


class Served:
    """A server on HTTP; ``base`` is its URL, the stage of the API included."""

    def __init__(self, base: str, token: str | None = None, patience: float = 300.0) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._base = base.rstrip("/") + PREFIX
        self._http = httpx.Client(headers=headers, timeout=patience, trust_env=False)

    def call(self, method: str, path: str, given: Mapping[str, Any]) -> Answer:
        parts = {"params": given} if method == "GET" else {"json": given}
        reply = self._http.request(method, self._base + path, **parts)
        return Answer(reply.status_code, _document(reply.text))

    def close(self) -> None:
        self._http.close()


class Scanned:
    """Moorage, whose caller waits until what it creates is scanned, as MLflow's clients do. Verdicts are left out."""

    def __init__(self, side: Side) -> None:
        self._side = side

    def call(self, method: str, path: str, given: Mapping[str, Any]) -> Answer:
        answer = self._side.call(method, path, given)
        if path == "model-versions/create" and answer.status == 200:
            made = answer.document["model_version"]
            answer = eventually(lambda: self._scanned(made), f"the scan of version {made['version']} of {made['name']}")
        return Answer(answer.status, _without_verdicts(answer.document))

    def _scanned(self, made: Mapping[str, Any]) -> Answer | None:
        which = {"name": made["name"], "version": made["version"]}
        answer = self._side.call("GET", "model-versions/get", which)
        return answer if answer.document["model_version"]["status"] == "READY" else None


class Renumbered:
    """Moorage, in whose answers a model that was deleted and created anew numbers its versions from 1 again.

    It never gives a number twice, as MLflow does; so the numbers that went before are taken off the ones in answers,
    and added to the ones in calls.
    """

    def __init__(self, side: Side) -> None:
        self._side = side
        self._before: Counter[str] = Counter()
        self._given: Counter[str] = Counter()

    def call(self, method: str, path: str, given: Mapping[str, Any]) -> Answer:
        name = given.get("name")
        before = self._before[name] if isinstance(name, str) else 0
        asked = dict(given)
        if before and isinstance(asked.get("version"), str) and re.fullmatch(r"\d+", asked["version"]):
            asked["version"] = str(int(asked["version"]) + before)
        if isinstance(asked.get("filter"), str):
            asked["filter"] = self._in_filter(asked["filter"])
        answer = self._side.call(method, path, asked)
        if answer.status == 200:
            self._count(path, given, answer.document)
        return Answer(answer.status, self._renumbered(answer.document, before))

    def _count(self, path: str, given: Mapping[str, Any], document: Any) -> None:
        name = given.get("name", "")
        if path == "model-versions/create":
            self._given[name] = int(document["model_version"]["version"])
        if path in ("registered-models/delete", "registered-models/rename") and given.get("new_name") != name:
            self._before[name] = self._given[name]

    def _in_filter(self, text: str) -> str:
        """The filter with a comparison of the number moved on; it then names one model too."""
        name, number = re.search(r'name = "([^"]*)"', text), re.search(r"(version_number \S+ )(\d+)", text)
        if name is None or number is None:
            return text
        moved = f"{number[1]}{int(number[2]) + self._before[name[1]]}"
        return text[: number.start()] + moved + text[number.end() :]

    def _renumbered(self, document: Any, before: int) -> Any:
        if isinstance(document, list):
            return [self._renumbered(one, before) for one in document]
        if not isinstance(document, dict):
            return document
        before = self._before[document["name"]] if isinstance(document.get("name"), str) else before
        return {
            field: str(int(value) - before) if field == "version" else self._in_message(field, value, before)
            for field, value in document.items()
        }

    def _in_message(self, field: str, value: Any, before: int) -> Any:
        if field == "message" and before:
            return re.sub(r"(?<=version=)\d+", lambda number: str(int(number[0]) - before), value)
        return self._renumbered(value, before)


def _without_verdicts(document: Any) -> Any:
    if isinstance(document, list):
        return [_without_verdicts(one) for one in document if not _is_verdict(one)]
    if not isinstance(document, dict):
        return document
    shown = {field: _without_verdicts(value) for field, value in document.items()}
    # Neither server shows an empty list.
    return {field: value for field, value in shown.items() if value != [] or document[field] == []}


def _is_verdict(one: Any) -> bool:
    return isinstance(one, dict) and one.get("key") == VERDICT_TAG


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
