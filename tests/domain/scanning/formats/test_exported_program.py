"""The graph of an exported program is compared with what torch.export writes, since its loader acts upon it."""

import json
from typing import Any

import pytest

from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import RUNS_A_SHELL, codes, scanned, verdict, zipped

SIZE = "FloorDiv(Add(Symbol('s77', integer=True, positive=True), Integer(-1)), Integer(2))"


def exported(graph: Any = None, **members: bytes) -> bytes:
    """An archive with a graph. Other members are in its folder ``data/weights``."""
    content = json.dumps({} if graph is None else graph).encode()
    head = {"model/archive_format": b"pt2", "model/models/model.json": content}
    return zipped(head | {f"model/data/weights/{name}": weights for name, weights in members.items()})


def of_graph(**parts: Any) -> set[str]:
    return codes("model.pt2", exported({"graph_module": {"graph": {"nodes": [parts]}}}))


@pytest.mark.parametrize(
    "target",
    [
        "torch.ops.aten.linear.default",
        "torch.ops.aten.sym_size.int",
        "torch.ops.quantized_decomposed.dequantize_per_tensor.default",
        "torch.ops.higher_order.cond",
        "_operator.floordiv",
        "math.ceil",
        "torch.sym_max",
    ],
)
def test_operators_of_pytorch_are_clean(target: str) -> None:
    assert of_graph(target=target) == set()
    assert of_graph(inputs=[{"arg": {"as_operator": target}}]) == set()


def test_a_tensor_may_be_called_as_an_operator_is_named() -> None:
    assert codes("model.pt2", exported({"tensor_values": {"target": {"dtype": 7, "sizes": []}}})) == set()


def test_a_graph_with_bare_numbers_beside_it_is_clean() -> None:
    found = scanned("model.pt2", exported(weight_0=bytes(range(200, 256)) * 8))
    assert (found.format, found.verdict, found.reasons) == ("torch_export", Verdict.CLEAN, ())


def test_the_archive_is_known_without_its_suffix() -> None:
    assert scanned("model.bin", exported()).format == "torch_export"
    assert "denied_import" in codes("model", exported({"target": "torch.os.system"}))
    shouted = zipped({"M/ARCHIVE_FORMAT": b"pt2", "M/models/a.json": b'{"target": "torch.os.system"}'})
    assert "denied_import" in codes("model.zip", shouted)
    old = zipped({"serialized_exported_program.json": b'{"target": "torch.os.system"}', "version": b"5.1"})
    assert "denied_import" in codes("model.pt2", old)


@pytest.mark.parametrize("name", ["target", "as_operator"])
@pytest.mark.parametrize("called", ["torch.os.system", "torch.load", "torch.hub.load"])
def test_a_function_that_no_model_needs_is_unsafe(name: str, called: str) -> None:
    assert verdict("model.pt2", exported({"nodes": [{name: called}]})) is Verdict.UNSAFE


@pytest.mark.parametrize(
    "called",
    [
        "torch.ops.mine.attention.default",
        "torch.ops.aten.from_file.default",
        "torch.ops.higher_order.triton_kernel_wrapper_mutation",
        "torch.ops.aten",
        "torch.ops.load_library",
        "torch.nn.functional.relu",
        "_operator.methodcaller",
        "#mine:operator",
        "torch.ops.aten.add.Tensor\n",
        "",
        None,
    ],
)
def test_what_is_no_operator_of_pytorch_is_for_review(called: str | None) -> None:
    assert of_graph(target=called) == {"custom_operators"}


@pytest.mark.parametrize("size", [SIZE, "s77", "2*s0 + u3", "Pow(s0, Integer(-1))", "Float('0.5', precision=53)"])
def test_sizes_as_expressions_are_clean(size: str) -> None:
    assert of_graph(as_expr={"expr_str": size}) == set()


@pytest.mark.parametrize(
    "size",
    [
        "__import__('os').system('id')",
        "eval('1')",
        "Symbol('s0').__class__",
        "lambdify(s0, s0)",
        "Max('lambdify')(s0)",
        "Max('os.system(1)', 1)",
        'Symbol("s0")',
        "(lambda: 1)()",
        "s0; s1",
        7,
    ],
)
def test_other_code_in_the_place_of_a_size_is_for_review(size: Any) -> None:
    """SymPy evaluates texts, and also some of the texts that it is given as arguments."""
    assert of_graph(as_expr={"expr_str": size}) == {"export_expression"}


@pytest.mark.parametrize(
    "condition",
    [
        "L['x'].size()[0] >= 2",
        "L['kwargs']['attention mask'].size()[1] == L['x'].size()[1]",
        "Eq(Mod(L['args'][0].stride()[0], 8), 0)",
        "not (L['x'].size()[0] < 2 and math.ceil(L['x'].size()[1] / 2) != 3)",
        "L['x'] is None",
        "4*torch.sym_max(1, L['x'].size()[0] // 2) != 3",
    ],
)
def test_comparisons_as_conditions_are_clean(condition: str) -> None:
    assert codes("model.pt2", exported({"guards_code": [condition]})) == set()


@pytest.mark.parametrize(
    "condition",
    [
        "__import__('os').system('id') == 0",
        "torch.load('x')",
        "L['x\"); import os; (\"'].size()[0] > 1",
        "L['x'].size()[0] > 1, 1) or (lambda: 1",
        "L['x'](1)",
        "torch.sym_max.__globals__",
        "L['x'].__class__",
        "L['x'].size()[0] > 1\n  import os",
        ["L"],
    ],
)
def test_other_code_in_the_place_of_a_condition_is_for_review(condition: Any) -> None:
    assert codes("model.pt2", exported({"guards_code": [condition]})) == {"export_condition"}


@pytest.mark.parametrize("key", ["__enum__", r"__\u0065num__", r"\u005f_enum__"])
def test_a_module_that_the_shape_of_the_arguments_imports_is_for_review(key: str) -> None:
    shape = '[1, {"context": {"' + key + '": true, "fqn": "my.module:Kind", "name": "A"}}]'
    assert codes("model.pt2", exported({"in_spec": shape})) == {"export_enumeration"}


@pytest.mark.parametrize("name", ["weight_0", "weight_0.json", "tensor_0.txt", "opaque_obj_0.py"])
def test_weights_may_be_unpickled_whatever_they_are_called(name: str) -> None:
    """The configuration beside them says so: ``use_pickle``."""
    assert verdict("model.pt2", exported(**{name: RUNS_A_SHELL})) is Verdict.UNSAFE


def test_only_what_is_at_the_place_of_weights_may_be_anything() -> None:
    numbers = bytes(range(200, 256)) * 8
    for name in ("model/extra/notes", "model/data/notes", "data/weights/weight_0"):
        assert verdict("model.pt2", zipped({"model/models/model.json": b"{}", name: numbers})) is Verdict.UNSCANNED


@pytest.mark.parametrize("name", ["model/models/model.json", "model/models/in/folders", "other/models/model.txt"])
def test_whatever_may_be_a_graph_is_read_as_one(name: str) -> None:
    assert codes("model.pt2", zipped({name: b"[]"})) == {"malformed"}
    assert verdict("model.pt2", zipped({name: b'{"target": "torch.os.system"}'})) is Verdict.UNSAFE
