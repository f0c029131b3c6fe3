"""Settings of models: what configuration in JSON and YAML makes loaders import or trust."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.formats.chat_template import template_reasons
from chalicelib.domain.scanning.formats.json_text import parse_any_json
from chalicelib.domain.scanning.pickles.denied import is_denied
from chalicelib.domain.scanning.reasons import review, shown, unsafe

# Files that loaders read for what they name. They must be JSON, and their parts are judged.
LOADED: Final = frozenset(
    {
        "chat_template.json",
        "config.json",
        "generation_config.json",
        "model_index.json",
        "modules.json",
        "preprocessor_config.json",
        "processor_config.json",
        "tokenizer_config.json",
    }
)
# Keys whose value names Python code that comes with the model, or with another one.
_CODE: Final = frozenset({"auto_map", "custom_pipelines"})
_TARGET: Final = "_target_"
_TEMPLATE: Final = "chat_template"
_SENTENCE_TRANSFORMERS: Final = "sentence_transformers."
# A YAML tag of PyYAML that makes objects, in both spellings.
_PYTHON_TAG: Final = re.compile(r"(?:!!|tag:yaml\.org,2002:)python/([a-z]+(?:/[a-z]+)?)(?::([\w.]+))?")
# Ways to write a tag so that it is not seen: with a prefix of the file's own, and with characters by their codes.
_HIDDEN_TAG: Final = re.compile(r"^%TAG\b|!\S{0,60}%[0-9a-fA-F]{2}", re.MULTILINE)
_CALLING_TAGS: Final = frozenset({"object/apply", "object/new", "module"})
_PLAIN_TAGS: Final = frozenset(
    {"tuple", "str", "unicode", "int", "long", "float", "complex", "bool", "none", "list", "dict"}
)


def _setting(name: str, value: str) -> re.Pattern[str]:
    """A setting anywhere in YAML or JSON. Mappings may be written in one line, and values in the next one.

    The name comes before what must stand in front of it, because names are quick to search for.
    """
    return re.compile(rf"{name}(?<![^\s{{\[,?\"']{name})[\"']?\s*:{value}")


_NOT_OFF: Final = r"(?!\s*[\"']?(?i:false|no|off|null)\b|\s*~)"
_WRITTEN_TARGET: Final = _setting("_target_", r"\s*[\"']?([\w.:]*)")
_WRITTEN_TRUST: Final = _setting("trust_remote_code", _NOT_OFF)
# A comment on a line of its own. With a quote in it, the line may be a part of a text that began before.
_COMMENT: Final = re.compile(r"[ \t\ufeff]*#[^\"']*\Z")
# A setting whose name is not there to be read: letters by their codes, an alias, and a long key with escapes.
_HIDDEN_NAME: Final = re.compile(
    r"(?<!\\)(?:\\\\)*\\(?:x|u00|U000000)(?:4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aA])"
    r"|\*[\w-]+\s+:(?:\s|\Z)"
    r"|(?:^|[\s{\[,])\?\s+\"[^\"\\]{0,1000}\\"
)
_LOADER: Final = _setting("loader_module", r"\s*[\"']?([^\s\"'#,}\]]*)")
# Where MLflow finds Python code that comes with the model, and what it runs of it.
_MLFLOW_CODE: Final = {name: _setting(name, _NOT_OFF) for name in ("code", "model_code_path")}
# MLflow's own loaders, each of which reads the format that it is named after.
_FLAVOURS: Final = frozenset(
    {
        "catboost",
        "diviner",
        "fastai",
        "h2o",
        "keras",
        "langchain",
        "lightgbm",
        "llama_index",
        "onnx",
        "openai",
        "paddle",
        "pmdarima",
        "prophet",
        "pyfunc.model",
        "pytorch",
        "sentence_transformers",
        "shap",
        "sklearn",
        "spacy",
        "spark",
        "statsmodels",
        "tensorflow",
        "transformers",
        "xgboost",
    }
)


def json_reasons(path: str, content: bytes) -> list[Reason]:
    """What a file of JSON makes loaders do. Raises MalformedError for a file that loaders read, TooMuchReadError."""
    reasons: dict[Reason, None] = {}
    for key, value in _pairs(parse_any_json(content)):
        reasons.update(dict.fromkeys(_of_pair(key, value)))
        if key == "type" and PurePosixPath(path).name == "modules.json":
            reasons.update(dict.fromkeys(_of_module(value)))
    return list(reasons)


def yaml_reasons(text: str) -> Iterator[Reason]:
    """What a file of YAML makes loaders do. It is searched, not parsed."""
    text = _lines(text)
    for tag, target in sorted(set(_PYTHON_TAG.findall(text))):
        if tag not in _PLAIN_TAGS:
            yield _of_tag(tag, target)
    if "%" in text and _HIDDEN_TAG.search(text):
        yield review("yaml_tag", "YAML names a type in a way that hides it.")
    if _HIDDEN_NAME.search(text):
        yield review("yaml_key", "YAML names a setting in a way that hides it.")
    yield from written_reasons(text)


def _of_tag(tag: str, target: str) -> Reason:
    """Lightning writes the options of a training so, with paths and enumerations that are made by a call."""
    label = shown(f"!!python/{tag}:{target}" if target else f"!!python/{tag}")
    module, _, name = target.rpartition(".")
    if tag in _CALLING_TAGS and (is_denied(module or "builtins", name) or is_denied(target, "")):
        return unsafe("yaml_tag", "YAML makes a loader import or call what no model needs.", label)
    if tag in _CALLING_TAGS:
        return review("yaml_tag", "YAML makes a loader import or call something.", label)
    return review("yaml_tag", "YAML makes a loader make an object of a class.", label)


def written_reasons(text: str) -> Iterator[Reason]:
    """What settings make loaders do in a text that is not parsed. There may be other texts around it."""
    for target in sorted(set(_WRITTEN_TARGET.findall(text))):
        yield _target(target)
    if _WRITTEN_TRUST.search(text):
        yield _trusted()


def mlflow_reasons(text: str) -> Iterator[Reason]:
    """What a file ``MLmodel`` makes MLflow import."""
    text = _lines(text)
    for name, setting in _MLFLOW_CODE.items():
        if setting.search(text):
            yield review("mlflow_code", "MLflow would run or import Python code that comes with the model.", name)
    for loader in sorted(set(_LOADER.findall(text))):
        if loader.removeprefix("mlflow.") not in _FLAVOURS or not loader.startswith("mlflow."):
            yield review("mlflow_loader", "MLflow would load it by a module that nobody has allowed.", shown(loader))


def _lines(text: str) -> str:
    """The text without comments, in lines as Python has them: YAML ends lines in more ways than one."""
    return "\n".join(line for line in text.splitlines() if not _COMMENT.match(line))


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    """Every name with its value, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from one.items()
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _of_pair(key: str, value: Any) -> Iterator[Reason]:
    if key in _CODE and value:
        yield review("remote_code", "A loader that trusts it runs Python code that it names.", key)
    elif key == "trust_remote_code" and value is True:
        yield _trusted()
    elif key == _TARGET and isinstance(value, str):
        yield _target(value)
    elif key == _TEMPLATE:
        yield from _templates(value)


def _templates(value: Any) -> Iterator[Reason]:
    """One template, several with names, or a list of them with their names."""
    if isinstance(value, str):
        yield from template_reasons(value, _TEMPLATE)
    elif isinstance(value, dict):
        for template in value.values():
            yield from _templates(template)
    elif isinstance(value, list):
        for named in value:
            yield from _templates(named.get("template") if isinstance(named, dict) else named)


def _of_module(value: Any) -> Iterator[Reason]:
    if not isinstance(value, str) or not value.startswith(_SENTENCE_TRANSFORMERS):
        yield review(
            "remote_code", "sentence-transformers would import a module that is not its own.", shown(str(value))
        )


def _target(target: str) -> Reason:
    """Hydra calls what a target names: CVE-2025-23304 of NeMo."""
    module, _, name = target.rpartition(".")
    if is_denied(module, name):
        return unsafe("hydra_target", "Hydra would call what no model needs.", shown(target))
    return review("hydra_target", "Hydra would call it.", shown(target))


def _trusted() -> Reason:
    return review("trust_remote_code", "It asks to run code that comes with a model.", "trust_remote_code")
