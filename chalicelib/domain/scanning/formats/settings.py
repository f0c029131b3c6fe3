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
_PYTHON_TAG: Final = re.compile(r"(?:!!|tag:yaml\.org,2002:)python/([a-z]+(?:/[a-z]+)?)")
# Ways to write a tag so that it is not seen: with a prefix of the file's own, and with characters by their codes.
_HIDDEN_TAG: Final = re.compile(r"^%TAG\b|!\S*%[0-9a-fA-F]{2}", re.MULTILINE)
_CALLING_TAGS: Final = frozenset({"object/apply", "object/new", "module"})
_PLAIN_TAGS: Final = frozenset(
    {"tuple", "str", "unicode", "int", "long", "float", "complex", "bool", "none", "list", "dict"}
)
_YAML_TARGET: Final = re.compile(r"^[\s\-{\"']*_target_[\"']?\s*:\s*[\"']?([\w.:]+)", re.MULTILINE)
_YAML_TRUST: Final = re.compile(
    r"^[\s\-{\"']*trust_remote_code[\"']?\s*:\s*[\"']?(?:true|yes|on)\b", re.MULTILINE | re.I
)
_LOADER: Final = re.compile(r"^[\s\-{\"']*loader_module[\"']?\s*:\s*[\"']?([^\s\"'#}]+)", re.MULTILINE)
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
    for tag in sorted(set(_PYTHON_TAG.findall(text)) - _PLAIN_TAGS):
        if tag in _CALLING_TAGS:
            yield unsafe("yaml_tag", "YAML makes a loader import or call something.", f"!!python/{tag}")
        else:
            yield review("yaml_tag", "YAML makes a loader make an object of a class.", f"!!python/{shown(tag)}")
    if _HIDDEN_TAG.search(text):
        yield review("yaml_tag", "YAML names a type in a way that hides it.")
    for target in sorted(set(_YAML_TARGET.findall(text))):
        yield _target(target)
    if _YAML_TRUST.search(text):
        yield _trusted()


def mlflow_reasons(text: str) -> Iterator[Reason]:
    """What a file ``MLmodel`` makes MLflow import."""
    for loader in sorted(set(_LOADER.findall(text))):
        if loader.removeprefix("mlflow.") not in _FLAVOURS or not loader.startswith("mlflow."):
            yield review("mlflow_loader", "MLflow would load it by a module that nobody has allowed.", shown(loader))


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
