"""Keras: a model is a configuration that names classes, and loading it makes objects of them.

CVE-2024-3660, CVE-2025-1550, CVE-2025-8747, CVE-2025-9905, CVE-2025-9906 and CVE-2025-49655 ran code through classes
and functions that a configuration named. So modules are allowed by their exact names, and in them only classes.
How objects are written: https://github.com/keras-team/keras/blob/master/keras/src/saving/serialization_lib.py.
"""

import builtins
import re
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.domain.scanning.detection import hdf5_start
from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.formats.json_text import parse_json
from chalicelib.domain.scanning.pickles.denied import is_denied
from chalicelib.domain.scanning.reasons import note, review, shown, unsafe
from chalicelib.domain.scanning.source import Source, TooMuchReadError

FORMAT: Final = "keras"
# Bytes of a configuration.
MAX_CONFIGURATION: Final = 16 * 1024 * 1024
# Bytes of an HDF5 file in which its configuration is looked for.
_SEARCHED: Final = 16 * 1024 * 1024
_MODULES: Final = frozenset(
    {
        "keras",
        "keras.activations",
        "keras.constraints",
        "keras.dtype_policies",
        "keras.initializers",
        "keras.layers",
        "keras.losses",
        "keras.metrics",
        "keras.models",
        "keras.optimizers",
        "keras.optimizers.schedules",
        "keras.quantizers",
        "keras.random",
        "keras.regularizers",
        "keras.src.models.functional",
        "keras.src.models.sequential",
        "keras.src.ops.numpy",
        "keras.src.ops.nn",
        "keras.src.ops.core",
    }
)
# Modules whose functions calculate, and nothing else. Others have ``load_model``.
_FUNCTION_MODULES: Final = frozenset(
    {
        "builtins",
        "keras.activations",
        "keras.constraints",
        "keras.initializers",
        "keras.losses",
        "keras.metrics",
        "keras.regularizers",
        "keras.src.ops.nn",
        "keras.src.ops.numpy",
    }
)
# Functions of these modules that make objects of what they are given.
_MAKING: Final = frozenset({"deserialize", "get"})
# Keras names the optimizer of its backend, not its own.
_TORCH_OPTIMIZERS: Final = frozenset(
    f"keras.src.backend.torch.optimizers.torch_{name}"
    for name in ("adadelta", "adagrad", "adam", "adamax", "adamw", "lion", "nadam", "rmsprop", "sgd")
)
# They hold Python's byte code, or a pickle.
_CODE: Final = frozenset({"Lambda", "__lambda__", "TorchModuleWrapper"})
# They load another model from a path, or call functions of other libraries.
_NOTABLE: Final = frozenset({"TFSMLayer", "JaxLayer", "FlaxLayer"})
# How values that JSON lacks are written.
_VALUES: Final = frozenset(
    {"__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__tuple__", "__complex__", "__slice__"}
    | {"__keras_tensor__", "__class__"}
)
_TYPE_SPECIFICATION: Final = "__typespec__"
# Where TensorFlow's specification of tensors is. Keras imports the module that is named beside it.
_SPECIFICATIONS: Final = frozenset({"tensorflow.python.framework.tensor", "tensorflow.python.framework.tensor_spec"})
_BUILTINS: Final = frozenset({"bool", "dict", "float", "int", "list", "slice", "str", "tuple"})
_CLASS: Final = re.compile(r"^[A-Z][A-Za-z0-9_]*$")
_FUNCTION: Final = re.compile(r"^[a-z][a-z0-9_]*$")
# A letter by its code, behind no backslash that is itself meant. No writer of JSON spells letters so.
_SPELT: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u00(?:4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aA])")
_CODE_IN_TEXT: Final = re.compile(rb'"class_name"\s*:\s*"(Lambda|__lambda__|TorchModuleWrapper)"')


def scan_keras_configuration(source: Source) -> FileScan:
    """The ``config.json`` of a ``.keras`` archive. Raises MalformedError, TooMuchReadError."""
    if source.size > MAX_CONFIGURATION:
        raise TooMuchReadError
    objects = list(_objects(parse_json(source.read(0, source.size))))
    reasons = dict.fromkeys(reason for one in objects for reason in _judged(one))
    imports = {shown(f"{one['module']}.{one['class_name']}") for one in objects if isinstance(one.get("module"), str)}
    return FileScan(FORMAT, tuple(reasons), tuple(sorted(imports)))


def scan_hdf5(source: Source) -> FileScan:
    """A file of HDF5 on its own. It is not read in full, so it is never clean."""
    text = "HDF5 may hold a Keras model, which old versions load with the code in it. Save it as .keras, or as weights."
    return FileScan("hdf5", (review("hdf5", text), *_searched(source)))


def scan_keras_weights(source: Source) -> FileScan:
    """The weights in a ``.keras`` archive, which Keras reads as numbers only."""
    return FileScan("hdf5", (note("keras_weights", "The weights are not read."), *_searched(source)))


def code_in(content: bytes) -> Iterator[Reason]:
    """Layers with code, found in text that is part of something else."""
    for name in sorted(set(_CODE_IN_TEXT.findall(content))):
        yield _with_code(name.decode())
    if b"\\u00" in content and _SPELT.search(content):
        yield review("keras_escape", "Letters are spelt by their codes, as if to hide the name of a layer.")


def _searched(source: Source) -> Iterator[Reason]:
    return code_in(source.read(hdf5_start(source) or 0, _SEARCHED))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a configuration that names a class."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "class_name" in one:
                yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _judged(named: dict[str, Any]) -> Iterator[Reason]:
    name, module = named["class_name"], named.get("module")
    if not isinstance(name, str) or not isinstance(module, str | None):
        yield review("keras_class", "A class is named by something that is no text.")
        return
    label = shown(name if module is None else f"{module}.{name}")
    if name in _CODE:
        yield _with_code(name)
    elif name in _NOTABLE:
        yield review("keras_class", "A layer loads or calls something that is not in the model.", label)
    elif name == "function":
        yield from _function(module, named.get("config"))
    elif not _allowed(module, name):
        yield review("keras_class", "It makes an object of a class that is not allowed.", label)
    registered = named.get("registered_name")
    if registered not in (None, name):
        yield review("keras_class", "It needs a class that somebody registered with Keras.", shown(str(registered)))
    yield from _paths(named)


def _function(module: str | None, name: Any) -> Iterator[Reason]:
    """A function, which layers call: CVE-2025-1550.

    Keras says ``builtins`` for its own. Before 3.9 it looks in the module of that name, too, where ``exec`` is.
    """
    label = shown(f"{module or 'builtins'}.{name}")
    if isinstance(name, str) and is_denied(module or "builtins", name):
        yield unsafe("denied_import", "A layer calls what no model needs.", label)
        return
    known = isinstance(name, str) and _FUNCTION.match(name) and name not in _MAKING and name not in vars(builtins)
    if not known or (module or "builtins") not in _FUNCTION_MODULES:
        yield review("keras_function", "A layer calls a function that is not allowed.", label)


def _allowed(module: str | None, name: str) -> bool:
    if name == _TYPE_SPECIFICATION:
        return module in _SPECIFICATIONS
    if name in _VALUES:
        # They need no module. If one is named, some versions import it.
        return module is None
    if module is None:
        return bool(_CLASS.match(name)) or name in _BUILTINS
    if module == "builtins":
        return name in _BUILTINS
    return module in _MODULES | _TORCH_OPTIMIZERS and bool(_CLASS.match(name))


def _paths(named: dict[str, Any]) -> Iterator[Reason]:
    """Layers of vocabularies read the file that a text in the vocabulary's place names: CVE-2025-12058."""
    configuration = named.get("config")
    if isinstance(configuration, dict) and isinstance(configuration.get("vocabulary"), str):
        yield review("keras_path", "A layer reads a file that its configuration names.", shown(named["class_name"]))


def _with_code(name: str) -> Reason:
    return unsafe("keras_code", "A layer holds code that runs when it is loaded or called.", name)
