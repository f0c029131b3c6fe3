"""A Keras model may make objects of Keras's own classes, and nothing else."""

import json
from typing import Any

import pytest

from chalicelib.domain.scanning.detection import hdf5_start
from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import GIB, MIB, Counted, Sparse, codes, scanned, verdict, zipped

HDF5 = b"\x89HDF\r\n\x1a\n"


def named(module: str | None, name: str, configuration: Any = None, registered: str | None = None) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": configuration or {}, "registered_name": registered}


def keras(*layers: dict[str, Any]) -> bytes:
    model = named("keras", "Sequential", {"layers": list(layers)})
    members = {"metadata.json": b"{}", "config.json": json.dumps(model).encode(), "model.weights.h5": HDF5 + bytes(100)}
    return zipped(members)


def test_layers_of_keras_are_clean() -> None:
    activation = named("builtins", "function", "relu", "function")
    kernel = named("keras.initializers", "GlorotUniform", {"seed": None})
    layer = named("keras.layers", "Dense", {"units": 3, "activation": activation, "kernel_initializer": kernel})
    found = scanned("model.keras", keras(layer, named("keras.src.models.functional", "Functional", {}, "Functional")))
    assert (found.format, found.verdict) == ("keras", Verdict.CLEAN)
    assert "keras.layers.Dense" in found.imports


@pytest.mark.parametrize("name", ["Lambda", "TorchModuleWrapper"])
def test_layers_that_hold_code_are_unsafe(name: str) -> None:
    """CVE-2024-3660 and CVE-2025-49655."""
    found = scanned("model.keras", keras(named("keras.layers", name)))
    assert [(reason.verdict, reason.code) for reason in found.reasons if reason.verdict is not Verdict.CLEAN] == [
        (Verdict.UNSAFE, "keras_code")
    ]


@pytest.mark.parametrize("called", [("builtins", "exec"), ("os", "system"), (None, "eval")])
def test_a_function_that_no_model_needs_is_unsafe(called: tuple[str | None, str]) -> None:
    """CVE-2025-1550: before 3.9, Keras took functions from any module."""
    layer = named("keras.layers", "Dense", {"activation": named(called[0], "function", called[1], "function")})
    assert verdict("model.keras", keras(layer)) is Verdict.UNSAFE


@pytest.mark.parametrize(
    "called",
    [
        ("keras.models", "load_model"),
        ("keras", "config"),
        ("keras.activations", "deserialize"),
        ("builtins", "vars.get"),
        ("builtins", "iter"),
        ("keras.losses", ["mean_squared_error"]),
    ],
)
def test_a_function_that_does_more_than_calculate_is_for_review(called: tuple[str, Any]) -> None:
    layer = named("keras.layers", "Dense", {"activation": named(called[0], "function", called[1], "function")})
    assert "keras_function" in codes("model.keras", keras(layer))


@pytest.mark.parametrize(
    ("value", "module", "expected"),
    [
        ("__tensor__", None, set()),
        ("__tensor__", "my_module", {"keras_class"}),
        ("__class__", "my_module", {"keras_class"}),
        ("__typespec__", "tensorflow.python.framework.tensor", set()),
        ("__typespec__", "my_module", {"keras_class"}),
    ],
)
def test_a_value_that_json_lacks_imports_no_module(value: str, module: str | None, expected: set[str]) -> None:
    """Keras imports the module that is named beside a type specification, or a value that it does not know."""
    layer = named("keras.layers", "Dense", {"value": {**named(module, value), "spec_name": "TensorSpec"}})
    assert codes("model.keras", keras(layer)) - {"keras_weights"} == expected


def test_the_name_of_a_layer_is_not_hidden_by_the_codes_of_its_letters() -> None:
    metadata = b"\x0a\x00" + rb'{"class_name": "L\u0061mbda", "config": {"function": ["4wA="]}}'
    assert "keras_escape" in codes("keras_metadata.pb", metadata)
    assert "keras_escape" in codes("model.json", metadata[2:])
    assert verdict("tokenizer.json", rb'{"pattern": "[\\u0041-\\u005a]", "text": "\u003c\u00e9"}') is Verdict.CLEAN


def test_byte_code_in_the_place_of_a_function_is_unsafe() -> None:
    layer = named("keras.layers", "Dense", {"activation": {"class_name": "__lambda__", "config": {"code": "4wA="}}})
    assert verdict("model.keras", keras(layer)) is Verdict.UNSAFE


@pytest.mark.parametrize(
    "layer",
    [
        named("os", "system"),
        named("keras.utils", "get_file"),
        named("keras.config", "enable_unsafe_deserialization"),
        named("keras.models", "load_model"),
        named("keras.layers.evil", "Dense"),
        named("builtins", "eval"),
        named("keras.layers", "Dense", {}, "mine>Dense"),
        named("keras.layers", "TFSMLayer", {"filepath": "/tmp/model"}),
        named("keras.layers", "StringLookup", {"vocabulary": "/etc/passwd"}),
        {"class_name": ["Dense"], "config": {}},
    ],
)
def test_anything_else_is_for_review(layer: dict[str, Any]) -> None:
    """CVE-2025-1550, CVE-2025-8747, CVE-2025-9906 and CVE-2025-12058 among others."""
    assert verdict("model.keras", keras(layer)) is Verdict.REVIEW


@pytest.mark.parametrize("configuration", [b"", b"[]", b"{", b'{"class_name": "Dense", "class_name": "Lambda"}'])
def test_a_configuration_that_is_none_is_for_review(configuration: bytes) -> None:
    members = {"metadata.json": b"{}", "config.json": configuration, "model.weights.h5": HDF5}
    assert verdict("model.keras", zipped(members)) is Verdict.REVIEW


def test_an_archive_without_a_configuration_is_for_review() -> None:
    assert codes("model.keras", zipped({"metadata.json": b"{}"})) == {"malformed"}


def test_hdf5_is_for_review_and_unsafe_if_a_layer_with_code_is_found_in_it() -> None:
    """CVE-2025-9905: old versions load the code in HDF5 whatever they are told."""
    assert codes("model.h5", HDF5 + bytes(100)) == {"hdf5"}
    configuration = b'{"layers": [{"class_name": "Lambda", "config": {}}]}'
    assert verdict("model.h5", HDF5 + bytes(MIB) + configuration) is Verdict.UNSAFE


@pytest.mark.parametrize("block", [512, 1024, 2048, 4096, 8192, MIB, 64 * MIB])
def test_hdf5_behind_a_block_of_its_user_is_found_where_readers_look_for_it(block: int) -> None:
    made = Sparse()
    made.add_zeros(block)
    made.add(HDF5 + b'{"layers": [{"class_name": "Lambda", "config": {}}]}')
    source = Counted(made)
    found = scan_file("model", source)
    assert (found.format, found.verdict) == ("hdf5", Verdict.UNSAFE)
    assert {reason.code for reason in found.reasons} >= {"hdf5", "keras_code"}


def test_what_looks_like_something_else_before_hdf5_is_two_things_at_once() -> None:
    assert codes("model.gguf", b"GGUF" + bytes(16384 - 4) + HDF5) >= {"polyglot", "hdf5"}


@pytest.mark.parametrize("start", [100, 513, 3 * 512, 4096 + 512, 12288])
def test_no_reader_looks_for_hdf5_elsewhere(start: int) -> None:
    assert hdf5_start(Bytes(bytes(start) + HDF5 + bytes(100))) is None


def test_looking_for_hdf5_takes_a_read_for_each_double_of_a_block() -> None:
    made = Sparse()
    made.add_zeros(4 * GIB)
    source = Counted(made)
    assert hdf5_start(source) is None
    assert (source.reads, source.bytes) == (24, 24 * 8)
