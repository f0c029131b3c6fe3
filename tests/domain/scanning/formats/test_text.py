"""Text is clean unless a rule says otherwise."""

import json
from typing import Any

import pytest

from chalicelib.domain.scanning.formats import text
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
        ("settings.yaml", "a: !<tag:yaml.org,2002:python/object/new:subprocess.Popen> []\n"),
        ("settings.yaml", "a: !!python/object/apply:eval ['1']\n"),
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
        ("hparams.yaml", "root: !!python/object/apply:pathlib.PosixPath\n- data\n", "yaml_tag"),
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


@pytest.mark.parametrize(
    "text",
    [
        "flavors: {python_function: {loader_module: my_loader}}\n",
        "flavors: {a: 1, 'loader_module':my_loader}\n",
        "loader_module:                                  my_loader\n",
        "loader_module: # of this model\n  my_loader\n",
        "a: 'b\n # c', loader_module: my_loader\n",
        "# a comment\rloader_module: my_loader\n",
        "# a comment\u2028loader_module: my_loader\n",
        "? loader_module\n: my_loader\n",
        '"loader\\x5fmodule": my_loader\n',
        '? "loader_\\\n  module"\n: my_loader\n',
        "a: &name loader_module\npython_function: {*name : my_loader}\n",
        "%YAML 1.1\r%TAG !p! tag:yaml.org,2002:python/\r---\ra: !p!object/apply:os.system []\n",
    ],
)
def test_settings_are_found_however_yaml_writes_them(text: str) -> None:
    assert verdict("MLmodel", text.encode()) is Verdict.REVIEW


@pytest.mark.parametrize(
    "setting", ["code: code", "{code: code, loader_module: mlflow.sklearn}", "model_code_path: m.py"]
)
def test_a_model_of_mlflow_that_brings_code_along_is_for_review(setting: str) -> None:
    """MLflow runs the file, or looks for modules in the directory before it looks anywhere else."""
    assert codes("MLmodel", f"flavors:\n  python_function: \n    {setting}\n".encode()) == {"mlflow_code"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("MLmodel", "flavors:\n  sklearn:\n    code: null\n    loader_module: mlflow.sklearn\n"),
        ("settings.yaml", "# _target_: os.system\n  # trust_remote_code: true\na: {trust_remote_code: false}\n"),
        ("settings.yaml", 'a: &b {c: "d\\n\\xe9"}\ne:\n  <<: *b\n  f: "*g* : h"\n'),
    ],
)
def test_ordinary_yaml_is_clean(path: str, text: str) -> None:
    assert verdict(path, text.encode()) is Verdict.CLEAN


@pytest.mark.parametrize("length", [0, 1_100_000, 18_000_000])
def test_json_is_judged_however_long_it_is(length: int) -> None:
    for written in ('{"a": {"class_name": "Lambda"}}', '{"a": {"_target_": "os.system"}}'):
        for content in (written + " " * length, " " * length + written):
            assert verdict("architecture.json", content.encode()) is Verdict.UNSAFE
    assert verdict("vocabulary.json", b"{" + b" " * length + b'"a": 1}') is Verdict.CLEAN


def test_what_is_at_the_end_of_a_part_of_long_json_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, value in (("MAX_SEARCHED", 10), ("MAX_SETTINGS", 20), ("_PART", 200), ("_OVERLAP", 50)):
        monkeypatch.setattr(text, limit, value)
    for before in range(400):
        assert verdict("a.json", b" " * before + b'{"class_name": "Lambda"}') is Verdict.UNSAFE


def test_a_name_that_occurs_twice_hides_nothing_in_json() -> None:
    assert verdict("settings.json", b'{"a": 1, "a": 2, "_target_": "os.system"}') is Verdict.UNSAFE
    assert verdict("settings.json", b'{"trust_remote_code": true}\n{}') is Verdict.REVIEW


def test_settings_that_loaders_cannot_read_are_for_review() -> None:
    for content in (b"{", b'{"auto_map": 1, "auto_map": 2}', b"[" * 100_000, b"[" + b"[]," * 600_000 + b"[]]"):
        assert verdict("config.json", content) is Verdict.REVIEW


def test_text_in_another_encoding_under_a_name_of_settings_is_for_review() -> None:
    assert "disguised" in codes("config.json", '{"auto_map": {}}'.encode("utf-16"))


def test_long_texts_are_not_searched_and_long_settings_are_for_review() -> None:
    assert codes("vocabulary.txt", b"word\n" * 300_000) == {"not_searched"}
    assert codes("config.json", b" " * (17 << 20)) == {"too_large"}
