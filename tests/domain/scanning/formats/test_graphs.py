"""Graphs of ONNX and TensorFlow are judged by the operators that they name, and their weights are not read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import GIB, MIB, Counted, Sparse, codes, scanned, verdict
from tests.domain.scanning.formats.headers import message, varint

IR_VERSION = (1, 10)


def node(operator: str, domain: str = "", *attributes: bytes) -> bytes:
    return message((1, "x"), (2, "y"), (4, operator), (7, domain), *((5, attribute) for attribute in attributes))


def onnx(*graph: tuple[int, "int | str | bytes"], more: tuple[tuple[int, "int | str | bytes"], ...] = ()) -> bytes:
    return message(IR_VERSION, (2, "pytorch"), (7, message(*graph)), *more, (8, message((1, ""), (2, 17))))


def external(location: str) -> bytes:
    return message((1, 4), (2, 1), (8, "w"), (13, message((1, "location"), (2, location))), (14, 1))


def test_a_graph_of_standard_operators_is_clean() -> None:
    weights = message((1, 4), (2, 1), (9, bytes(16)))
    found = scanned("model.onnx", onnx((1, node("MatMul")), (1, node("Gelu", "com.microsoft")), (5, weights)))
    assert (found.format, found.reasons) == ("onnx", ())


def test_a_graph_is_told_by_its_content_whatever_it_is_called() -> None:
    assert scanned("model", onnx((1, node("MatMul")))).format == "onnx"


def test_weights_in_a_graph_are_not_read() -> None:
    size = GIB
    tensor = message((1, 4), (2, 1)) + varint(9 << 3 | 2) + varint(size)
    initializer = varint(5 << 3 | 2) + varint(len(tensor) + size)
    graph = message((1, node("MatMul")))
    file = Sparse()
    file.add(message(IR_VERSION) + varint(7 << 3 | 2) + varint(len(graph + initializer + tensor) + size))
    file.add(graph + initializer + tensor)
    file.add_zeros(size)
    source = Counted(file)
    assert scan_file("model.onnx", source).verdict is Verdict.CLEAN
    assert source.bytes < MIB


def test_an_operator_of_another_domain_is_for_review_wherever_it_is() -> None:
    custom = node("Run", "my.domain")
    body = message((1, "body"), (6, message((1, custom))))
    for content in (
        onnx((1, custom)),
        onnx((1, node("Loop", "", body))),
        onnx(more=((25, message((1, "f"), (7, custom), (10, "local"))),)),
        onnx(more=((20, message((1, message((1, custom))))),)),
    ):
        assert codes("model.onnx", content) == {"custom_operators"}


def test_an_operator_that_the_model_defines_itself_is_clean() -> None:
    function = message((1, "Own"), (7, node("Add")), (10, "local"))
    assert verdict("model.onnx", onnx((1, node("Own", "local")), more=((25, function),))) is Verdict.CLEAN
    assert verdict("model.onnx", onnx((1, node("Other", "local")), more=((25, function),))) is Verdict.REVIEW


@pytest.mark.parametrize("location", ["../secret", "/etc/passwd", "a/../../b", "..\\secret", "C:secret", "file://x"])
def test_weights_outside_of_the_model_are_unsafe(location: str) -> None:
    """CVE-2022-25882, CVE-2024-27318, CVE-2025-51480."""
    attribute = message((1, "value"), (5, external(location)))
    for content in (onnx((5, external(location))), onnx((1, node("Constant", "", attribute)))):
        assert verdict("model.onnx", content) is Verdict.UNSAFE


def test_weights_beside_the_model_are_clean() -> None:
    assert verdict("model.onnx", onnx((5, external("weights/model.data")))) is Verdict.CLEAN


def test_graphs_that_are_nested_without_end_are_for_review() -> None:
    inner = message((1, node("Add")))
    for _ in range(20):
        inner = message((1, node("If", "", message((1, "then"), (6, inner)))))
    assert codes("model.onnx", message(IR_VERSION, (7, inner))) == {"malformed"}


def test_what_is_no_model_is_for_review_under_a_model_s_name() -> None:
    for content in (b"\x08\x0a", message((2, "pytorch")), onnx((1, node("Add")))[:-3], b"\x08\x0a\x12\xff\xff"):
        assert verdict("model.onnx", content) is Verdict.REVIEW
    assert verdict("saved_model.pb", b"\x08\x01\x12\x02") is Verdict.REVIEW


def saved_model(*operations: str, in_function: bool = False) -> bytes:
    nodes = [message((1, "n"), (2, operation)) for operation in operations]
    if in_function:
        graph = message((2, message((1, message((1, b""), *((3, one) for one in nodes))))))
    else:
        graph = message(*((1, one) for one in nodes))
    return message((1, 1), (2, message((1, b""), (2, graph))))


@pytest.mark.parametrize("in_function", [False, True])
def test_a_saved_model_is_judged_by_its_operations(in_function: bool) -> None:
    assert verdict("saved_model.pb", saved_model("MatMul", "SaveV2", in_function=in_function)) is Verdict.CLEAN
    for operation in ("PyFunc", "PyFuncStateless", "EagerPyFunc", "ReadFile", "WriteFile"):
        found = scanned("saved_model.pb", saved_model("MatMul", operation, in_function=in_function))
        assert (found.verdict, found.reasons[0].where) == (Verdict.UNSAFE, operation)
    assert verdict("saved_model.pb", saved_model("PrintV2", in_function=in_function)) is Verdict.REVIEW


def test_a_graph_alone_is_not_taken_for_a_model_by_what_is_beside_its_nodes() -> None:
    """Its functions are where a SavedModel has its graphs, and unknown fields could be those of ONNX."""
    write = (1, message((1, "n"), (2, "WriteFile")))
    for beside in ((), ((2, message((2, message((1, "f"), (2, "g"))))),), (IR_VERSION, (7, message((2, "g"))))):
        assert verdict("frozen.pb", message(write, *beside)) is Verdict.UNSCANNED
        assert verdict("saved_model.pb", message(write, *beside)) is Verdict.REVIEW


def test_layers_with_code_are_found_beside_a_saved_model() -> None:
    metadata = message((1, message((2, "root"), (5, '{"class_name": "Lambda", "config": {}}'))))
    assert verdict("keras_metadata.pb", metadata) is Verdict.UNSAFE


@given(at=st.integers(0, 1000), byte=st.integers(0, 255), name=st.sampled_from(["model.onnx", "saved_model.pb"]))
def test_a_changed_byte_never_raises(at: int, byte: int, name: str) -> None:
    content = bytearray(onnx((1, node("MatMul")), (5, external("data"))) if "onnx" in name else saved_model("PyFunc"))
    content[at % len(content)] = byte
    scanned(name, bytes(content))
