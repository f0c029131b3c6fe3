"""Files that a scan must never call clean, each named after the advisory or the trick that it is made after.

They are assembled here, and never loaded. Only the standard library is used, since the oracles read them as well.
"""

import base64
import bz2
import gzip
import lzma
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.domain.scanning.pickles.assembler import Assembly, array_file, array_of_joblib, dtype

PLAIN: Final = "pickle"
ARRAY: Final = "npy"
COMPRESSED: Final = "compressed"


@dataclass(frozen=True)
class Hostile:
    """``unsafe`` says that the scan must even say UNSAFE. ``kind`` says how the file is read."""

    name: str
    content: bytes
    unsafe: bool = True
    kind: str = PLAIN

    def __str__(self) -> str:
        return self.name


COMMAND: Final = "true"


def runs(module: str, name: str, *arguments: str) -> bytes:
    return Assembly().runs(module, name, *arguments or (COMMAND,)).stop()


SYSTEM: Final = runs("os", "system")


def _at_protocol_0() -> bytes:
    return b"cos\nsystem\n(S'true'\ntR."


def _with_memo_after_pop() -> bytes:
    """The names are not on top of each other in the text: a value between them is popped, and one is remembered."""
    assembly = Assembly().short_text("os").integer(1).pop().memoize().short_text("system").memoize()
    return assembly.imports_from_stack().text(COMMAND).single().call().stop()


def _with_names_from_memo() -> bytes:
    assembly = Assembly().short_text("system").memoize().pop().short_text("os").memoize().pop()
    return assembly.recall(1).recall(0).imports_from_stack().text(COMMAND).single().call().stop()


def _with_a_memo_that_is_overwritten() -> bytes:
    assembly = Assembly().short_text("collections").remember(0).pop().short_text("os").remember(0).pop()
    return assembly.recall(0).short_text("system").imports_from_stack().text(COMMAND).single().call().stop()


def _with_duplicated_names() -> bytes:
    """DUP: a module that is called like its function."""
    return Assembly().short_text("pty").raw(b"2").imports_from_stack().stop()


def _with_computed_names() -> bytes:
    """The name is the result of a call, so only loading tells it."""
    assembly = Assembly().text("os").imports("builtins", "str").text("system").single().call()
    return assembly.imports_from_stack().text(COMMAND).single().call().stop()


def _joblib_that_others_read_differently() -> bytes:
    """An array of objects whose pickle recalls a number. joblib has one name under it, pickle.load another."""
    outer = Assembly().short_text("os").memoize().pop().short_text("system").memoize().pop()
    array_of_joblib(outer, "O8", (1,), flags=63)
    inner = Assembly().short_text("collections").memoize().pop().short_text("OrderedDict").memoize().pop()
    inner.recall(0).recall(1).imports_from_stack().empty_tuple().call()
    return outer.raw(inner.stop()).stop()


def _joblib_that_skips_more(kind: Assembly, skipped: int, taken: bytes) -> bytes:
    """joblib skips so many bytes. Where less of them is ``taken`` for the array, opcodes follow that hide others."""
    assembly = Assembly().imports("joblib.numpy_pickle", "NumpyArrayWrapper").empty_tuple().create()
    assembly.empty_dictionary().mark().text("dtype").raw(kind.stop()[:-1]).text("shape").integer(1).single()
    assembly.text("numpy_array_alignment_bytes").integer(16).set_items().build()
    padding = bytes(skipped - len(taken) - len(b"0B----"))
    hidden = padding + SYSTEM[2:]
    return assembly.raw(taken + b"0B" + struct.pack("<I", len(hidden)) + hidden + b"0N.").stop()


def _joblib_with_a_type_by(code: str) -> bytes:
    """What looks like objects here, and so like a pickle, is numbers for joblib. The first byte is for padding."""
    kind = Assembly(None).imports("numpy", "dtype").text(code).raw(b"\x89\x88\x87").call()
    return _joblib_that_skips_more(kind, 1 + ord("N") + 8, b"N.")


def _joblib_with_a_text_of_two_sizes() -> bytes:
    return _joblib_that_skips_more(dtype(Assembly(None), "S5", size=50), 1 + 50, bytes(1 + 5))


def _joblib_inside_a_frame() -> bytes:
    """joblib reads the frame to its end before the array, so that the array's bytes are opcodes."""
    assembly = array_of_joblib(Assembly(), "u1", (40,))
    framed = assembly.stop()[2:-1] + bytes(41)
    return b"\x80\x04\x95" + struct.pack("<Q", len(framed)) + framed + b"."


def _joblib_with_opcodes_as_padding() -> bytes:
    """The byte that says how long the padding is, is an opcode as well."""
    opcodes = SYSTEM[2:]
    return array_of_joblib(Assembly(), "u1", (1,)).raw(opcodes.ljust(ord("c") + 2, b"\x00")).stop()


def _frame_over_the_stop() -> bytes:
    hidden = b"N." + SYSTEM[2:]
    return b"\x80\x04\x95" + struct.pack("<Q", len(hidden)) + hidden


def _opcode_across_the_end_of_a_frame() -> bytes:
    """CPython's unpickler in C drops what it has of the line, and imports ``time`` instead of ``datetime``."""
    framed = b"cdate"
    return b"\x80\x04\x95" + struct.pack("<Q", len(framed)) + framed + b"time\ntimedelta\n."


def _long_line_behind_a_frame() -> bytes:
    """A frame that ends with the opcode of a line. What would be read as opcodes of the rest of the line hides more."""
    hidden = b"\n0" + SYSTEM[2:]
    line = b"a" * 65_536 + b"0N.B" + struct.pack("<I", len(hidden))
    return b"\x80\x04\x95" + struct.pack("<Q", 1) + b"V" + line + hidden + b"0N."


def _long_content_across_the_end_of_a_frame() -> bytes:
    """CPython's unpickler in C pays no attention to where a frame ends."""
    hidden = b"0" + SYSTEM[2:]
    rest = b"0N.B" + struct.pack("<I", len(hidden))
    content = b"B" + struct.pack("<I", 65_536 + len(rest)) + b"a" * 65_536
    return b"\x80\x04\x95" + struct.pack("<Q", len(content)) + content + rest + hidden + b"0N."


def _states_that_are_no_plain_dictionaries() -> Iterator[Hostile]:
    """Unpicklers take a subclass of a dictionary, and layers of PyTorch take pairs."""
    bag, layer = ("argparse", "Namespace"), ("torch.nn.modules.linear", "Identity")
    name = "__array_interface__"

    def made() -> Assembly:
        return Assembly(None).imports("collections", "OrderedDict").empty_tuple().call().text(name).none().set_item()

    states = {
        "state-in-an-ordered-dictionary": (bag, made()),
        "slots-in-an-ordered-dictionary": (bag, Assembly(None).none().raw(made().stop()[:-1]).pair()),
        "state-in-a-list-of-pairs": (layer, Assembly(None).empty_list().text(name).none().pair().append()),
        "state-in-a-made-tuple": (bag, Assembly(None).imports("builtins", "tuple").empty_list().single().call()),
        "buffers-with-names-of-numpy": (
            layer,
            Assembly(None)
            .empty_dictionary()
            .text("_buffers")
            .empty_dictionary()
            .text(name)
            .none()
            .set_item()
            .set_item(),
        ),
        "buffers-in-an-ordered-dictionary": (
            layer,
            Assembly(None).empty_dictionary().text("_buffers").raw(made().stop()[:-1]).set_item(),
        ),
        "state-of-very-many-parts": (bag, Assembly(None).mark().raw(b"N" * 100).tuple()),
    }
    for title, (kind, state) in states.items():
        opcodes = state.stop()[:-1]
        yield Hostile(title, Assembly().imports(*kind).empty_tuple().create().raw(opcodes).build().stop(), unsafe=False)
    bunch = Assembly().imports("sklearn.utils", "Bunch").empty_tuple().create().text(name).none().set_item().stop()
    yield Hostile("entry-that-is-an-attribute", bunch, unsafe=False)
    old = Assembly(2).imports("copy_reg", "_reconstructor").imports("sklearn.utils", "Bunch")
    old.imports("__builtin__", "dict").empty_dictionary().text(name).none().set_item().triple().call()
    yield Hostile("entry-that-is-an-attribute-in-old-protocols", old.stop(), unsafe=False)


def _fields_that_change_later() -> bytes:
    """NumPy keeps the dictionary of fields: numbers become references to objects when it is changed."""
    assembly = Assembly().imports("numpy", "dtype").mark().text("V8").raw(b"\x89\x88").tuple().call()
    assembly.mark().integer(3).text("|").none().text("a").single()
    dtype(assembly.empty_dictionary().remember(9).text("a"), "f8").integer(0).pair().set_item()
    assembly.integer(8).integer(1).integer(16).tuple().build()
    dtype(assembly.recall(9).text("a"), "O8", flags=63).integer(0).pair().set_item()
    return assembly.pop().stop()


def _buffers_that_change_later() -> bytes:
    """As above, with the dictionary in which a layer looks for attributes, behind more entries than are kept."""
    assembly = Assembly().imports("torch.nn.modules.linear", "Identity").empty_tuple().create().empty_dictionary()
    for number in range(100):
        assembly.text(f"a{number}").none().set_item()
    assembly.text("_buffers").empty_dictionary().remember(9).set_item().build()
    return assembly.recall(9).text("__array_interface__").none().set_item().pop().stop()


def _state_of_a_class() -> bytes:
    """BUILD of a class sets the attribute for everybody."""
    assembly = Assembly().imports("collections", "OrderedDict").none().empty_dictionary()
    return assembly.text("keys").imports("builtins", "dict").set_item().pair().build().stop()


def _state_twice() -> bytes:
    """The first state puts a function in the place of __setstate__, the second one calls it."""
    assembly = Assembly().imports("argparse", "Namespace").empty_tuple().create()
    assembly.empty_dictionary().text("__setstate__").imports("builtins", "bytearray").set_item().build()
    return assembly.integer(1).build().stop()


def _rebuilt_by_torch() -> bytes:
    """CVE-2026-24747: an entry of something that is no dictionary."""
    assembly = Assembly(2).imports("torch._utils", "_rebuild_tensor_v2").mark()
    assembly.mark().text("storage").imports("torch", "FloatStorage").text("0").text("cpu").integer(4).tuple().raw(b"Q")
    assembly.integer(0).integer(4).single().integer(1).single().raw(b"\x89")
    assembly.imports("collections", "OrderedDict").empty_tuple().call().tuple().call()
    return assembly.integer(0).integer(1).set_item().stop()


def _hidden_objects() -> bytes:
    """A type of numbers whose flags say that they are references: an array of it takes numbers for addresses."""
    return dtype(Assembly(), "i8", flags=63).stop()


def _objects_without_references() -> bytes:
    return dtype(Assembly(), "O8", flags=0).stop()


_PARTIAL = (
    Assembly()
    .imports("functools", "partial")
    .imports("builtins", "print")
    .text("x")
    .pair()
    .call()
    .empty_tuple()
    .call()
    .stop()
)

HOSTILE: Final = (
    # What is run, by advisory.
    Hostile("os-system", SYSTEM),
    Hostile("posix-system", runs("posix", "system")),
    Hostile("nt-system", runs("nt", "system")),
    Hostile("subprocess-popen", runs("subprocess", "Popen")),
    Hostile("builtins-eval", runs("builtins", "eval", "1")),
    Hostile("builtins-exec-of-python-2", b"c__builtin__\nexecfile\n(S'x'\ntR."),
    Hostile("commands-of-python-2", b"ccommands\ngetoutput\n(S'true'\ntR."),
    Hostile("urlopen-of-python-2", b"curllib\nurlopen\n(S'http://localhost'\ntR."),
    Hostile("CVE-2025-1716-pip-main", runs("pip", "main", "install")),
    Hostile("CVE-2025-10157-submodule-of-asyncio", runs("asyncio.unix_events", "_UnixSubprocessTransport._start")),
    Hostile("CVE-2026-56315-uuid", runs("uuid", "_get_command_stdout")),
    Hostile("CVE-2026-56315-imaplib", runs("imaplib", "IMAP4_stream")),
    Hostile("CVE-2026-56315-pyrepl", runs("_pyrepl.pager", "pipe_pager")),
    Hostile("CVE-2026-56315-osx-support", runs("_osx_support", "_read_output")),
    Hostile("CVE-2026-56315-aix-support", runs("_aix_support", "_read_cmd_output")),
    Hostile("CVE-2024-5480-torch-rpc", runs("torch.distributed.rpc.internal", "_run_function")),
    Hostile("CVE-2024-48063-torch-remote-module", runs("torch.distributed.rpc", "remote"), unsafe=True),
    Hostile("CVE-2022-45907-torch-jit", runs("torch.jit.annotations", "parse_type_line")),
    Hostile("CVE-2025-32434-torch-load", runs("torch", "load", "x.tar")),
    Hostile("numpy-runstring", runs("numpy.testing._private.utils", "runstring", "1", "{}")),
    Hostile("numpy-f2py", runs("numpy.f2py.crackfortran", "getlincoef", "1", "{}")),
    Hostile("numpy-ufunc-by-name", runs("numpy._core", "_ufunc_reconstruct", "os", "system")),
    Hostile("torch-hub", runs("torch.hub", "load", "user/repository")),
    Hostile("torch-bytes", runs("torch.storage", "_load_from_bytes"), unsafe=False),
    Hostile("pickle-in-pickle", runs("pickle", "loads")),
    Hostile("pickle-of-C", runs("_pickle", "loads")),
    Hostile("marshal", runs("marshal", "loads")),
    Hostile("code-object", runs("types", "CodeType")),
    Hostile("runpy", runs("runpy", "run_path")),
    Hostile("importlib", runs("importlib", "import_module", "antigravity")),
    Hostile("ctypes", runs("ctypes", "CDLL", "libc.so.6")),
    Hostile("shutil", runs("shutil", "rmtree", "/nowhere")),
    Hostile("socket", runs("socket", "create_connection")),
    Hostile("webbrowser", runs("webbrowser", "open")),
    Hostile("multiprocessing", runs("multiprocessing.util", "spawnv_passfds")),
    Hostile("profile", runs("cProfile", "run", "1")),
    Hostile("pdb", runs("pdb", "run", "1")),
    Hostile("bdb", runs("bdb", "Bdb.run")),
    Hostile("timeit", runs("timeit", "timeit", "1")),
    Hostile("code-interpreter", runs("code", "InteractiveInterpreter.runcode")),
    Hostile("idlelib", runs("idlelib.pyshell", "ModifiedInterpreter.runcode")),
    Hostile("lib2to3", runs("lib2to3.pgen2.pgen", "ParserGenerator.make_label")),
    Hostile("pydoc", runs("pydoc", "pipepager")),
    Hostile("logging-config", runs("logging.config", "listen")),
    Hostile("pandas-read-pickle", runs("pandas", "read_pickle", "x.pkl")),
    Hostile("joblib-load", runs("joblib", "load", "x.joblib")),
    # How it is written.
    Hostile("protocol-0", _at_protocol_0()),
    Hostile("STRING-with-escapes", b"\x80\x04S'\\x6fs'\nS'sys\\164em'\n\x93(S'true'\ntR."),
    Hostile("UNICODE-with-escapes", b"\x80\x04V\\u006fs\nVsyst\\u0065m\n\x93(Vtrue\ntR."),
    Hostile("bytes-of-Python-2-as-names", b"\x80\x04U\x02osU\x06system\x93(U\x04truetR."),
    Hostile("INST", Assembly(None).mark().text(COMMAND).instance("os", "system").stop()),
    Hostile("OBJ", Assembly(None).mark().imports("os", "system").text(COMMAND).raw(b"o").stop()),
    Hostile("NEWOBJ", Assembly().imports("subprocess", "Popen").text(COMMAND).single().create().stop()),
    Hostile(
        "NEWOBJ_EX",
        Assembly().imports("subprocess", "Popen").empty_tuple().empty_dictionary().raw(b"\x92").stop(),
    ),
    Hostile("picklescan-memo-after-pop", _with_memo_after_pop()),
    Hostile("names-from-memo", _with_names_from_memo()),
    Hostile("memo-overwritten", _with_a_memo_that_is_overwritten()),
    Hostile("duplicated-name", _with_duplicated_names()),
    Hostile("dotted-name-through-an-allowed-module", runs("numpy", "os.system")),
    Hostile("dotted-name-through-a-class", runs("collections", "OrderedDict.__init__.__globals__"), unsafe=True),
    Hostile("GLOBAL-with-carriage-returns", b"\x80\x04cos\r\nsystem\r\n(X\x04\x00\x00\x00truetR."),
    Hostile("GLOBAL-with-spaces", runs(" os ", " system ")),
    Hostile("imports-without-calls", Assembly().imports("os", "system").stop()),
    Hostile("popped-result", Assembly().runs("os", "system", COMMAND).pop().none().stop()),
    Hostile("CVE-nullifAI-broken-after-the-payload", SYSTEM[:-1] + b"\xff\xff"),
    Hostile("truncated-after-the-payload", SYSTEM[:-1]),
    Hostile("second-pickle", Assembly().none().stop() + SYSTEM),
    Hostile("behind-a-long-text", Assembly().text("x" * 100_000).pop().runs("os", "system", COMMAND).stop()),
    Hostile("names-that-are-computed", _with_computed_names(), unsafe=False),
    Hostile("frame-over-the-stop", _frame_over_the_stop()),
    Hostile("two-pickles-in-a-frame", b"\x80\x04\x95" + struct.pack("<Q", 4) + b"N.N.", unsafe=False),
    Hostile("frame-longer-than-the-file", b"\x80\x04\x95" + struct.pack("<Q", 9_999) + SYSTEM[2:]),
    Hostile("opcode-across-the-end-of-a-frame", _opcode_across_the_end_of_a_frame(), unsafe=False),
    Hostile("long-line-behind-a-frame", _long_line_behind_a_frame()),
    Hostile("long-content-across-the-end-of-a-frame", _long_content_across_the_end_of_a_frame(), unsafe=False),
    Hostile(
        "frame-inside-of-a-frame",
        b"\x80\x04\x95" + struct.pack("<Q", 12) + b"\x95" + struct.pack("<Q", 1) + b"N0N.",
        unsafe=False,
    ),
    # Ways to call that need no denied name.
    Hostile("getattr", runs("builtins", "getattr", "x", "y"), unsafe=False),
    Hostile("partial", _PARTIAL, unsafe=False),
    Hostile("attrgetter", runs("operator", "attrgetter", "x"), unsafe=False),
    Hostile(
        "type",
        Assembly().imports("builtins", "type").text("x").empty_tuple().empty_dictionary().triple().call().stop(),
        unsafe=False,
    ),
    Hostile("encode-by-another-codec", runs("_codecs", "encode", "x", "rot13"), unsafe=False),
    Hostile(
        "reconstructor-with-another-base",
        Assembly()
        .imports("copyreg", "_reconstructor")
        .imports("builtins", "object")
        .imports("xgboost.core", "Booster")
        .text("http://localhost/model")
        .triple()
        .call()
        .stop(),
        unsafe=False,
    ),
    Hostile("booster-from-a-path", runs("xgboost.core", "Booster", "/etc/passwd"), unsafe=False),
    Hostile(
        "function-as-an-argument",
        Assembly().imports("collections", "defaultdict").imports("xgboost.core", "Booster").single().call().stop(),
        unsafe=False,
    ),
    Hostile(
        "bit-generator-of-another-class",
        Assembly()
        .imports("numpy.random._pickle", "__bit_generator_ctor")
        .imports("lightgbm.basic", "Booster")
        .single()
        .call()
        .stop(),
        unsafe=False,
    ),
    Hostile(
        "call-of-an-instance",
        Assembly().imports("argparse", "Namespace").empty_tuple().create().empty_tuple().call().stop(),
        unsafe=False,
    ),
    Hostile("state-of-a-class", _state_of_a_class(), unsafe=False),
    Hostile("second-state", _state_twice(), unsafe=False),
    *_states_that_are_no_plain_dictionaries(),
    Hostile("fields-that-change-later", _fields_that_change_later(), unsafe=False),
    Hostile("buffers-that-change-later", _buffers_that_change_later(), unsafe=False),
    Hostile("CVE-2026-24747-entry-of-a-tensor", _rebuilt_by_torch(), unsafe=False),
    Hostile(
        "append-to-an-instance",
        Assembly().imports("argparse", "Namespace").empty_tuple().create().none().append().stop(),
        unsafe=False,
    ),
    Hostile("EXT1", Assembly().raw(b"\x82\x01").stop(), unsafe=False),
    Hostile("EXT4", Assembly().raw(b"\x84\x01\x00\x00\x00").stop(), unsafe=False),
    Hostile("persistent-id", Assembly(0).raw(b"Pobject\n").stop(), unsafe=False),
    Hostile(
        "persistent-id-that-is-no-storage", Assembly().text("module").text("x").pair().raw(b"Q").stop(), unsafe=False
    ),
    Hostile(
        "persistent-id-of-another-type",
        Assembly()
        .mark()
        .text("storage")
        .imports("builtins", "int")
        .text("0")
        .text("cpu")
        .integer(1)
        .tuple()
        .raw(b"Q")
        .stop(),
        unsafe=False,
    ),
    Hostile("buffer", Assembly(5).raw(b"\x97").stop(), unsafe=False),
    Hostile("hidden-objects", _hidden_objects(), unsafe=False),
    Hostile("objects-without-references", _objects_without_references(), unsafe=False),
    Hostile(
        "state-of-a-type-of-numpy-itself",
        Assembly()
        .imports("numpy", "dtype")
        .text("f8")
        .single()
        .call()
        .mark()
        .integer(3)
        .text(">")
        .none()
        .none()
        .none()
        .integer(-1)
        .integer(-1)
        .integer(0)
        .tuple()
        .build()
        .stop(),
        unsafe=False,
    ),
    Hostile("large-memo", Assembly().none().remember(2**32 - 1).stop(), unsafe=False),
    Hostile("protocol-9", b"\x80\x09N.", unsafe=False),
    Hostile("trailing-bytes", Assembly().none().stop() + b"\x00\x01", unsafe=False),
    Hostile("empty", b"", unsafe=False),
    # joblib.
    Hostile("joblib-with-objects", array_of_joblib(Assembly(), "O8", (1,), flags=63).raw(SYSTEM).stop()),
    Hostile("joblib-that-others-read-differently", _joblib_that_others_read_differently()),
    Hostile("joblib-with-a-type-by-its-name", _joblib_with_a_type_by("float64"), unsafe=False),
    Hostile("joblib-with-a-structure-without-a-state", _joblib_with_a_type_by("V8"), unsafe=False),
    Hostile("joblib-with-a-text-of-two-sizes", _joblib_with_a_text_of_two_sizes(), unsafe=False),
    Hostile("joblib-inside-a-frame", _joblib_inside_a_frame(), unsafe=False),
    Hostile("joblib-with-opcodes-as-padding", _joblib_with_opcodes_as_padding(), unsafe=False),
    Hostile(
        "joblib-before-alignment",
        array_of_joblib(Assembly(), "u1", (len(SYSTEM),), alignment=False).raw(SYSTEM).stop(),
        unsafe=False,
    ),
    Hostile(
        "joblib-after-an-array",
        array_of_joblib(Assembly(), "u1", (3,)).raw(b"\x00abc").runs("os", "system", COMMAND).stop(),
    ),
    Hostile("joblib-of-old-with-files", runs("joblib.numpy_pickle", "NDArrayWrapper", "../x"), unsafe=False),
    # Compressed files, and one that breaks off after its payload.
    Hostile("zlib", zlib.compress(SYSTEM), kind=COMPRESSED),
    Hostile("gzip", gzip.compress(SYSTEM, mtime=0), kind=COMPRESSED),
    Hostile("bzip2", bz2.compress(SYSTEM), kind=COMPRESSED),
    Hostile("xz", lzma.compress(SYSTEM), kind=COMPRESSED),
    Hostile("lzma", lzma.compress(SYSTEM, lzma.FORMAT_ALONE), kind=COMPRESSED),
    Hostile("gzip-broken", gzip.compress(SYSTEM, mtime=0)[:-4] + b"1234", kind=COMPRESSED),
    Hostile(
        "gzip-in-two-parts", gzip.compress(SYSTEM[:9], mtime=0) + gzip.compress(SYSTEM[9:], mtime=0), kind=COMPRESSED
    ),
    Hostile("gzip-bomb", gzip.compress(bytes(40_000_000), mtime=0), unsafe=False, kind=COMPRESSED),
    # Array files.
    Hostile(
        "CVE-2019-6446-array-of-objects",
        array_file("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", SYSTEM),
        kind=ARRAY,
    ),
    Hostile(
        "array-of-fields-with-objects",
        array_file("{'descr': [('a', '<f4'), ('b', [('c', '|O')])], 'fortran_order': False, 'shape': (1,), }", SYSTEM),
        kind=ARRAY,
    ),
    Hostile(
        "array-with-code-in-its-header", array_file("{'descr': exit(), 'shape': (1,)}", b""), unsafe=False, kind=ARRAY
    ),
    Hostile("array-with-a-deep-header", array_file("(" * 9_000, b""), unsafe=False, kind=ARRAY),
)

# Pickles that carry another as data: nothing of it is loaded, so they are clean, with a note.
CARRIED: Final = (
    Assembly().content(SYSTEM).stop(),
    Assembly().text(base64.b64encode(SYSTEM).decode()).stop(),
    Assembly().text(SYSTEM.hex()).stop(),
)
