"""Text is clean unless a rule says otherwise."""

import json
from typing import Any

import pytest

from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import codes, scanned, verdict


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("README.md", "# A model\n\nIt says — in UTF-8 — `os.system`.\n"),
        ("metrics.csv", "auc,f1\n0.9,0.8\n"),
        ("config.json", '{"architectures": ["Llama"], "trust_remote_code": false, "nan": NaN}'),
        ("lines.json", '{"a": 1}\n{"b": 2}\n'),
        ("tokenizer_config.json", '{"chat_template": "{{ messages[0].content }}"}'),
        ("MLmodel", "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n"),
        ("conda.yaml", "name: env\ndependencies:\n- python=3.11\n"),
        ("modules.json", '[{"idx": 0, "type": "sentence_transformers.models.Transformer"}]'),
        ("model.txt", "tree\nversion=v4\nnum_class=1\n"),
        ("words.txt", "cat\ndog\nemu\n"),
    ],
)
def test_ordinary_files_are_clean(path: str, content: str) -> None:
    found = scanned(path, content.encode())
    assert (found.format, found.reasons) == ("text", ())


@pytest.mark.parametrize("length", [0, 2_000_000])
def test_a_graph_of_tensorflow_as_text_is_for_review_however_long_it_is(length: int) -> None:
    assert codes("saved_model.pbtxt", b"node { op: 'PyFunc' }\n" + b" " * length) == {"text_graph"}


def test_python_code_and_scripts_are_noted() -> None:
    for path, code in (("modeling.py", "python_code"), ("notebook.ipynb", "python_code"), ("run", "script")):
        found = scanned(path, b"#!/bin/sh\n")
        assert (found.verdict, [reason.code for reason in found.reasons]) == (Verdict.CLEAN, [code])


@pytest.mark.parametrize(
    ("path", "settings", "code"),
    [
        ("config.json", {"auto_map": {"AutoModel": "modeling.Model"}}, "remote_code"),
        ("config.json", {"custom_pipelines": {"p": {"impl": "pipeline.P"}}}, "remote_code"),
        ("deep/config.json", {"vision": {"auto_map": {"AutoModel": "other/repo--modeling.Model"}}}, "remote_code"),
        ("config.json", {"trust_remote_code": True}, "trust_remote_code"),
        ("settings.json", {"model": {"_target_": "my.module.Model"}}, "hydra_target"),
        ("modules.json", [{"type": "my_module.Transformer"}], "remote_code"),
        ("tokenizer_config.json", {"chat_template": "{% include 'x' %}"}, "template_import"),
        ("tokenizer_config.json", {"chat_template": [{"name": "tool", "template": "{{ self }}"}]}, "template_name"),
    ],
)
def test_settings_that_name_code_are_for_review(path: str, settings: Any, code: str) -> None:
    found = scanned(path, json.dumps(settings).encode())
    assert (found.verdict, [reason.code for reason in found.reasons]) == (Verdict.REVIEW, [code])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("settings.json", '{"_target_": "os.system"}'),
        ("settings.json", '{"\\u005ftarget_": "subprocess.run"}'),
        ("model_config.yaml", "a:\n  - _target_: builtins.eval\n"),
        ("settings.yaml", "a: !!python/object/apply:os.system ['id']\n"),
        ("settings.yaml", "a: !<tag:yaml.org,2002:python/object/new:x.Y> []\n"),
        ("MLmodel", "a: !!python/module:os\n"),
        ("chat_template.jinja", "{{ x.__class__ }}"),
        ("tokenizer_config.json", '{"chat_template": {"default": "{{ x.__class__ }}"}}'),
        ("metadata.json", '{"config": {"class_name": "Lambda"}}'),
    ],
)
def test_settings_that_call_what_no_model_needs_are_unsafe(path: str, text: str) -> None:
    assert verdict(path, text.encode()) is Verdict.UNSAFE


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("settings.yaml", "a: !!python/object:my.Class {}\n", "yaml_tag"),
        ("settings.yaml", "%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!object/apply:os.system []\n", "yaml_tag"),
        ("settings.yaml", "a: !!py%74hon/object/apply:os.system []\n", "yaml_tag"),
        ("settings.yml", "trust_remote_code: true\n", "trust_remote_code"),
        ("MLmodel", "flavors:\n  python_function:\n    loader_module: my_loader\n", "mlflow_loader"),
        ("MLmodel", "    loader_module: mlflow.evil\n", "mlflow_loader"),
    ],
)
def test_yaml_that_may_call_something_is_for_review(path: str, text: str, code: str) -> None:
    found = scanned(path, text.encode())
    assert (found.verdict, {reason.code for reason in found.reasons}) == (Verdict.REVIEW, {code})


def test_settings_that_loaders_cannot_read_are_for_review() -> None:
    for content in (b"{", b'{"auto_map": 1, "auto_map": 2}', b"[" * 100_000, b"[" + b"[]," * 600_000 + b"[]]"):
        assert verdict("config.json", content) is Verdict.REVIEW


def test_text_in_another_encoding_under_a_name_of_settings_is_for_review() -> None:
    assert "disguised" in codes("config.json", '{"auto_map": {}}'.encode("utf-16"))


def test_long_texts_are_not_searched_and_long_settings_are_for_review() -> None:
    assert codes("vocabulary.txt", b"word\n" * 300_000) == {"not_searched"}
    assert codes("config.json", b" " * (17 << 20)) == {"too_large"}
