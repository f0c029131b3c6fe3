"""The file MLmodel is read as MLflow writes it, and whatever else it may be does no harm."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.mlflow import mlmodel

WRITTEN = r"""flavors:
  python_function:
    env:
      conda: conda.yaml
    python_version: 3.11.7
  sklearn:
    code: null
    sklearn_version: 1.9.1
mlflow_version: 3.17.2
prompts: null
signature:
  inputs: '[{"type": "double", "name": "mean radius", "required": true}, {"type":
    "double", "name": "mean ''area''
    \u00e4: \"q\" \\ x", "required": true}]'
  outputs: "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"int64\", \"shape\"\
    : [-1]}}]"
  params: null
utc_time_created: '2026-11-25 02:04:08.888881'
"""


def test_framework_signature_and_python_are_read() -> None:
    model = mlmodel.parsed(WRITTEN)
    assert mlmodel.framework(model) == {"name": "sklearn", "version": "1.9.1"}
    assert mlmodel.python_version(model) == "3.11.7"
    signature = mlmodel.signature(model)
    assert signature is not None
    assert [one["name"] for one in signature["inputs"]] == ["mean radius", "mean 'area' ä: \"q\" \\ x"]
    assert signature["outputs"] == [{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]
    assert set(signature) == {"inputs", "outputs"}
    assert model["utc_time_created"] == "2026-11-25 02:04:08.888881"


@pytest.mark.parametrize(
    "text", ["", "x", "flavors: x", "signature: x", "signature:\n  inputs: '['", "flavors:\n  a: b"]
)
def test_what_is_not_there_is_left_out(text: str) -> None:
    model = mlmodel.parsed(text)
    assert mlmodel.signature(model) is None
    assert mlmodel.python_version(model) is None
    assert mlmodel.framework(model) in (None, {"name": "a"})


@given(st.text(alphabet=" ab:'\"\\\n-{}[]", max_size=200))
def test_any_text_is_read_to_something_that_is_json(text: str) -> None:
    model = mlmodel.parsed(text)
    assert json.loads(json.dumps(model)) == model
    assert mlmodel.framework(model) is None or mlmodel.signature(model) is None


def test_requirements_are_the_lines_that_name_a_package() -> None:
    assert mlmodel.requirements("# made by MLflow\nscikit-learn==1.9.1\n\n-r other.txt\nnumpy\n") == [
        "scikit-learn==1.9.1",
        "numpy",
    ]
    assert len(mlmodel.requirements("x\n" * 1_000)) == mlmodel.MAX_REQUIREMENTS
