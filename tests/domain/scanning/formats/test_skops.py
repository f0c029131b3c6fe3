"""What a skops file makes is judged as what a pickle imports."""

import json
from typing import Any

import pytest

from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import codes, scanned, verdict, zipped


def skops(root: Any) -> bytes:
    return zipped({"schema.json": json.dumps(root).encode()})


def node(module: str, name: str, loader: str = "ObjectNode", **more: Any) -> dict[str, Any]:
    return {"__module__": module, "__class__": name, "__loader__": loader, **more}


def test_an_estimator_of_scikit_learn_is_clean() -> None:
    found = scanned("model.skops", skops(node("sklearn.linear_model._logistic", "LogisticRegression", content={})))
    assert (found.format, found.reasons) == ("skops", ())
    assert found.imports == ("sklearn.linear_model._logistic.LogisticRegression",)


@pytest.mark.parametrize(
    ("module", "loader"),
    [
        ("sklearn.linear_model._sgd_fast", "LossNode"),
        ("sklearn.linear_model._sgd_fast", "SGDNode"),
        ("sklearn._loss._loss", "LossNode"),
    ],
)
def test_a_loss_is_made_by_its_own_node(module: str, loader: str) -> None:
    """Both nodes call what they name with arguments of the file."""
    name = "Hinge" if module.endswith("_sgd_fast") else "CyHuberLoss"
    assert codes("model.skops", skops(node(module, name, loader))) == set()
    assert codes("model.skops", skops(node("xgboost.core", "Booster", loader))) == {"skops_node"}


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (node("os", "system", "FunctionNode"), Verdict.UNSAFE),
        (node("builtins", "list", content=[node("builtins", "eval", "TypeNode")]), Verdict.UNSAFE),
        (node("builtins", "function", content={"module_path": "subprocess", "function": "run"}), Verdict.UNSAFE),
        (node("my.module", "Estimator"), Verdict.REVIEW),
        (node("builtins", "str", "MethodNode"), Verdict.REVIEW),
        (node("builtins", "str", "OperatorFuncNode"), Verdict.REVIEW),
        (node("builtins", "str", "ConstructorFromReduceNode"), Verdict.REVIEW),
    ],
)
def test_what_is_not_allowed_is_for_review_and_what_is_denied_unsafe(root: Any, expected: Verdict) -> None:
    """CVE-2025-54412 and CVE-2025-54413 used operators and methods."""
    assert verdict("model.skops", skops(root)) is expected


def test_an_archive_without_a_schema_is_for_review() -> None:
    assert codes("model.skops", zipped({"a.txt": b"a"})) == {"malformed"}
