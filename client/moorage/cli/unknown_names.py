"""Telling a name that nobody has from a list that is empty, and naming those that there are."""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from moorage.client import Client
from moorage.errors import MoorageError, NotFoundError
from moorage.references import Reference

_SHOWN: Final = 12
# Models are suggested among those that begin with the same characters.
_SAME_BEGINNING: Final = 2
# A key in a filter: metrics.auc, tags.`my key`, parameters."depth".
_KEY: Final = re.compile(r"""\b([a-z_]+)\.(?:`([^`]+)`|"([^"]+)"|([\w.\-]+))""")


def check_metrics(client: Client, model: str | None, metrics: Sequence[str]) -> None:
    """Raise NotFoundError for a metric that no version of ``model`` has, or no version at all without a model.

    Call this when a list by metrics is empty: only then the question is worth a call.
    """
    known = _metrics(client, model) if metrics else ()
    for metric in metrics:
        if metric not in known:
            whose = "no version" if model is None else f"no version of {model}"
            sentence = _lacking(whose, metric, known) if known else f"{whose} has a metric {metric}, or any other."
            raise NotFoundError(sentence, code="unknown_metric")


def unseen_metrics(client: Client, model: str | None, metrics: Sequence[str]) -> Iterator[str]:
    """A sentence about each metric that none of the newest versions has, if they have any metrics."""
    known = _metrics(client, model) if metrics else ()
    whose = "none of the newest versions" + ("" if model is None else f" of {model}")
    for metric in dict.fromkeys(metrics):
        if known and metric not in known:
            yield _lacking(whose, metric, known)


def unseen_keys(client: Client, of: str, text: str) -> Iterator[str]:
    """A sentence about each key in the filter ``text`` that none of the newest has, such as that of ``metrics.acu``."""
    named = [(found[1], next(key for key in found.groups()[1:] if key)) for found in _KEY.finditer(text)]
    fields = {field.name: field.keys for field in client.search.fields(of) if field.key is not None} if named else {}
    for field, key in dict.fromkeys(named):
        if fields.get(field) and key not in fields[field]:
            yield _sentence(f"none of the newest {of} has {field}.{key}; there are", key, fields[field])


def name_those_there_are(client: Client, error: MoorageError, given: Mapping[str, Any]) -> None:
    """Add to an error about a model, version, alias or stage that does not exist which ones there are.

    ``given`` are the arguments of the command that failed.
    """
    reference = next((value for value in given.values() if isinstance(value, Reference)), None)
    model = given.get("model") if reference is None else reference.model
    look = _KNOWN.get(error.code or "")
    if look is None or not isinstance(model, str):
        return
    name = str(given.get("stage") or "") if error.code == "stage_not_found" else str(reference and reference.version)
    # This only makes the error more helpful. What goes wrong here is not what the caller has to know.
    with contextlib.suppress(MoorageError):
        note = look(client, model, name.removeprefix("@"))
        if note:
            error.add_note(note)


def _aliases(client: Client, model: str, alias: str) -> str:
    known = [entry.alias for entry in client.aliases.list(model)]
    if not known:
        return f"{model} has no aliases."
    return _sentence(f"{model} has the {'alias' if len(known) == 1 else 'aliases'}", alias, known)


def _stages(client: Client, model: str, stage: str) -> str:
    return _suggestion(stage, [entry.name for entry in client.stages.list(model)])


def _versions(client: Client, model: str, _: str) -> str:
    found = client.models.get(model)
    return f"The last version of {model} is {found.last_version}." if found.versions else f"{model} has no versions."


def _models(client: Client, model: str, _: str) -> str:
    known = [one.name for one in client.models.list(prefix=model[:_SAME_BEGINNING], limit=100)]
    return _suggestion(model, known)


_KNOWN: Final[Mapping[str, Callable[[Client, str, str], str]]] = {
    "alias_not_found": _aliases,
    "stage_not_found": _stages,
    "version_not_found": _versions,
    "model_not_found": _models,
}


def _metrics(client: Client, model: str | None) -> tuple[str, ...]:
    """The metrics of the newest versions."""
    fields = client.search.fields("versions", model=model)
    return next((field.keys for field in fields if field.name == "metrics"), ())


def _lacking(whose: str, metric: str, known: Sequence[str]) -> str:
    """``no version of fraud has a metric acu; there are auc, loss. Did you mean auc?``"""
    return _sentence(f"{whose} has a metric {metric}; there are", metric, known)


def _sentence(beginning: str, name: str, known: Sequence[str]) -> str:
    shown = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
    suggestion = _suggestion(name, known)
    return f"{beginning} {shown}. {suggestion}".rstrip()


def _suggestion(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]}?" if close else ""
