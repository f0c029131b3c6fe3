"""Which saver an object gets, by the names of its classes."""

import subprocess
import sys
from collections import OrderedDict

import pytest
from moorage import IncompatibleModelError, UnsupportedModelError
from moorage.frameworks.catalogue import FRAMEWORKS, framework_of, saver_for, saver_named

from tests.client.frameworks.objects import of_class


@pytest.mark.parametrize(
    ("model", "saver_name", "wanted"),
    [
        (of_class("sklearn.linear_model.LogisticRegression", "sklearn.base.BaseEstimator"), "scikit_learn", "skops"),
        (of_class("ours.Scorer", "sklearn.pipeline.Pipeline", "sklearn.base.BaseEstimator"), "scikit_learn", "skops"),
        (of_class("xgboost.core.Booster"), "xgboost", "ubj"),
        (of_class("xgboost.sklearn.XGBModel", "sklearn.base.BaseEstimator"), "xgboost", "ubj"),
        (of_class("lightgbm.basic.Booster"), "lightgbm", "text"),
        (of_class("ours.Net", "torch.nn.modules.module.Module"), "pytorch", "safetensors"),
        (of_class("torch.export.exported_program.ExportedProgram"), "exported_program", "pt2"),
        (OrderedDict(weight=of_class("torch.Tensor")), "pytorch", "safetensors"),
        (of_class("onnx.onnx_ml_pb2.ModelProto"), "onnx", "onnx"),
        (of_class("transformers.modeling_utils.PreTrainedModel", "torch.nn.Module"), "transformers", "pretrained"),
        (of_class, "functions", "source"),
    ],
)
def test_the_most_specific_class_that_a_framework_knows_decides(model: object, saver_name: str, wanted: str) -> None:
    name, saver, chosen = saver_for(model, None)
    assert (name, chosen) == (saver_name, wanted)
    assert saver_named(name, "fraud/3") is saver


@pytest.mark.parametrize(
    "model", [{}, {"weight": 1.0}, 3, of_class("sklearn.utils.Bunch"), of_class("torchlike.Module")]
)
def test_an_object_of_no_framework_is_refused_with_what_to_do(model: object) -> None:
    assert framework_of(model) is None
    with pytest.raises(UnsupportedModelError, match=r"scikit-learn, xgboost.*format='pickle' saves any object"):
        saver_for(model, None)


def test_any_object_is_pickled_on_request_only() -> None:
    assert saver_for({"weight": 1.0}, "pickle")[0::2] == ("pickled", "pickle")
    assert saver_for(of_class("xgboost.core.Booster"), "cloudpickle")[0::2] == ("pickled", "cloudpickle")


def test_a_format_that_the_framework_does_not_have_is_refused_with_those_that_it_has() -> None:
    with pytest.raises(UnsupportedModelError, match="cannot be saved as 'skops', only as ubj, json, pickle"):
        saver_for(of_class("xgboost.core.Booster"), "skops")


def test_an_unknown_saver_is_said_to_be_unknown() -> None:
    with pytest.raises(IncompatibleModelError, match="fraud/3 was saved by 'jax'"):
        saver_named("jax", "fraud/3")


def test_choosing_imports_no_framework() -> None:
    packages = sorted(framework.package for framework in FRAMEWORKS if framework.package != "builtins")
    program = (
        "import sys, moorage.frameworks.log, moorage.frameworks.load\n"
        f"print([name for name in {packages} + ['numpy', 'pandas', 'skops', 'safetensors'] if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_importing_the_client_imports_no_saver() -> None:
    program = "import sys, moorage\nprint([name for name in sys.modules if name.startswith('moorage.frameworks')])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
